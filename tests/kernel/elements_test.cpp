#include "kernel/elements.hpp"

#include <array>
#include <cstdint>
#include <span>

#include <gtest/gtest.h>

#include <kith/distance.hpp>

namespace kith::kernel {
namespace {

template <class T>
std::array<float, 3> widened(const std::array<T, 3>& elements, Scalar scalar) {
    std::array<float, 3> out;
    widen_elements(std::as_bytes(std::span(elements)).data(), scalar, out);
    return out;
}

TEST(Elements, OfEveryTypeBecomeTheSameNumbers) {
    EXPECT_EQ(widened(std::array<std::uint8_t, 3>{0, 127, 255}, Scalar::kUint8),
              (std::array{0.0F, 127.0F, 255.0F}));
    EXPECT_EQ(widened(std::array<std::int8_t, 3>{-128, 0, 127}, Scalar::kInt8),
              (std::array{-128.0F, 0.0F, 127.0F}));
    const std::array numbers{-0.5F, 0.0F, 65504.0F};
    std::array<Half, 3> halves;
    to_half(numbers, halves);
    EXPECT_EQ(widened(halves, Scalar::kFloat16), numbers);
    EXPECT_EQ(widened(numbers, Scalar::kFloat32), numbers);
}

}  // namespace
}  // namespace kith::kernel
