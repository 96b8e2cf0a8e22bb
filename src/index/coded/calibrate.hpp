// Measures recall against effort.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/coded_forest.hpp>

#include "base/progress_meter.hpp"
#include "index/coded/coded_data.hpp"

namespace kith::index {

// recall@10 of the cheapest efforts, in ascending order of recall and cost, for `queries` rows of the index that
// must not find themselves. Empty when the index has fewer than two rows. `truth` has the rows as they were given. A function
// of data, truth, queries and seed.
[[nodiscard]] std::vector<RecallPoint> measure_recall(const CodedData& data, const RowStore& truth,
                                                      std::size_t queries, std::uint64_t seed, std::size_t threads,
                                                      ProgressMeter& meter);

}  // namespace kith::index
