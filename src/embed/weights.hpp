// A matrix laid out for training: rows start at a cache line and are padded with zeros.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

#include <kith/matrix.hpp>

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
    [[nodiscard]] float* row(std::size_t i) noexcept { return data_.get() + i * stride_; }
    [[nodiscard]] const float* row(std::size_t i) const noexcept { return data_.get() + i * stride_; }
    [[nodiscard]] MatrixView<float> view() noexcept { return {data_.get(), rows_, cols_, stride_}; }
    [[nodiscard]] MatrixView<const float> view() const noexcept { return {data_.get(), rows_, cols_, stride_}; }

private:
    struct Free {
        void operator()(float* data) const noexcept { std::free(data); }
    };
    std::unique_ptr<float, Free> data_;
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    std::size_t stride_ = 0;
};

}  // namespace kith::embed
