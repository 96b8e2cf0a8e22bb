// A priority and a node index in one integer, so that one comparison orders both as Annoy's queue does.
#pragma once

#include <bit>
#include <cstdint>

namespace kith::index {

// Ascending with the float, over all its values; both zeros are equal, a NaN is above or below everything.
[[nodiscard]] constexpr std::uint32_t ordered(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
    const std::uint32_t flip = (bits & 0x80000000U) != 0 ? 0xffffffffU : 0x80000000U;
    return bits ^ flip;
}

inline constexpr std::uint32_t kTopPriority = 0xffffffffU;

// Keys compare by priority, then by node.
[[nodiscard]] constexpr std::uint64_t make_key(std::uint32_t priority, std::uint32_t node) noexcept {
    return std::uint64_t{priority} << 32 | node;
}
[[nodiscard]] constexpr std::uint32_t priority_of(std::uint64_t key) noexcept {
    return static_cast<std::uint32_t>(key >> 32);
}
[[nodiscard]] constexpr std::uint32_t node_of(std::uint64_t key) noexcept {
    return static_cast<std::uint32_t>(key);
}

}  // namespace kith::index
