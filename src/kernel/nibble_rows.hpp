// Rows in 4 bits an element, with how far off they are: what exact search reads instead of the vectors, to leave out
// all rows that cannot be among the nearest.
//
// A row x is centre + step * (code - zero) but for an error, whose length is stored. In Euclidean space (angular rows
// have unit length there) a query q and its own rounded form p, whose distance is also known, give by the triangle
//     |x - q| >= |code of x - p| - error of x - error of p
// and for dot products the Cauchy-Schwarz inequality does the same. A row is left out only if even this bound, and all
// rounding there is, keeps it beyond the worst neighbour so far: answers are bit for bit those of a full scan.
//
// It is the idea of the VA-file (Weber, Schek and Blott, 1998), with a step and an error for every row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include <kith/types.hpp>

#include "kernel/table.hpp"

namespace kith::kernel {

// Rows in memory, of floats, `stride` bytes apart.
struct FloatRowsView {
    const std::byte* data = nullptr;
    std::size_t stride = 0;
    std::size_t count = 0;
    std::size_t dim = 0;

    [[nodiscard]] const float* row(std::size_t i) const noexcept {
        return reinterpret_cast<const float*>(data + i * stride);
    }
};

// Part of the file format.
struct NibbleHeader {
    std::uint32_t dim;
    std::uint8_t metric;
    std::uint8_t from_zero;  // codes count from the centre upwards; else 7.5 is the centre
    std::uint16_t reserved;
    std::uint64_t count;
    float most_base;    // greatest absolute base
    float most_error;   // greatest finite error
    float most_code;    // greatest length of a row's coded form, without the centre
    float most_length;  // greatest length of a row
    std::uint64_t reserved2[4];
};
static_assert(sizeof(NibbleHeader) == 64);

// Whether such rows have codes that are worth having.
[[nodiscard]] bool has_nibbles(Metric metric, Scalar scalar, std::size_t count, std::size_t dim) noexcept;

// Whether this CPU, or the set that KITH_ISA names, passes over codes faster than over floats.
[[nodiscard]] bool can_use_nibbles() noexcept;

// Bytes for so many rows: header, centre (f32, rounded up to 64 bytes), blocks.
[[nodiscard]] std::size_t nibble_bytes(std::size_t count, std::size_t dim) noexcept;

// Writes the codes to `out`, zeroed nibble_bytes() of it; the same bytes whatever the threads and the CPU.
void encode_nibbles(const FloatRowsView& rows, Metric metric, std::size_t threads, std::span<std::byte> out);

// A view of what encode_nibbles wrote.
class NibbleRows {
public:
    NibbleRows() = default;
    explicit NibbleRows(std::span<const std::byte> bytes) noexcept;

    // Whether these are codes of such rows, as far as the header says; checked once, when a file is opened.
    [[nodiscard]] static bool fits(std::span<const std::byte> bytes, Metric metric, std::size_t count,
                                   std::size_t dim) noexcept;

    [[nodiscard]] const NibbleHeader& header() const noexcept { return header_; }
    [[nodiscard]] const float* centre() const noexcept { return centre_; }
    [[nodiscard]] const std::uint8_t* blocks() const noexcept { return blocks_; }
    [[nodiscard]] std::size_t block_bytes() const noexcept;

private:
    NibbleHeader header_{};
    const float* centre_ = nullptr;
    const std::uint8_t* blocks_ = nullptr;
};

// Rows looked at between two readings of the worst rank: codes and ids of a block stay in a core's own cache.
inline constexpr std::size_t kProbeRows = 1024;

// One query's way through the codes. Reused from query to query, it allocates nothing.
class NibbleProbe {
public:
    void reset(const NibbleRows& rows, const float* query);

    // Whether to ask for the next block at all; false, and the caller scans it, when codes say nothing of the query or
    // have just left out too little.
    [[nodiscard]] bool is_worth_it() noexcept {
        if (rest_ == 0) return useful_;
        --rest_;
        return false;
    }

    // The rows first <= row < last, ascending, whose rank could be `worst` or less, by the kernels' ranks; there is
    // room for last - first + 16 at `out`. REQUIRES: is_worth_it(), last - first <= kProbeRows.
    [[nodiscard]] std::size_t select(std::size_t first, std::size_t last, float worst, std::uint32_t* out);

private:
    void prepare(const float* query);

    const NibbleRows* rows_ = nullptr;
    Metric metric_ = Metric::kEuclidean;
    bool useful_ = false;
    std::size_t rest_ = 0;  // blocks for which codes are not asked, after one of which they left out too few

    std::vector<double> shifted_;
    std::vector<std::int8_t> codes_;
    std::int32_t centre_ = 0;
    double step_ = 0;          // of the query's codes
    double error_ = 0;         // length of what the query's codes lack
    double code_squares_ = 0;  // squared length of their form
    double length_ = 0;        // of the query
    double of_centre_ = 0;     // kDot: product with the centre
};

// Visits 0 … count - 1, each once, in long even strides: what lies side by side is often alike, and the sooner something
// near the query comes up, the more can be left out.
class SpreadOrder {
public:
    explicit SpreadOrder(std::size_t count) noexcept : count_(count), stride_(count * 618 / 1000 + 1) {
        while (std::gcd(count_, stride_) > 1) ++stride_;
    }
    [[nodiscard]] std::size_t operator[](std::size_t i) const noexcept { return i * stride_ % count_; }

private:
    std::size_t count_;
    std::size_t stride_;
};

// One block of rows for one query: `some(ids)` ranks the rows that could rank `worst` or less, or `all()` every row
// where codes do not help. There are at most kProbeRows of them.
template <class Some, class All>
void probe_block(NibbleProbe* probe, std::size_t first, std::size_t last, float worst, const Some& some,
                 const All& all) {
    if (probe == nullptr || !(worst < std::numeric_limits<float>::infinity()) || !probe->is_worth_it())
        return all();
    std::array<std::uint32_t, kProbeRows + 16> ids;
    some(std::span<const std::uint32_t>(ids.data(), probe->select(first, last, worst, ids.data())));
}

}  // namespace kith::kernel
