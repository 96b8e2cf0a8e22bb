// The hyperplane of a split: between two centroids that a few hundred sampled rows have pulled apart.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <kith/types.hpp>

#include "kernel/table.hpp"

namespace kith::index {

class TwoMeans {
public:
    // Rows have `width` elements, a multiple of 16: pad with zeros.
    TwoMeans(Metric metric, std::size_t width, const kernel::Table& kernels);

    // rows[0] and rows[1] are the first centroids; each further row moves the nearer of them, where a centroid
    // counts as farther the more rows it has (which balances the two). Rows of angular and dot are of unit length
    // or zero. Then normal() points from the second centroid to the first.
    void run(std::span<const float* const> rows);

    // `width` elements, of unit length unless the centroids are equal.
    [[nodiscard]] std::span<const float> normal() const noexcept { return first_; }
    // What to add to a row's dot product with the normal for its signed distance: 0 for angular and dot, whose
    // planes go through the origin.
    [[nodiscard]] float offset() const noexcept { return offset_; }

private:
    void run_unit(std::span<const float* const> rows);
    void run_plain(std::span<const float* const> rows);

    Metric metric_;
    const kernel::FloatKernels& f32_;
    kernel::PairFn distance_;
    std::vector<float> first_;
    std::vector<float> second_;
    float offset_ = 0;
};

}  // namespace kith::index
