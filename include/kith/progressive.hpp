// Searches with growing effort, so that a caller can stop once satisfied.
//
//     kith::ProgressiveSearch steps(forest, query, {.k = 10, .search_k = 40'000});
//     while (steps.next() && !good_enough(steps.neighbors())) {}
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <kith/forest.hpp>
#include <kith/index.hpp>
#include <kith/neighbors.hpp>

namespace kith {

// One query to a forest, answered again and again. Not safe to use from several threads at once.
class ProgressiveSearch {
public:
    // The last step is search(query, options); a filter must live as long as this. Throws as Forest::search.
    ProgressiveSearch(Forest forest, std::span<const float> query, const SearchOptions& options = {});

    // Searches with twice the candidates of the step before, at most with the last step's. False, and nothing changes,
    // after the last step. The first inspects some k candidates. Each step searches anew: all together take 2 to 3 times
    // the time of the last, up to 4 where the last one itself is short and vectors are long (bench/RESULTS.md).
    bool next();

    // What the step found: exactly what Forest::search gives for search_k(). Neighbours only get nearer from step to
    // step. Empty before the first.
    [[nodiscard]] const Neighbors& neighbors() const noexcept { return found_; }

    // The step's effort; 0 before the first.
    [[nodiscard]] std::int64_t search_k() const noexcept { return effort_; }

private:
    Forest forest_;
    std::vector<float> query_;
    SearchOptions options_;
    std::int64_t effort_ = 0;
    std::int64_t last_ = 0;
    bool done_ = false;
    Neighbors found_;
};

}  // namespace kith
