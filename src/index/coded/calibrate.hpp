// Measures recall against effort.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <kith/coded_forest.hpp>

#include "base/progress_meter.hpp"
#include "index/coded/coded_data.hpp"

namespace kith::index {

// The 10 rows nearest to each of a few rows, which are left out themselves; fewer where there are not as many.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> true_neighbors(const RowStore& rows,
                                                                     std::span<const std::size_t> selves);

// recall@10 of the cheapest efforts, in ascending order of recall and cost, for `queries` rows of the index that
// must not find themselves. Empty when the index has fewer than two rows. A function of data, queries and seed.
[[nodiscard]] std::vector<RecallPoint> measure_recall(const CodedData& data, std::size_t queries,
                                                      std::uint64_t seed, std::size_t threads,
                                                      ProgressMeter& meter);

}  // namespace kith::index
