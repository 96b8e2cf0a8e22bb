// Approximate search through an index, under the contract of exact search.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <kith/index.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/neighbors.hpp>

#include "base/top_k.hpp"
#include "keyed/query.hpp"
#include "keyed/store.hpp"

namespace kith::keyed {

// Throws InvalidArgument unless the index is angular and holds so many items of so many dimensions.
void check_index(const Index& index, std::size_t rows, std::size_t dim);

// At least options.topn rows of the range that are not in `excluded` (ascending), if there are so many, with minus
// their exact cosines as ranks, nearest first; rows of `excluded` may be among them. The index is asked for more
// and more; where that costs more than scoring the range, the range is scored.
[[nodiscard]] std::vector<Candidate> top_through_index(const Store& store, std::span<const float> unit,
                                                       RowRange range, std::span<const std::size_t> excluded,
                                                       const SimilarOptions& options, Neighbors& scratch);

}  // namespace kith::keyed
