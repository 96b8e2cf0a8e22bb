#include "index/narrow.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include <kith/distance.hpp>

namespace kith::index {
namespace {

constexpr NarrowTypes kUint8 = 1;
constexpr NarrowTypes kInt8 = 2;
constexpr NarrowTypes kFloat16 = 4;

constexpr std::size_t kBlock = 64;

// Not 0 where x is no number of type T.
template <class T>
std::uint32_t differs(float x, float least, float most) noexcept {
    const auto narrow = static_cast<T>(x >= least && x <= most ? x : 0.0F);
    return std::bit_cast<std::uint32_t>(static_cast<float>(narrow)) ^ std::bit_cast<std::uint32_t>(x);
}

// Ten bits after the first; below 2^-14 multiples of 2^-24, which are what a float near 0.5 counts in.
bool is_half(float x) noexcept {
    const std::uint32_t magnitude = std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFF;
    const float size = std::bit_cast<float>(magnitude);
    const bool normal = magnitude >= 0x38800000 && magnitude < 0x47800000 && (magnitude & 0x1FFF) == 0;
    const bool small = magnitude < 0x38800000 && (size + 0.5F) - 0.5F == size;
    return normal || small;
}

NarrowTypes fitting_block(std::span<const float> block, NarrowTypes types) noexcept {
    std::uint32_t not_unsigned = 0;
    std::uint32_t not_signed = 0;
    for (const float x : block) {
        not_unsigned |= differs<std::uint8_t>(x, 0, 255);
        not_signed |= differs<std::int8_t>(x, -128, 127);
    }
    if (not_unsigned != 0) types &= ~kUint8;
    if (not_signed != 0) types &= ~kInt8;
    // Whole numbers of a byte are halves.
    if (not_unsigned != 0 && not_signed != 0 && (types & kFloat16) != 0) {
        bool halves = true;
        for (const float x : block) halves &= is_half(x);
        if (!halves) types &= ~kFloat16;
    }
    return types;
}

template <class T>
void shrink(std::span<const float> elements, std::byte* out) noexcept {
    std::ranges::transform(elements, reinterpret_cast<T*>(out), [](float x) { return static_cast<T>(x); });
}

}  // namespace

NarrowTypes fitting_types(std::span<const float> elements, NarrowTypes types) noexcept {
    for (std::size_t first = 0; first < elements.size() && types != 0; first += kBlock) {
        types = fitting_block(elements.subspan(first, std::min(kBlock, elements.size() - first)), types);
    }
    return types;
}

Scalar narrowest(NarrowTypes types) noexcept {
    if ((types & kUint8) != 0) return Scalar::kUint8;
    if ((types & kInt8) != 0) return Scalar::kInt8;
    return (types & kFloat16) != 0 ? Scalar::kFloat16 : Scalar::kFloat32;
}

void to_narrow(std::span<const float> elements, Scalar scalar, std::byte* out) noexcept {
    switch (scalar) {
        case Scalar::kUint8: return shrink<std::uint8_t>(elements, out);
        case Scalar::kInt8: return shrink<std::int8_t>(elements, out);
        case Scalar::kFloat16: return to_half(elements, {reinterpret_cast<Half*>(out), elements.size()});
        case Scalar::kFloat32:
        case Scalar::kBits: break;
    }
    std::memcpy(out, elements.data(), elements.size_bytes());
}

}  // namespace kith::index
