// Numbers that are neither NaN nor infinite, at the speed at which they are read.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace kith {

// One look at every number, none of which ends the loop, so that compilers take several at once: the exponent of what is not
// finite is all ones, and one more in its last place overflows into the sign.
[[nodiscard]] inline bool all_finite(std::span<const float> values) noexcept {
    std::uint32_t any = 0;
    for (const float value : values) any |= (std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFFU) + 0x00800000U;
    return any >> 31 == 0;
}

// values.size() when all are finite.
[[nodiscard]] inline std::size_t first_not_finite(std::span<const float> values) noexcept {
    if (all_finite(values)) return values.size();
    const auto found = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
    return static_cast<std::size_t>(found - values.begin());
}

}  // namespace kith
