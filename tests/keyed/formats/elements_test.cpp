#include "keyed/formats/elements.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

namespace kith::keyed {
namespace {

constexpr NumberType kAll[] = {NumberType::kFloat32, NumberType::kFloat64, NumberType::kFloat16, NumberType::kInt8,
                               NumberType::kUint8,   NumberType::kInt16,   NumberType::kInt32};

TEST(Elements, WhatATypeHoldsComesBackInEitherByteOrder) {
    const std::vector<float> numbers = {0, 1, 2, 100, 127, 64};
    for (const NumberType type : kAll) {
        for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
            std::vector<std::byte> bytes(1);  // so that nothing is aligned
            EXPECT_FALSE(encode(type, order, numbers, bytes));
            ASSERT_EQ(bytes.size(), 1 + numbers.size() * size_of(type));
            std::vector<float> back(numbers.size());
            EXPECT_FALSE(decode(type, order, bytes.data() + 1, back));
            EXPECT_EQ(back, numbers) << name(type);
        }
    }
}

TEST(Elements, TheFirstNumberThatDoesNotFitIsNamed) {
    const auto refused = [](NumberType type, std::vector<float> numbers) {
        std::vector<std::byte> bytes;
        return encode(type, ByteOrder::kLittle, numbers, bytes);
    };
    EXPECT_EQ(refused(NumberType::kUint8, {255, -1}), 1U);
    EXPECT_EQ(refused(NumberType::kInt8, {-128, 0, 128}), 2U);
    EXPECT_EQ(refused(NumberType::kInt16, {0.5F}), 0U);
    EXPECT_EQ(refused(NumberType::kInt32, {2147483648.0F}), 0U);
    EXPECT_FALSE(refused(NumberType::kInt32, {-2147483648.0F}));
    EXPECT_EQ(refused(NumberType::kFloat16, {65504, 65519, 65520}), 2U);
    const auto unreadable = [](auto value, NumberType type) {
        float out = 0;
        return decode(type, ByteOrder::kLittle, reinterpret_cast<const std::byte*>(&value), {&out, 1}).has_value();
    };
    EXPECT_TRUE(unreadable(std::int32_t{16'777'217}, NumberType::kInt32)) << "float32 does not hold it";
    EXPECT_FALSE(unreadable(std::int32_t{16'777'216}, NumberType::kInt32));
    EXPECT_TRUE(unreadable(1e39, NumberType::kFloat64));
    EXPECT_TRUE(unreadable(std::numeric_limits<float>::quiet_NaN(), NumberType::kFloat32));
    EXPECT_TRUE(unreadable(std::uint16_t{0x7c00}, NumberType::kFloat16));
}

TEST(Elements, EveryHalfComesBack) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const Half half{static_cast<std::uint16_t>(bits)};
        const float value = to_float(half);
        if (std::isnan(value)) continue;
        EXPECT_EQ(to_half(value).bits, bits);
    }
}

TEST(Elements, HalvesAreTheNearestWithTiesToEven) {
    std::mt19937 random(4);
    for (int i = 0; i < 200'000; ++i) {
        const float value =
            std::ldexp(static_cast<float>(random() % 8'388'608), static_cast<int>(random() % 30) - 38);
        const Half half = to_half(value);
        if (half.bits >= 0x7c00) continue;
        const double error = std::abs(double{to_float(half)} - value);
        const double above = std::abs(double{to_float(Half{static_cast<std::uint16_t>(half.bits + 1)})} - value);
        EXPECT_TRUE(error < above || (error == above && half.bits % 2 == 0)) << value;
        if (half.bits == 0) continue;
        const double below = std::abs(double{to_float(Half{static_cast<std::uint16_t>(half.bits - 1)})} - value);
        EXPECT_TRUE(error < below || (error == below && half.bits % 2 == 0)) << value;
    }
}

}  // namespace
}  // namespace kith::keyed
