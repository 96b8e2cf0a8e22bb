// Two centroids that rows pull apart: the inner loop of growing a tree, once for every instruction set.
#pragma once

#include <cstddef>

#include "kernel/floats.hpp"

namespace kith::kernel {

// Decides for kRows unit rows at once, so that they wait for the centroids' sums and lengths together.
template <class L, std::size_t kRows>
void pull_rows(const float* const* rows, std::size_t n, float* first, float* second, float* counts) {
    typename L::Acc to_first[kRows];
    typename L::Acc to_second[kRows];
    typename L::Acc squares[2] = {L::zero(), L::zero()};
    for (std::size_t r = 0; r < kRows; ++r) to_first[r] = to_second[r] = L::zero();
    for (std::size_t i = 0; i < n; i += L::kWidth) {
        const typename L::Vec a = L::load(first + i);
        const typename L::Vec b = L::load(second + i);
        squares[0] = L::mul_add(a, a, squares[0]);
        squares[1] = L::mul_add(b, b, squares[1]);
        for (std::size_t r = 0; r < kRows; ++r) {
            const typename L::Vec x = L::load(rows[r] + i);
            to_first[r] = L::mul_add(x, a, to_first[r]);
            to_second[r] = L::mul_add(x, b, to_second[r]);
        }
    }
    float dots[2][kRows];
    if constexpr (kRows == 4) {
        L::sum4(to_first[0], to_first[1], to_first[2], to_first[3], dots[0]);
        L::sum4(to_second[0], to_second[1], to_second[2], to_second[3], dots[1]);
    } else {
        for (std::size_t r = 0; r < kRows; ++r) {
            dots[0][r] = L::sum(to_first[r]);
            dots[1][r] = L::sum(to_second[r]);
        }
    }
    float inverses[2];
    for (std::size_t c = 0; c < 2; ++c) {
        const float square = L::sum(squares[c]);
        inverses[c] = square > 0 ? 1 / __builtin_sqrtf(square) : 0.0F;
    }
    // The angle counts the more the more rows a centroid has. No branch: half of them would be predicted wrong.
    const float weights[2] = {counts[0], counts[1]};
    typename L::Vec shares[2][kRows];
    for (std::size_t r = 0; r < kRows; ++r) {
        const float one = weights[0] * (1 - dots[0][r] * inverses[0]);
        const float other = weights[1] * (1 - dots[1][r] * inverses[1]);
        const float mine[2] = {one < other ? 1.0F : 0.0F, other < one ? 1.0F : 0.0F};
        for (std::size_t c = 0; c < 2; ++c) {
            counts[c] += mine[c];
            shares[c][r] = L::broadcast(mine[c]);
        }
    }
    for (std::size_t i = 0; i < n; i += L::kWidth) {
        typename L::Vec a = L::load(first + i);
        typename L::Vec b = L::load(second + i);
        for (std::size_t r = 0; r < kRows; ++r) {
            const typename L::Vec x = L::load(rows[r] + i);
            a = L::mul_add(shares[0][r], x, a);
            b = L::mul_add(shares[1][r], x, b);
        }
        L::store(first + i, a);
        L::store(second + i, b);
    }
}

template <class Isa>
void pull_unit_rows(const float* const* rows, std::size_t count, std::size_t n, float* first, float* second,
                    float* counts) {
    using L = typename Isa::Floats;
    std::size_t r = 0;
    for (; r + 4 <= count; r += 4) pull_rows<L, 4>(rows + r, n, first, second, counts);
    for (; r < count; ++r) pull_rows<L, 1>(rows + r, n, first, second, counts);
}

}  // namespace kith::kernel
