// Two centroids that rows pull apart: the inner loop of growing a tree, once for every instruction set.
#pragma once

#include <cstddef>

#include "kernel/floats.hpp"

namespace kith::kernel {

// Which of two centroids, each the sum of `counts` unit rows, a row belongs to, and what that makes of their lengths.
// The angle counts the more the more rows a centroid has. All of it without a branch: half of them would be
// predicted wrong.
// A template, so that no two instruction sets share its code.
template <class L>
struct Pull {
    float counts[2];
    float squares[2];
    float inverses[2];

    void measure(std::size_t i) { inverses[i] = squares[i] > 0 ? 1 / __builtin_sqrtf(squares[i]) : 0.0F; }

    // Sets shares[i] to 1 for the nearer centroid, and to 0 for the other or for both.
    void decide(const float* dots, float* shares) {
        const float to_first = counts[0] * (1 - dots[0] * inverses[0]);
        const float to_second = counts[1] * (1 - dots[1] * inverses[1]);
        shares[0] = to_first < to_second ? 1.0F : 0.0F;
        shares[1] = to_second < to_first ? 1.0F : 0.0F;
        for (std::size_t i = 0; i < 2; ++i) {
            squares[i] += shares[i] * (2 * dots[i] + 1);
            counts[i] += shares[i];
            measure(i);
        }
    }
};

// Both centroids stay in registers.
template <class L, std::size_t kVecs>
void pull_in_registers(const float* const* rows, std::size_t count, float* first, float* second, Pull<L>& pull) {
    typename L::Vec a[kVecs];
    typename L::Vec b[kVecs];
    for (std::size_t v = 0; v < kVecs; ++v) {
        a[v] = L::load(first + v * L::kWidth);
        b[v] = L::load(second + v * L::kWidth);
    }
    for (std::size_t r = 0; r < count; ++r) {
        typename L::Vec row[kVecs];
        typename L::Acc to_a[2] = {L::zero(), L::zero()};
        typename L::Acc to_b[2] = {L::zero(), L::zero()};
        for (std::size_t v = 0; v < kVecs; ++v) {
            row[v] = L::load(rows[r] + v * L::kWidth);
            to_a[v % 2] = L::mul_add(row[v], a[v], to_a[v % 2]);
            to_b[v % 2] = L::mul_add(row[v], b[v], to_b[v % 2]);
        }
        const float dots[2] = {L::sum(L::add(to_a[0], to_a[1])), L::sum(L::add(to_b[0], to_b[1]))};
        float shares[2];
        pull.decide(dots, shares);
        const typename L::Vec share_a = L::broadcast(shares[0]);
        const typename L::Vec share_b = L::broadcast(shares[1]);
        for (std::size_t v = 0; v < kVecs; ++v) {
            a[v] = L::mul_add(share_a, row[v], a[v]);
            b[v] = L::mul_add(share_b, row[v], b[v]);
        }
    }
    for (std::size_t v = 0; v < kVecs; ++v) {
        L::store(first + v * L::kWidth, a[v]);
        L::store(second + v * L::kWidth, b[v]);
    }
}

template <class L>
void pull_in_memory(const float* const* rows, std::size_t count, std::size_t n, float* first, float* second,
                    Pull<L>& pull) {
    for (std::size_t r = 0; r < count; ++r) {
        const float* const row = rows[r];
        typename L::Acc to_a[2] = {L::zero(), L::zero()};
        typename L::Acc to_b[2] = {L::zero(), L::zero()};
        for (std::size_t i = 0, odd = 0; i < n; i += L::kWidth, odd ^= 1) {
            const typename L::Vec x = L::load(row + i);
            to_a[odd] = L::mul_add(x, L::load(first + i), to_a[odd]);
            to_b[odd] = L::mul_add(x, L::load(second + i), to_b[odd]);
        }
        const float dots[2] = {L::sum(L::add(to_a[0], to_a[1])), L::sum(L::add(to_b[0], to_b[1]))};
        float shares[2];
        pull.decide(dots, shares);
        float* const nearer = shares[1] != 0 ? second : first;
        const typename L::Vec share = L::broadcast(shares[0] + shares[1]);
        for (std::size_t i = 0; i < n; i += L::kWidth) {
            L::store(nearer + i, L::mul_add(share, L::load(row + i), L::load(nearer + i)));
        }
    }
}

// Sets of 32 registers hold two centroids of up to eight vectors.
constexpr std::size_t kPullVecs = 8;

template <class L, std::size_t kVecs>
bool try_registers(const float* const* rows, std::size_t count, std::size_t n, float* first, float* second,
                   Pull<L>& pull) {
    if constexpr (kVecs > kPullVecs || L::kWidth < 16) {
        return false;
    } else {
        if (n != kVecs * L::kWidth) {
            return try_registers<L, kVecs + 1>(rows, count, n, first, second, pull);
        }
        pull_in_registers<L, kVecs>(rows, count, first, second, pull);
        return true;
    }
}

template <class Isa>
void pull_unit_rows(const float* const* rows, std::size_t count, std::size_t n, float* first, float* second,
                    float* counts) {
    using L = typename Isa::Floats;
    Pull<L> pull{{counts[0], counts[1]}, {sum_of_squares<Isa>(first, n), sum_of_squares<Isa>(second, n)}, {0, 0}};
    pull.measure(0);
    pull.measure(1);
    if (!try_registers<L, 1>(rows, count, n, first, second, pull)) {
        pull_in_memory<L>(rows, count, n, first, second, pull);
    }
    counts[0] = pull.counts[0];
    counts[1] = pull.counts[1];
}

}  // namespace kith::kernel
