#include "index/forest/stepped_search.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "base/metric.hpp"
#include "index/forest/search.hpp"

namespace kith::index {

SteppedSearch::SteppedSearch(std::shared_ptr<const ForestData> forest, const void* query,
                             const Selection& selection, std::size_t k)
    : forest_(std::move(forest)), selection_(selection), best_(std::min(k, forest_->n_items())) {
    const auto* const bytes = static_cast<const std::byte*>(query);
    query_.assign(bytes, bytes + row_bytes(scalar_of(forest_->metric()), forest_->dim()));
    if (selection_.filtered()) share_ = selection_.share();
    begin_walk(*forest_, frontier_);
}

void SteppedSearch::step(std::size_t search_k, Neighbors& out) {
    if (best_.k() != 0 && search_k != 0 && !compared_all_ && !forest_->roots().empty()) {
        FilteredEffort effort{.all = false, .search_k = search_k};
        if (selection_.filtered()) effort = filtered_effort(*forest_, share_, search_k);
        if (effort.all) {
            compare_all();
        } else if (effort.search_k > met_) {
            meet(effort.search_k);
        }
    }
    TopK& best = thread_scratch().best;
    best = best_;
    give_neighbors(*forest_, best, out);
}

void SteppedSearch::meet(std::size_t search_k) {
    SearchScratch& scratch = thread_scratch();
    walk_on(*forest_, query_.data(), search_k - met_, frontier_, scratch);
    met_ += scratch.leaves.total();
    const std::size_t held = ids_.size();
    collect_ids(*forest_, scratch.leaves, scratch.met, held, ids_);
    std::span<const std::uint32_t> fresh = std::span(ids_).subspan(held);
    if (!selection_.everything()) {
        scratch.ids.clear();
        std::copy_if(fresh.begin(), fresh.end(), std::back_inserter(scratch.ids),
                     [&](std::uint32_t id) { return selection_.allows(id); });
        fresh = scratch.ids;
    }
    rank_ids(*forest_, query_.data(), fresh, best_);
}

// But for those that were met.
void SteppedSearch::compare_all() {
    SearchScratch& scratch = thread_scratch();
    scratch.ids.clear();
    selection_.append_to(scratch.ids);
    scratch.met.resize(forest_->n_items());
    for (const std::uint32_t id : ids_) scratch.met.add(id);
    std::erase_if(scratch.ids, [&](std::uint32_t id) { return scratch.met.contains(id); });
    scratch.met.clear(ids_);
    rank_ids(*forest_, query_.data(), scratch.ids, best_);
    compared_all_ = true;
}

}  // namespace kith::index
