#include <kith/progressive.hpp>

#include <algorithm>
#include <utility>

namespace kith {
namespace {

// As Forest::search understands it. Beyond all leaves of all trees more effort finds no more.
std::int64_t last_effort(const Forest& forest, const SearchOptions& options) {
    const auto trees = static_cast<std::int64_t>(forest.n_trees());
    const auto most = static_cast<std::int64_t>(forest.size()) * std::max<std::int64_t>(trees, 1);
    if (options.search_k >= 0) return std::min(options.search_k, most);
    return static_cast<std::int64_t>(
        std::min<std::uint64_t>(forest.default_search_k(options.k), static_cast<std::uint64_t>(most)));
}

}  // namespace

ProgressiveSearch::ProgressiveSearch(Forest forest, std::span<const float> query, const SearchOptions& options)
    : forest_(std::move(forest)), query_(query.begin(), query.end()), options_(options) {
    // What is wrong with the arguments is said now.
    SearchOptions none = options;
    none.search_k = std::min<std::int64_t>(options.search_k, 0);
    none.k = 0;
    forest_.search(query_, none, found_);
    last_ = last_effort(forest_, options);
}

bool ProgressiveSearch::next() {
    if (done_) return false;
    const auto first = static_cast<std::int64_t>(std::clamp<std::size_t>(options_.k, 1, forest_.size() + 1));
    effort_ = effort_ == 0 ? std::min(first, last_) : effort_ > last_ / 2 ? last_ : 2 * effort_;
    done_ = effort_ == last_;
    options_.search_k = effort_;
    forest_.search(query_, options_, found_);
    return true;
}

}  // namespace kith
