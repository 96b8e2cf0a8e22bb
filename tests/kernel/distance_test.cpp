#include <kith/distance.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "kernel/oracle.hpp"
#include "kernel/select.hpp"

namespace kith {
namespace {

using Floats = std::vector<float>;

TEST(Distance, EachMetricGivesItsPublicValue) {
    const Floats x = {3, 0, 0};
    const Floats y = {0, 4, 0};
    EXPECT_FLOAT_EQ(distance(Metric::kEuclidean, x, y), 5);
    EXPECT_FLOAT_EQ(distance(Metric::kManhattan, x, y), 7);
    EXPECT_FLOAT_EQ(distance(Metric::kAngular, x, y), std::sqrt(2.0F));
    EXPECT_FLOAT_EQ(distance(Metric::kDot, x, Floats{2, 9, 9}), 6);
    EXPECT_FLOAT_EQ(distance(Metric::kHamming, x, y), 2);
    EXPECT_FLOAT_EQ(distance(Metric::kHamming, Floats{0.5F, 0.6F, -1}, Floats{0, 0, 0}), 1);
    EXPECT_FLOAT_EQ(distance(Metric::kAngular, Floats{0, 0}, Floats{1, 0}), std::sqrt(2.0F));
}

TEST(Distance, EuclideanHoldsWhereTheSquareLeavesTheRangeOfFloat) {
    EXPECT_FLOAT_EQ(distance(Metric::kEuclidean, Floats{3e30F, 0}, Floats{0, 4e30F}), 5e30F);
    EXPECT_FLOAT_EQ(distance(Metric::kEuclidean, Floats{3e-30F, 0}, Floats{0, 4e-30F}), 5e-30F);
    EXPECT_EQ(distance(Metric::kEuclidean, Floats{1, 2}, Floats{1, 2}), 0);
}

TEST(Distance, DifferentLengthsAreRefusedWithBoth) {
    try {
        (void)distance(Metric::kDot, Floats{1, 2}, Floats{1, 2, 3});
        FAIL() << "expected InvalidArgument";
    } catch (const InvalidArgument& error) {
        EXPECT_NE(std::string(error.what()).find("x has 2 elements and y has 3"), std::string::npos);
    }
}

TEST(Distance, ElementsThatAreNotFiniteAreRefusedByName) {
    try {
        (void)distance(Metric::kHamming, Floats{1, 2}, Floats{1, std::numeric_limits<float>::quiet_NaN()});
        FAIL() << "expected InvalidArgument";
    } catch (const InvalidArgument& error) {
        EXPECT_NE(std::string(error.what()).find("y[1] is nan"), std::string::npos) << error.what();
    }
    EXPECT_THROW((void)distance(Metric::kDot, Floats{std::numeric_limits<float>::infinity()}, Floats{1}),
                 InvalidArgument);
}

TEST(Half, EveryValueSurvivesTheWayToFloatAndBack) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const Half half{static_cast<std::uint16_t>(bits)};
        const float x = to_float(half);
        if ((bits & 0x7FFF) > 0x7C00) {
            ASSERT_TRUE(std::isnan(x)) << bits;
            ASSERT_GT(to_half(x).bits & 0x7FFF, 0x7C00) << bits;
            continue;
        }
        if ((bits & 0x7FFF) < 0x7C00) {
            ASSERT_EQ(x, test::half_value(half.bits)) << bits;
        }
        ASSERT_EQ(to_half(x).bits, half.bits) << bits;
    }
    EXPECT_TRUE(std::isinf(to_float(Half{0x7C00})));
}

// Between two neighbours the nearer one is right; half-way, the even one.
TEST(Half, RoundingIsToNearestEven) {
    for (std::uint16_t bits = 0; bits < 0x7BFF; ++bits) {
        const float low = to_float(Half{bits});
        const float high = to_float(Half{static_cast<std::uint16_t>(bits + 1)});
        const float middle = low + (high - low) / 2;
        const auto even = static_cast<std::uint16_t>(bits + (bits & 1));
        ASSERT_EQ(to_half(middle).bits, even) << bits;
        ASSERT_EQ(to_half(std::nextafter(middle, low)).bits, bits);
        ASSERT_EQ(to_half(std::nextafter(middle, high)).bits, bits + 1);
        ASSERT_EQ(to_half(-middle).bits, even | 0x8000) << bits;
    }
    EXPECT_EQ(to_half(65519.0F).bits, 0x7BFF);
    EXPECT_EQ(to_half(65520.0F).bits, 0x7C00);
    EXPECT_EQ(to_half(std::numeric_limits<float>::max()).bits, 0x7C00);
    EXPECT_EQ(to_half(std::numeric_limits<float>::denorm_min()).bits, 0);
}

TEST(Half, SpansAreConvertedElementByElement) {
    const Floats in = {0, 1, -2.5F, 1e-7F};
    std::vector<Half> halves(in.size());
    Floats out(in.size());
    to_half(in, halves);
    to_float(halves, out);
    for (std::size_t i = 0; i < in.size(); ++i) EXPECT_EQ(out[i], to_float(to_half(in[i])));
}

TEST(Bits, PackingAndUnpackingAreReversible) {
    std::mt19937 random(1);
    for (std::size_t dim = 0; dim <= 200; ++dim) {
        Floats x(dim);
        for (float& each : x) each = static_cast<float>(random() & 1);
        std::vector<std::uint64_t> bits((dim + 63) / 64, ~std::uint64_t{0});
        pack_bits(x, bits);
        if (dim % 64 != 0) {
            EXPECT_EQ(bits.back() >> dim % 64, 0u) << dim;
        }
        Floats back(dim);
        unpack_bits(bits, back);
        EXPECT_EQ(back, x);
    }
}

TEST(Bits, TheFirstDimensionIsTheLowestBitAndAHalfIsZero) {
    std::uint64_t bits = 0;
    pack_bits(Floats{1, 0.5F, 0.51F, -3}, {&bits, 1});
    EXPECT_EQ(bits, 0b101u);
}

TEST(Bits, AWrongNumberOfWordsIsRefused) {
    std::uint64_t words[2] = {};
    EXPECT_THROW(pack_bits(Floats(64), words), InvalidArgument);
    Floats out(129);
    EXPECT_THROW(unpack_bits(words, out), InvalidArgument);
}

TEST(Isa, TheActiveSetIsAmongTheAvailableOnes) {
    const std::vector<std::string_view> names = available_isas();
    ASSERT_FALSE(names.empty());
    EXPECT_EQ(names.back(), "baseline");
    EXPECT_NE(std::find(names.begin(), names.end(), isa_name()), names.end());
}

}  // namespace
}  // namespace kith
