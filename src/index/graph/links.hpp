// The links of a graph: chosen among candidates so that they point in different directions, then mended until every
// row can be reached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/progress_meter.hpp"
#include "kernel/table.hpp"

namespace kith::index {

// Rows to be linked, with what measures squared distances between them.
struct LinkedRows {
    const kernel::DistanceKernels* kernels;
    const std::byte* data;
    std::size_t stride;
    std::size_t length;
    std::size_t count;

    [[nodiscard]] const std::byte* row(std::uint32_t i) const noexcept { return data + i * stride; }
    [[nodiscard]] float rank(std::uint32_t a, std::uint32_t b) const noexcept {
        return kernels->pair(row(a), row(b), length);
    }
};

inline constexpr std::uint32_t kNoCandidate = 0xFFFFFFFFU;

// `degree` links of each row, row by row. `candidates` holds as many for each row, in any order, kNoCandidate where
// there are fewer; a row links to the nearest of them and of the rows that link to it that are not nearer to a link
// already chosen, then to the nearest of the others. Where there are too few, a row links to itself.
// The same for any number of threads. Progress: 2 * count.
[[nodiscard]] std::vector<std::uint32_t> make_links(const LinkedRows& rows,
                                                    std::span<const std::uint32_t> candidates, std::size_t degree,
                                                    std::size_t threads, ProgressMeter& meter);

// Changes links, the least important first, until every row can be reached from `entry`; returns how many rows could
// not be before. REQUIRES: degree >= 2.
std::size_t connect(const LinkedRows& rows, std::span<std::uint32_t> links, std::size_t degree,
                    std::uint32_t entry);

// Which rows can reach `entry`.
[[nodiscard]] std::vector<bool> reaching(std::span<const std::uint32_t> links, std::size_t degree,
                                         std::uint32_t entry);

}  // namespace kith::index
