// Searching a forest: walk the trees to the best leaves, then rank the items in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <kith/neighbors.hpp>

#include "base/top_k.hpp"
#include "index/forest/forest_data.hpp"
#include "index/forest/frontier.hpp"
#include "index/forest/id_set.hpp"
#include "index/selection.hpp"

namespace kith::index {

// What one search works in. Kept by each thread from query to query, so that searching allocates nothing.
struct SearchScratch {
    Frontier frontier;
    LeafSet leaves;
    IdSet met;
    std::vector<std::uint32_t> ids;  // the candidates
    TopK best;
    std::vector<std::uint64_t> bits;  // a packed Hamming query
};

[[nodiscard]] SearchScratch& thread_scratch();

// Leaves in `scratch.leaves` what a search that may meet `search_k` candidates meets. `query` is a stored vector or
// of its form. REQUIRES: search_k > 0.
void walk_trees(const ForestData& forest, const void* query, std::size_t search_k, SearchScratch& scratch);

// Fills `out` with the `k` nearest of the items in `scratch.leaves` that the selection allows.
void rank_candidates(const ForestData& forest, const void* query, const Selection& selection, std::size_t k,
                     SearchScratch& scratch, Neighbors& out);

// Both of the above. The answer is that of Annoy for n = k; k = 0 or search_k = 0 gives none. With a filter, as many
// more candidates are met as it allows fewer of them, or those allowed are all compared where that is quicker.
void search_forest(const ForestData& forest, const void* query, const Selection& selection, std::size_t k,
                   std::size_t search_k, Neighbors& out);

}  // namespace kith::index
