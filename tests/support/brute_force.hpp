// The plainest possible exact search, in double precision: what answers are held against.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include <kith/matrix.hpp>
#include <kith/types.hpp>

namespace kith::test {

// The metric's public value (see Metric).
inline double exact_distance(Metric metric, std::span<const float> x, std::span<const float> y) {
    double xy = 0;
    double xx = 0;
    double yy = 0;
    double squares = 0;
    double absolutes = 0;
    double bits = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double a = x[i];
        const double b = y[i];
        xy += a * b;
        xx += a * a;
        yy += b * b;
        squares += (a - b) * (a - b);
        absolutes += std::abs(a - b);
        bits += (a > 0.5) != (b > 0.5);
    }
    switch (metric) {
        case Metric::kAngular: return std::sqrt(std::max(0.0, xx * yy > 0 ? 2 - 2 * xy / std::sqrt(xx * yy) : 2.0));
        case Metric::kEuclidean: return std::sqrt(squares);
        case Metric::kManhattan: return absolutes;
        case Metric::kDot: return xy;
        case Metric::kHamming: return bits;
    }
    return 0;
}

// All rows, nearest first, ties by id: pairs of distance and id.
inline std::vector<std::pair<double, Id>> exact_order(Metric metric, MatrixView<const float> rows,
                                                      std::span<const float> query) {
    std::vector<std::pair<double, Id>> order;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        order.emplace_back(exact_distance(metric, rows.row(i), query), static_cast<Id>(i));
    }
    const double sign = larger_is_nearer(metric) ? -1 : 1;
    std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
        return std::pair(sign * a.first, a.second) < std::pair(sign * b.first, b.second);
    });
    return order;
}

// Normally distributed elements.
inline Matrix random_matrix(std::size_t rows, std::size_t cols, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Matrix matrix(rows, cols);
    for (std::size_t i = 0; i < rows * cols; ++i) matrix.data()[i] = normal(random);
    return matrix;
}

// Elements from -range to range, whole numbers: every sum is exact and ties are common.
inline Matrix random_integers(std::size_t rows, std::size_t cols, int range, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> uniform(-range, range);
    Matrix matrix(rows, cols);
    for (std::size_t i = 0; i < rows * cols; ++i) matrix.data()[i] = static_cast<float>(uniform(random));
    return matrix;
}

}  // namespace kith::test
