// A matrix laid out for training: rows start at a cache line and are padded with zeros.
#pragma once

#include <cstddef>
#include <span>

#include <kith/matrix.hpp>

#include "storage/region.hpp"

namespace kith::embed {

class Weights {
public:
    Weights() = default;

    // All zero. Throws std::bad_alloc.
    Weights(std::size_t rows, std::size_t cols);

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t cols() const noexcept { return cols_; }

    // Floats from one row to the next; a multiple of kernel::kTrainPadding.
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }
    [[nodiscard]] bool empty() const noexcept { return rows_ == 0; }
    [[nodiscard]] float* row(std::size_t i) noexcept { return data() + i * stride_; }
    [[nodiscard]] const float* row(std::size_t i) const noexcept { return data() + i * stride_; }
    [[nodiscard]] MatrixView<float> view() noexcept { return {data(), rows_, cols_, stride_}; }
    [[nodiscard]] MatrixView<const float> view() const noexcept { return {data(), rows_, cols_, stride_}; }

private:
    [[nodiscard]] float* data() noexcept { return reinterpret_cast<float*>(memory_.data()); }
    [[nodiscard]] const float* data() const noexcept { return reinterpret_cast<const float*>(memory_.data()); }

    storage::Buffer memory_;
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    std::size_t stride_ = 0;
};

// Copies all rows to row `first` and those after it. REQUIRES: rows of the same width, and as many.
void copy_rows(const Weights& from, Weights& to, std::size_t first) noexcept;

}  // namespace kith::embed
