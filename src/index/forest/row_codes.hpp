// The items' rows in one byte an element: what growing reads instead of the vectors. A quarter of the memory has to be
// moved, and a margin costs a quarter of the time. Codes say how far off a margin can be; what they cannot decide, the
// vectors do, so that they change the time and never the side of an item.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/forest/grove.hpp"
#include "storage/growing_memory.hpp"

namespace kith::index {

class RowCodes {
public:
    // Codes of all items of `grove`, made by `threads` threads, who change nothing about them. Not for kHamming.
    // Rows are the vectors for Euclidean and Manhattan; for angular and dot they are of unit length (or zero), for dot
    // with its extra coordinate.
    RowCodes(const Grove& grove, std::size_t threads);

    // Elements of a row, and those that floats are padded to with zeros.
    [[nodiscard]] std::size_t width() const noexcept { return width_; }
    [[nodiscard]] std::size_t padded_width() const noexcept { return padded_width_; }

    [[nodiscard]] const std::int8_t* row(std::size_t id) const noexcept {
        return reinterpret_cast<const std::int8_t*>(codes_.data()) + id * stride_;
    }
    // From one row's codes to the next; the codes beyond width() are zero.
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }

    // Writes padded_width() floats, close to the row.
    void widen(std::size_t id, float* out) const noexcept;

    // Whether some row is zero and has no angle (angular and dot).
    [[nodiscard]] bool has_zero_rows() const noexcept { return has_zero_rows_; }

    // A row is centre() + step() * codes, but for an error of length max_error() at most; the codes' own length is at
    // most max_length(). With max_error() infinite the codes say nothing.
    [[nodiscard]] double centre() const noexcept { return centre_; }
    [[nodiscard]] double step() const noexcept { return step_; }
    [[nodiscard]] double max_error() const noexcept { return max_error_; }
    [[nodiscard]] double max_length() const noexcept { return max_length_; }

private:
    struct Extent;
    struct Lengths;

    void measure(const Grove& grove, std::size_t threads);
    void encode(const Grove& grove, std::size_t threads);
    void exact_row(const Grove& grove, std::size_t id, float scale, float pad, std::span<float> row) const;
    static void encode_row(std::span<const float> row, float centre, float step, std::int8_t* out,
                           Lengths& lengths);

    std::size_t width_;
    std::size_t padded_width_;
    std::size_t stride_;
    bool unit_rows_;
    bool has_zero_rows_ = false;
    double centre_ = 0;
    double step_ = 0;
    double max_error_ = 0;
    double max_length_ = 0;
    const kernel::Table& kernels_;
    storage::GrowingMemory codes_;
};

// A plane as codes see it: margin = base + slope * rank, where rank is what the kernel for kDot on int8 gives; true
// margins are within `doubt` of it, also as floats reckon them.
struct CodedPlane {
    std::vector<std::int8_t> codes;
    float base = 0;
    float slope = 0;
    float doubt = 0;

    // `normal` has codes.width() elements.
    void set(const RowCodes& rows, std::span<const float> normal, float offset);
};

}  // namespace kith::index
