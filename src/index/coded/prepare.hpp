// The space in which rows are parted and coded: angular rows have unit length, Hamming's bits are zeros and ones,
// all others are themselves.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "index/row_store.hpp"

namespace kith::index {

inline void prepare(Metric metric, std::span<float> vector) noexcept {
    if (metric == Metric::kHamming) {
        for (float& x : vector) x = x > 0.5F ? 1.0F : 0.0F;
    } else if (metric == Metric::kAngular) {
        // Several sums at a time: none waits for the addition before.
        std::array<double, 4> squares{};
        for (std::size_t i = 0; i < vector.size(); ++i)
            squares[i % 4] += static_cast<double>(vector[i]) * vector[i];
        const double squared = (squares[0] + squares[1]) + (squares[2] + squares[3]);
        const double scale = squared > 0 ? 1 / std::sqrt(squared) : 0;
        for (float& x : vector) x = static_cast<float>(x * scale);
    }
}

// Row i of the store, prepared.
inline void prepare_row(const RowStore& rows, std::size_t i, std::span<float> out) noexcept {
    rows.get(i, out);
    if (rows.metric() == Metric::kAngular) prepare(rows.metric(), out);
}

}  // namespace kith::index
