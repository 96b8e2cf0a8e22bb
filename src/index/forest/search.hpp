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
    std::vector<ReachedLeaf> spare;  // met by walk_on() beyond what it was to meet
    IdSet met;
    std::vector<std::uint32_t> ids;  // the candidates
    TopK best;
    std::vector<std::uint64_t> bits;  // a packed Hamming query
};

[[nodiscard]] SearchScratch& thread_scratch();

// Leaves in `scratch.leaves` what a search that may meet `search_k` candidates meets. `query` is a stored vector or
// of its form. REQUIRES: search_k > 0.
void walk_trees(const ForestData& forest, const void* query, std::size_t search_k, SearchScratch& scratch);

// A walk in pieces: begins at the roots, and each time goes on until it has met `more` candidates, whose leaves it
// leaves in `scratch.leaves`. All pieces together meet what walk_trees() meets for what the ones before the last really
// met, and the last one's `more`. What it takes to go on is in `frontier`. REQUIRES: more > 0.
void begin_walk(const ForestData& forest, Frontier& frontier);
void walk_on(const ForestData& forest, const void* query, std::size_t more, Frontier& frontier,
             SearchScratch& scratch);

// Leaves in `ids` the first `held` of them, and after those the ids in the leaves that are not among them. Where rows
// are long, those in the best leaves come first: a tight limit spares reading. `met` is empty before and after.
void collect_ids(const ForestData& forest, LeafSet& leaves, IdSet& met, std::size_t held,
                 std::vector<std::uint32_t>& ids);

// Pushes those of the ids that are items. REQUIRES: each is below n_items().
void rank_ids(const ForestData& forest, const void* query, std::span<const std::uint32_t> ids, TopK& best);

// Fills `out` with what `best` has kept, which nothing may be pushed to any more.
void give_neighbors(const ForestData& forest, TopK& best, Neighbors& out);

// What a filtered search does.
struct FilteredEffort {
    bool all = false;          // compares with all items allowed; else
    std::size_t search_k = 0;  // meets so many candidates, of which it ranks those allowed
};

// With a filter that allows `share` of the items, as many more candidates are met as it allows fewer of them, or those
// allowed are all compared where that is quicker. More search_k never means less of either.
[[nodiscard]] FilteredEffort filtered_effort(const ForestData& forest, double share, std::size_t search_k) noexcept;

// A whole search. The answer is that of Annoy for n = k; k = 0 or search_k = 0 gives none.
void search_forest(const ForestData& forest, const void* query, const Selection& selection, std::size_t k,
                   std::size_t search_k, Neighbors& out);

}  // namespace kith::index
