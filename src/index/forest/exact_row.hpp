// Items as growing sees them: of unit length where only the angle counts.
#pragma once

#include <cstddef>
#include <span>

#include "index/forest/grove.hpp"

namespace kith::index {

// Elements of a row: those of the vector and, for the dot product, the coordinate that makes all lengths equal.
[[nodiscard]] std::size_t row_width(const Grove& grove) noexcept;

[[nodiscard]] constexpr bool has_unit_rows(Metric metric) noexcept {
    return metric == Metric::kAngular || metric == Metric::kDot;
}

// What an item's elements are multiplied with to make its row: 1, or 1 / length. Zero for a row without an angle, and
// where single precision loses the length.
[[nodiscard]] float row_scale(const Grove& grove, std::size_t id) noexcept;

// Whether all elements are zero, as opposed to a length that is lost.
[[nodiscard]] bool is_zero_row(const Grove& grove, std::size_t id) noexcept;

// Writes the row, each element multiplied with `scale`, and fills up the rest of `row` with `pad`.
void exact_row(const Grove& grove, std::size_t id, float scale, float pad, std::span<float> row) noexcept;

}  // namespace kith::index
