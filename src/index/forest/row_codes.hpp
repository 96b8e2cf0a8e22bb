// The items' rows in one byte an element: what growing reads instead of the vectors. A quarter of the memory has to be
// moved, and a margin costs a quarter of the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "index/forest/grove.hpp"
#include "storage/growing_memory.hpp"

namespace kith::index {

class RowCodes {
public:
    static constexpr int kZero = 128;
    static constexpr std::size_t kBlock = 64;
    // Sums of products of that many codes stay within 32 bits.
    static constexpr std::size_t kMaxWidth = 32768;

    // Codes of all items of `grove`, made by `threads` threads, who change nothing about them. Not for kHamming.
    // Rows are those of exact_row.hpp.
    RowCodes(const Grove& grove, std::size_t threads);

    // Elements of a row.
    [[nodiscard]] std::size_t width() const noexcept { return width_; }

    [[nodiscard]] const std::uint8_t* row(std::size_t id) const noexcept {
        return reinterpret_cast<const std::uint8_t*>(codes_.data()) + id * stride_;
    }
    // From one row's codes to the next; the codes beyond width() are kZero. kBlock bytes can be read from any multiple of
    // kBlock in a row on.
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }
    // Rows are whole blocks: those of a kilobyte and more (as vectors), where it takes hardly more memory.
    [[nodiscard]] bool has_whole_blocks() const noexcept { return stride_ % kBlock == 0; }

    // Whether codes tell rows apart: differences between rows are far above what coding leaves out. Where an
    // element of some row is a thousand times those of the others, or rows crowd in one place, they are not.
    // Longer rows than kMaxWidth are not coded.
    [[nodiscard]] bool sharp() const noexcept { return sharp_; }

    // Whether some row is zero and has no angle (angular and dot).
    [[nodiscard]] bool has_zero_rows() const noexcept { return has_zero_rows_; }

    // A row is centre() + step() * (codes - kZero), but for half a step in each element.
    [[nodiscard]] float centre() const noexcept { return centre_; }
    [[nodiscard]] float step() const noexcept { return step_; }

private:
    struct Extent;
    struct Notes;
    using HashedRows = std::vector<std::pair<std::uint64_t, std::uint32_t>>;  // hash of the cell, id

    void measure(const Grove& grove, std::size_t threads);
    // Whether all rows could be coded.
    [[nodiscard]] bool encode(const Grove& grove, std::size_t threads);
    [[nodiscard]] bool tells_apart(const Grove& grove) const;
    // Whether hardly any row has nearly the codes of another, different one.
    [[nodiscard]] bool are_different(const Grove& grove, std::size_t threads) const;
    [[nodiscard]] bool share_cells(const Grove& grove, const HashedRows& hashed) const;

    std::size_t width_;
    std::size_t padded_width_;
    std::size_t stride_;
    bool unit_rows_;
    bool sharp_ = false;
    bool has_zero_rows_ = false;
    float centre_ = 0;
    float step_ = 0;
    storage::GrowingMemory codes_;
};

}  // namespace kith::index
