// Measures recall against effort.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/graph.hpp>

#include "base/progress_meter.hpp"
#include "index/graph/graph_data.hpp"

namespace kith::index {

// recall@10 of the cheapest efforts, in ascending order of recall and cost, for `queries` rows of the index that walks
// step over, so that their own links do not help. Empty when the index has fewer than two rows. `truth` has the rows as they
// were given. A function of data, truth, queries and seed.
[[nodiscard]] std::vector<GraphRecallPoint> measure_recall(const GraphData& data, const RowStore& truth,
                                                           std::size_t queries, std::uint64_t seed,
                                                           std::size_t threads, ProgressMeter& meter);

}  // namespace kith::index
