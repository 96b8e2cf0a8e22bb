// When a split is even enough, in Annoy's figures.
#pragma once

#include <algorithm>
#include <cstddef>

namespace kith::index {

inline constexpr int kSplitAttempts = 3;
inline constexpr float kEvenEnough = 0.95F;  // no further attempt
inline constexpr float kHopeless = 0.99F;    // no plane at all

// The larger share of a split, in Annoy's arithmetic.
[[nodiscard]] inline float imbalance(std::size_t left, std::size_t count) noexcept {
    const float share = static_cast<float>(left) / static_cast<float>(count);
    return std::max(share, 1 - share);
}

}  // namespace kith::index
