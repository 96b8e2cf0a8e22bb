// Walks the graph towards a query.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <kith/graph.hpp>

#include "index/graph/graph_data.hpp"
#include "index/graph/short_rows.hpp"
#include "index/selection.hpp"

namespace kith::index {

inline constexpr std::uint32_t kNoRow = 0xFFFFFFFFU;

struct GraphEffort {
    std::size_t ef = 0;         // vertices kept in sight
    std::size_t shortlist = 0;  // the best of these, ranked by their vectors
};

// What the options ask of this index for `options.k` neighbours.
[[nodiscard]] GraphEffort resolve_effort(const GraphData& data, const SearchOptions& options) noexcept;

// The best rows, at most `ef`, that a walk from the nearest entry meets: best first by their short rows. It steps
// over the row `without` as if it were not there. The span is valid until this thread's next call. Memory-safe
// whatever the data's bytes are. REQUIRES: ef > 0.
[[nodiscard]] std::span<const std::uint32_t> walk(const GraphData& data, const ShortQuery& query, std::size_t ef,
                                                  std::uint32_t without = kNoRow);

// Time in rough nanoseconds: vertices whose links are followed, and scattered rows that are fetched and compared.
[[nodiscard]] double cost_of(const GraphData& data, double ef, double shortlist) noexcept;

// With a filter, as many more vertices are kept in sight as it allows fewer of them, or those allowed are all compared
// where that is quicker. REQUIRES: `query` is finite and has the right length. Overwrites `out`.
void search_graph(const GraphData& data, std::span<const float> query, std::size_t k, const GraphEffort& effort,
                  const Selection& selection, Neighbors& out);

}  // namespace kith::index
