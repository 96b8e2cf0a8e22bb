// Comparing a query with short rows: index/graph has what the numbers mean.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/table.hpp"

namespace kith::kernel {

// out[i] = addend of row i + scale * (sum of query[d] * byte d of row i), for the rows at base + rows[i] * stride,
// scattered: a row is unsigned bytes and, in its last 4, an f32 addend. The caller prefetches. The sums are exact.
// REQUIRES: `stride` is a multiple of 64, at most 32768; query has `stride` elements, the last 4 of them 0.
using ShortRowsFn = void (*)(const std::int8_t* query, const void* base, std::size_t stride,
                             const std::uint32_t* rows, std::size_t count, float scale, float* out);

// That of a table's instruction set.
[[nodiscard]] ShortRowsFn short_row_kernel(const Table& table) noexcept;

}  // namespace kith::kernel
