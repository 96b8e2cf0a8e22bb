// Views of vectors in memory, and the one owning matrix. Rows are vectors.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace kith {

// A non-owning view of `rows` vectors of `cols` elements, `stride` elements from one row to the next.
template <class T>
class MatrixView {
public:
    constexpr MatrixView() noexcept = default;
    constexpr MatrixView(T* data, std::size_t rows, std::size_t cols) noexcept
        : MatrixView(data, rows, cols, cols) {}
    constexpr MatrixView(T* data, std::size_t rows, std::size_t cols, std::size_t stride) noexcept
        : data_(data), rows_(rows), cols_(cols), stride_(stride) {}

    // A view of mutable elements converts to a view of constant ones.
    template <class U>
    // NOLINTNEXTLINE(google-explicit-constructor)
    requires(std::is_same_v<T, const U>) constexpr MatrixView(MatrixView<U> other) noexcept
        : MatrixView(other.data(), other.rows(), other.cols(), other.stride()) {}

    [[nodiscard]] constexpr T* data() const noexcept { return data_; }
    [[nodiscard]] constexpr std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] constexpr std::size_t cols() const noexcept { return cols_; }
    [[nodiscard]] constexpr std::size_t stride() const noexcept { return stride_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return rows_ == 0; }

    // REQUIRES: i < rows().
    [[nodiscard]] constexpr std::span<T> row(std::size_t i) const noexcept { return {data_ + i * stride_, cols_}; }

    // REQUIRES: first + count <= rows().
    [[nodiscard]] constexpr MatrixView slice(std::size_t first, std::size_t count) const noexcept {
        return {data_ + first * stride_, count, cols_, stride_};
    }

private:
    T* data_ = nullptr;
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    std::size_t stride_ = 0;
};

// Rows of `cols` floats on the heap, zeroed at first.
class Matrix {
public:
    Matrix() = default;
    Matrix(std::size_t rows, std::size_t cols) : rows_(rows), cols_(cols), data_(rows * cols) {}

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
    [[nodiscard]] float* data() noexcept { return data_.data(); }
    [[nodiscard]] const float* data() const noexcept { return data_.data(); }
    [[nodiscard]] std::span<float> row(std::size_t i) noexcept { return {data() + i * cols_, cols_}; }
    [[nodiscard]] std::span<const float> row(std::size_t i) const noexcept { return {data() + i * cols_, cols_}; }
    [[nodiscard]] MatrixView<const float> view() const noexcept { return {data(), rows_, cols_}; }
    [[nodiscard]] MatrixView<float> view() noexcept { return {data(), rows_, cols_}; }

private:
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    std::vector<float> data_;
};

}  // namespace kith
