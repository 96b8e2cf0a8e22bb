#include "index/range.hpp"

#include <algorithm>

namespace kith::index {
namespace {

// Neighbours asked for at first, and how many times as many from one try to the next.
constexpr std::size_t kFirst = 32;
constexpr std::size_t kGrowth = 4;

}  // namespace

bool search_outwards(const Index& index, std::span<const float> query, float radius, const SearchOptions& options,
                     std::size_t most, std::size_t effort, Neighbors& out) {
    SearchOptions step = options;
    const std::size_t wanted = std::min(options.k, index.size());
    step.k = wanted == 0 ? 0 : std::min(kFirst, index.size());
    while (true) {
        // Where k decides the effort, the index is one that `ef` speaks of.
        const bool fixed = options.search_k >= 0 || (options.ef >= 0 && effort == 0);
        if (!fixed && effort != 0) step.search_k = static_cast<std::int64_t>(effort * step.k);
        index.search(query, step, out);
        const std::size_t found = out.size();
        const auto beyond = std::ranges::find_if(
            out.distances, [&](float each) { return !is_within(index.metric(), each, radius); });
        const auto within = static_cast<std::size_t>(beyond - out.distances.begin());
        // As many again beyond it: an index that misses some is not to be stopped by the first.
        const bool reached = within < found && 2 * within <= step.k;
        // An effort that does not grow with k finds no more however often it is asked.
        const bool exhausted = fixed && found < step.k;
        if (reached || exhausted || within >= wanted || step.k == index.size()) {
            out.ids.resize(std::min(within, wanted));
            out.distances.resize(std::min(within, wanted));
            return true;
        }
        if (step.k >= most) return false;
        step.k = std::min(index.size(), kGrowth * step.k);
    }
}

}  // namespace kith::index
