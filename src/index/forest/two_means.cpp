#include "index/forest/two_means.hpp"

#include <algorithm>
#include <cmath>

namespace kith::index {

TwoMeans::TwoMeans(Metric metric, std::size_t width, const kernel::Table& kernels)
    : metric_(metric),
      f32_(kernels.f32),
      distance_(kernels.of(metric, Scalar::kFloat32).pair),
      first_(width),
      second_(width) {}

void TwoMeans::run(std::span<const float* const> rows) {
    std::copy_n(rows[0], first_.size(), first_.begin());
    std::copy_n(rows[1], second_.size(), second_.begin());
    if (metric_ == Metric::kAngular || metric_ == Metric::kDot) {
        run_unit(rows.subspan(2));
    } else {
        run_plain(rows.subspan(2));
    }
    const std::size_t width = first_.size();
    f32_.axpy(-1, second_.data(), first_.data(), width);
    const float squares = f32_.sum_of_squares(first_.data(), width);
    if (squares > 0) f32_.scale(1 / std::sqrt(squares), first_.data(), width);
    offset_ = 0;
    if (metric_ == Metric::kEuclidean || metric_ == Metric::kManhattan) {
        // Through the point halfway: second + (first - second) / 2.
        offset_ = -f32_.dot(first_.data(), second_.data(), width) - std::sqrt(std::max(squares, 0.0F)) / 2;
    }
}

// The angle to a centroid is the angle to the sum of its rows.
void TwoMeans::run_unit(std::span<const float* const> rows) {
    const std::size_t width = first_.size();
    float counts[2] = {1, 1};
    f32_.pull_unit_rows(rows.data(), rows.size(), width, first_.data(), second_.data(), counts);
    f32_.scale(1 / counts[0], first_.data(), width);
    f32_.scale(1 / counts[1], second_.data(), width);
}

void TwoMeans::run_plain(std::span<const float* const> rows) {
    const std::size_t width = first_.size();
    float* const means[2] = {first_.data(), second_.data()};
    float counts[2] = {1, 1};
    for (const float* row : rows) {
        const float to_first = counts[0] * distance_(means[0], row, width);
        const float to_second = counts[1] * distance_(means[1], row, width);
        if (to_first == to_second) continue;
        const std::size_t nearer = to_second < to_first ? 1 : 0;
        const float share = 1 / (counts[nearer] + 1);
        f32_.scale(counts[nearer] * share, means[nearer], width);
        f32_.axpy(share, row, means[nearer], width);
        counts[nearer] += 1;
    }
}

}  // namespace kith::index
