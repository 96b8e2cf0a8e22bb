#include <kith/progressive.hpp>

#include <algorithm>
#include <utility>

#include "index/forest/stepped_search.hpp"

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

ProgressiveSearch::ProgressiveSearch(const Forest& forest, std::span<const float> query,
                                     const SearchOptions& options)
    : search_(forest.stepped_search(query, options)),
      first_(static_cast<std::int64_t>(std::clamp<std::size_t>(options.k, 1, forest.size() + 1))),
      last_(last_effort(forest, options)) {}

ProgressiveSearch::ProgressiveSearch(ProgressiveSearch&&) noexcept = default;
ProgressiveSearch& ProgressiveSearch::operator=(ProgressiveSearch&&) noexcept = default;
ProgressiveSearch::~ProgressiveSearch() = default;

bool ProgressiveSearch::next() {
    if (!search_) return false;
    const std::int64_t effort = effort_ == 0 ? std::min(first_, last_) : effort_ > last_ / 2 ? last_ : 2 * effort_;
    std::unique_ptr<index::SteppedSearch> search = std::exchange(search_, nullptr);
    search->step(static_cast<std::size_t>(effort), found_);
    effort_ = effort;
    if (effort != last_) search_ = std::move(search);
    return true;
}

}  // namespace kith
