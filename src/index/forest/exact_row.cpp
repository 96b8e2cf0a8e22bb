#include "index/forest/exact_row.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kith::index {

std::size_t row_width(const Grove& grove) noexcept {
    return grove.dim + (grove.metric == Metric::kDot ? 1 : 0);
}

float row_scale(const Grove& grove, std::size_t id) noexcept {
    if (!has_unit_rows(grove.metric)) return 1;
    float squares = grove.kernels->f32.sum_of_squares(grove.vector(id), grove.dim);
    if (grove.metric == Metric::kDot) {
        const auto extra = load<float>(grove.node(id) + grove.layout.term);
        squares += extra * extra;
    }
    return squares > std::numeric_limits<float>::min() && squares <= std::numeric_limits<float>::max()
               ? 1 / std::sqrt(squares)
               : 0.0F;
}

bool is_zero_row(const Grove& grove, std::size_t id) noexcept {
    const float* vector = grove.vector(id);
    const bool zero = std::all_of(vector, vector + grove.dim, [](float x) { return x == 0; });
    return zero && (grove.metric != Metric::kDot || load<float>(grove.node(id) + grove.layout.term) == 0);
}

void exact_row(const Grove& grove, std::size_t id, float scale, float pad, std::span<float> row) noexcept {
    const float* const vector = grove.vector(id);
    for (std::size_t d = 0; d < grove.dim; ++d) row[d] = vector[d] * scale;
    std::size_t filled = grove.dim;
    if (grove.metric == Metric::kDot) row[filled++] = load<float>(grove.node(id) + grove.layout.term) * scale;
    std::fill(row.begin() + static_cast<std::ptrdiff_t>(filled), row.end(), pad);
}

}  // namespace kith::index
