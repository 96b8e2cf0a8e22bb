// Prepared rows rounded to a byte an element: a quarter of the memory to read, and near enough to the full vectors
// that few of those are left to compare.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "index/row_store.hpp"
#include "kernel/table.hpp"
#include "storage/region.hpp"

namespace kith::index {

// Whether a short list is to be compared by bytes first. Searches gain nothing by it (docs/kernels.md); graphs are
// linked by such rows and keep them.
enum class ByteRows { kNone, kMake };

// An element x is stored as round((x - low) / step), held within a byte. Differences keep their order whatever
// `low` is; kDot needs low = 0 and signed bytes. Part of the file format.
struct ByteScale {
    float low = 0;
    float step = 0;  // 0: there are no byte rows
};
static_assert(sizeof(ByteScale) == 8);

// Bytes from one row to the next: no row touches one more cache line than it has to.
[[nodiscard]] std::size_t byte_stride(std::size_t dim) noexcept;

// None for kHamming, whose codes are exact, and for rows that are all alike.
[[nodiscard]] ByteScale choose_byte_scale(const RowStore& rows, std::uint64_t seed);

// rows.count() rows of byte_stride() bytes, zeros at the end of each. REQUIRES: scale.step > 0.
[[nodiscard]] storage::Region make_byte_rows(const RowStore& rows, ByteScale scale, std::size_t threads);

// A prepared query as such a row. kDot takes a scale of its own: it does not change the order.
void to_bytes(Metric metric, std::span<const float> query, ByteScale scale, std::uint8_t* out) noexcept;

// Compares such rows. REQUIRES: metric is not kHamming.
[[nodiscard]] const kernel::DistanceKernels& byte_kernels(Metric metric);

}  // namespace kith::index
