// Rows of items as growing wants them: contiguous, of unit length where only the angle counts, and copied close
// together once a subtree is small enough for its rows to stay in the cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/forest/grove.hpp"

namespace kith::index {

class RowCache {
public:
    explicit RowCache(const Grove& grove);

    // Elements of a row: the dimensions and, for kDot, its extra coordinate; then zeros up to stride().
    [[nodiscard]] std::size_t width() const noexcept { return width_; }
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }

    // Writes item `id` as a row of stride() floats: its vector for Euclidean and Manhattan; for angular and dot
    // divided by its length (a zero vector stays zero).
    // Returns whether it is a row for centroids: false for the zero vector of angular or dot.
    bool copy(std::uint32_t id, float* out) const noexcept;

    // A new tree: nothing is held.
    void clear() noexcept { count_ = 0; }

    // Makes the rows of ids [first, first + count) of a tree's array present when they fit. What was there is kept
    // when it contains them. Returns whether they are present.
    bool hold(std::span<const std::uint32_t> ids, std::size_t first, std::size_t count);

    // The following need a range that is held.
    [[nodiscard]] const float* base() const noexcept { return rows_.data(); }
    [[nodiscard]] const float* row(std::size_t position) const noexcept {
        return rows_.data() + slots_[position - first_] * stride_;
    }
    // Whether copy() gave false for some row.
    [[nodiscard]] bool has_zero_rows() const noexcept { return has_zero_rows_; }
    // Row number of each position; to be permuted together with the ids.
    [[nodiscard]] std::span<std::uint32_t> slots(std::size_t first, std::size_t count) noexcept {
        return {slots_.data() + (first - first_), count};
    }

private:
    const Grove& grove_;
    std::size_t width_;
    std::size_t stride_;
    std::size_t capacity_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
    bool has_zero_rows_ = false;
    std::vector<float> rows_;
    std::vector<std::uint32_t> slots_;
};

}  // namespace kith::index
