#include "index/narrow.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/elements.hpp"

#include <kith/distance.hpp>

namespace kith::index {
namespace {

Scalar narrowest_of(float x) {
    return narrowest(fitting_types(std::span(&x, 1), kAllNarrowTypes));
}

TEST(Narrow, EveryFiniteHalfIsHeldExactly) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const Half half{static_cast<std::uint16_t>(bits)};
        const float x = to_float(half);
        if (!std::isfinite(x)) continue;
        std::array<std::byte, 2> narrow{};
        const Scalar scalar = narrowest_of(x);
        ASSERT_NE(scalar, Scalar::kFloat32) << x;
        to_narrow(std::span(&x, 1), scalar, narrow.data());
        float back = 0;
        kernel::widen_elements(narrow.data(), scalar, std::span(&back, 1));
        ASSERT_EQ(std::bit_cast<std::uint32_t>(back), std::bit_cast<std::uint32_t>(x)) << x;
    }
}

TEST(Narrow, WhatLiesBetweenTwoHalvesIsNoHalf) {
    for (std::uint32_t bits = 0; bits < 0x7BFF; ++bits) {
        const float x = to_float(Half{static_cast<std::uint16_t>(bits)});
        const float next = to_float(Half{static_cast<std::uint16_t>(bits + 1)});
        for (const float between : {std::nextafter(x, next), x + (next - x) / 2, std::nextafter(next, x)}) {
            ASSERT_EQ(narrowest_of(between), Scalar::kFloat32) << between;
            ASSERT_EQ(narrowest_of(-between), Scalar::kFloat32) << between;
        }
    }
}

TEST(Narrow, AllElementsHaveToFitTheSameType) {
    for (const std::size_t place : {std::size_t{0}, std::size_t{63}, std::size_t{64}, std::size_t{200}}) {
        std::vector<float> elements(201, 7);
        EXPECT_EQ(fitting_types(elements, kAllNarrowTypes), kAllNarrowTypes);
        elements[place] = 200;
        elements[7] = elements[7] == 200 ? 200 : -3;
        EXPECT_EQ(narrowest(fitting_types(elements, kAllNarrowTypes)), Scalar::kFloat16);
        elements[place] = 0.1F;
        EXPECT_EQ(fitting_types(elements, kAllNarrowTypes), 0U);
    }
    EXPECT_EQ(narrowest(0), Scalar::kFloat32);
}

}  // namespace
}  // namespace kith::index
