// What a built GraphIndex consists of; docs/formats.md has the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/graph.hpp>

#include "index/coded/byte_rows.hpp"
#include "index/graph/link_lists.hpp"
#include "index/row_store.hpp"
#include "storage/region.hpp"

namespace kith::index {

// Part of the file format.
struct GraphParameters {
    std::uint32_t degree;
    std::uint32_t n_entries;
    std::uint32_t short_dim;  // 0: there are none, walks compare the vectors
    std::uint32_t projected;  // 1: short rows are projections; 0: they are the spread rows themselves
    float short_step;         // an element of a short row is this many times (byte - 128)
    float projection_step;    // the same of the projection
    float length;             // kDot: of every spread row before the centre is taken off; otherwise 0
    std::uint32_t n_points;   // of the recall curve
    ByteScale bytes;          // of the byte rows
    float unused;             // -1
    std::uint32_t reserved;
};
static_assert(sizeof(GraphParameters) == 48);
static_assert(sizeof(GraphRecallPoint) == 12);

// Whole rows have to fit into a short row's sums.
inline constexpr std::size_t kMostGraphDim = 32000;

// A row is *spread* in the Euclidean space that is searched: at unit length (kAngular), with one more element that
// makes all rows equally long (kDot), or as it is.
[[nodiscard]] constexpr std::size_t spread_dim(Metric metric, std::size_t dim) noexcept {
    return dim + (metric == Metric::kDot ? 1 : 0);
}

// Whether walks always compare rows by the metric itself: by bytes of the vectors (kManhattan) or the vectors (kHamming).
// Other metrics are walked in a Euclidean space, by short rows, unless these would take too much memory.
[[nodiscard]] constexpr bool walks_directly(Metric metric) noexcept {
    return metric == Metric::kManhattan || metric == Metric::kHamming;
}

// Whether walks compare short rows instead.
[[nodiscard]] constexpr bool has_short_rows(Metric metric, const GraphParameters& parameters) noexcept {
    return parameters.short_dim > 0 && !walks_directly(metric);
}

// Bytes from one short row of `elements` to the next: they, an f32 addend at the end, whole cache lines.
[[nodiscard]] constexpr std::size_t short_stride(std::size_t elements) noexcept {
    return (elements + sizeof(float) + 63) / 64 * 64;
}

struct GraphData {
    RowStore rows;
    GraphParameters parameters;
    std::vector<GraphRecallPoint> curve;

    LinkLists links;
    storage::Region short_rows;  // [row][short_stride]: bytes, and the squared distance from the centre
    storage::Region entries;     // u32 rows where searches may begin
    storage::Region centre;      // f32 [spread_dim]
    storage::Region projection;  // [short_dim + 1][short_stride(spread_dim)], the last row ones; or empty
    storage::Region byte_rows;   // empty unless walked by

    // What walks compare with: the first row, and the bytes from one to the next.
    [[nodiscard]] const std::byte* walked() const noexcept {
        if (has_short_rows()) return short_rows.data();
        return walks_bytes() ? byte_rows.data() : rows.data();
    }
    [[nodiscard]] std::size_t stride() const noexcept {
        if (has_short_rows()) return short_stride(parameters.short_dim);
        return walks_bytes() ? byte_stride(rows.dim()) : rows.stride();
    }
    [[nodiscard]] bool has_short_rows() const noexcept { return index::has_short_rows(rows.metric(), parameters); }
    [[nodiscard]] bool walks_bytes() const noexcept {
        return rows.metric() == Metric::kManhattan && !byte_rows.empty();
    }
};

}  // namespace kith::index
