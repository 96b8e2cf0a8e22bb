#include "index/forest/search.hpp"

#include <algorithm>
#include <array>

#include "base/metric.hpp"
#include "index/forest/ordered_key.hpp"

namespace kith::index {
namespace {

// Items ranked at a time: their distances stay in the nearest cache.
constexpr std::size_t kBlock = 128;

// Each id once, ascending. Ids beyond the items, which only a damaged file holds, are left out.
void collect(const ForestData& forest, SearchScratch& scratch) {
    scratch.candidates.resize(forest.n_items());
    scratch.ids.clear();
    scratch.ids.reserve(std::min(scratch.leaves.total(), forest.n_items()));
    for (const Leaf& leaf : scratch.leaves.leaves()) {
        const std::uint32_t node = node_of(leaf.key);
        if (node < forest.n_items()) {
            scratch.candidates.add(node);
            continue;
        }
        const std::byte* list = forest.node(node) + forest.layout().children;
        for (std::size_t i = 0; i < leaf.count; ++i) {
            const auto id = load<std::uint32_t>(list + i * sizeof(std::uint32_t));
            if (id < forest.n_items()) scratch.candidates.add(id);
        }
    }
    scratch.candidates.drain(scratch.ids);
}

}  // namespace

SearchScratch& thread_scratch() {
    thread_local SearchScratch scratch;
    return scratch;
}

void rank_candidates(const ForestData& forest, const void* query, std::size_t k, SearchScratch& scratch,
                     Neighbors& out) {
    collect(forest, scratch);
    const kernel::GatherFn gather = forest.distances().gather;
    const Items& items = forest.items();
    std::array<float, kBlock> ranks;
    scratch.best.reset(std::min(k, scratch.ids.size()));
    for (std::size_t first = 0; first < scratch.ids.size(); first += kBlock) {
        const std::uint32_t* ids = scratch.ids.data() + first;
        const std::size_t count = std::min(kBlock, scratch.ids.size() - first);
        gather(query, items.vectors, items.stride, ids, count, forest.elements(), ranks.data());
        for (std::size_t i = 0; i < count; ++i) {
            if (ranks[i] > scratch.best.threshold()) continue;
            if (forest.is_item(ids[i])) scratch.best.push(ranks[i], ids[i]);
        }
    }
    for (const Candidate& each : scratch.best.sorted()) {
        out.ids.push_back(each.id);
        out.distances.push_back(display(forest.metric(), each.rank));
    }
}

void search_forest(const ForestData& forest, const void* query, std::size_t k, std::size_t search_k,
                   Neighbors& out) {
    out.clear();
    if (k == 0 || search_k == 0 || forest.roots().empty()) return;
    SearchScratch& scratch = thread_scratch();
    walk_trees(forest, query, search_k, scratch);
    rank_candidates(forest, query, k, scratch, out);
}

}  // namespace kith::index
