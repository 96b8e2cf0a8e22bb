// Searches with growing effort, so that a caller can stop once satisfied.
//
//     kith::ProgressiveSearch steps(forest, query, {.k = 10, .search_k = 40'000});
//     while (steps.next() && !good_enough(steps.neighbors())) {}
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <kith/forest.hpp>
#include <kith/index.hpp>
#include <kith/neighbors.hpp>

namespace kith {

namespace index {
class SteppedSearch;
}

// One query to a forest, answered again and again. Not safe to use from several threads at once.
class ProgressiveSearch {
public:
    // The last step is search(query, options); a filter must live as long as this. Throws as Forest::search.
    ProgressiveSearch(const Forest& forest, std::span<const float> query, const SearchOptions& options = {});

    // One that was moved from has no more steps.
    ProgressiveSearch(ProgressiveSearch&&) noexcept;
    ProgressiveSearch& operator=(ProgressiveSearch&&) noexcept;
    ~ProgressiveSearch();

    // Searches with twice the candidates of the step before, at most with the last step's. False, and nothing changes,
    // after the last step. The first inspects some k candidates. Each step goes on from the one before: all together
    // take about the time of the last alone (bench/RESULTS.md). What that takes is kept until the last step: 4 bytes for
    // each candidate and about 8 for each node of the trees visited so far.
    bool next();

    // What the step found: exactly what Forest::search gives for search_k(). Neighbours only get nearer from step to
    // step. Empty before the first.
    [[nodiscard]] const Neighbors& neighbors() const noexcept { return found_; }

    // The step's effort; 0 before the first.
    [[nodiscard]] std::int64_t search_k() const noexcept { return effort_; }

private:
    std::unique_ptr<index::SteppedSearch> search_;  // null after the last step
    std::int64_t first_;
    std::int64_t last_;
    std::int64_t effort_ = 0;
    Neighbors found_;
};

}  // namespace kith
