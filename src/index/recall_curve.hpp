// Measures recall against effort, for indexes that then answer SearchOptions::recall.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "base/random.hpp"
#include "index/row_store.hpp"

namespace kith::index {

// The 10 rows nearest to each of a few rows, which are left out themselves; fewer where there are not as many.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> true_neighbors(const RowStore& rows,
                                                                     std::span<const std::size_t> selves);

// What is tried: every shortlist with every effort. Both ascend.
template <std::size_t kShortlists>
struct EffortGrid {
    std::vector<std::uint32_t> efforts;
    std::array<std::uint32_t, kShortlists> shortlists;
};

// found[e][s] += neighbours among the best shortlists[s] rows that effort e finds.
template <std::size_t kShortlists>
using FoundCounts = std::vector<std::array<std::uint32_t, kShortlists>>;

// The cheapest points that reach their recall@10, in ascending order of recall and cost(point); those for which
// fits(point) is false are not considered. Point is an aggregate of recall, effort and shortlist.
template <class Point, std::size_t kShortlists, class Fits, class Cost>
[[nodiscard]] std::vector<Point> cheapest_points(const EffortGrid<kShortlists>& grid,
                                                 const FoundCounts<kShortlists>& found, std::size_t wanted,
                                                 const Fits& fits, const Cost& cost) {
    std::vector<Point> points;
    for (std::size_t e = 0; e < grid.efforts.size(); ++e) {
        for (std::size_t s = 0; s < kShortlists; ++s) {
            const double recall = static_cast<double>(found[e][s]) / static_cast<double>(wanted);
            const Point point{static_cast<float>(recall), grid.efforts[e], grid.shortlists[s]};
            if (fits(point)) points.push_back(point);
        }
    }
    std::ranges::stable_sort(points, {}, cost);
    std::vector<Point> out;
    for (const Point& point : points) {
        if (out.empty() || point.recall > out.back().recall) out.push_back(point);
    }
    return out;
}

// The curve for `queries` rows of the index that must not find themselves; empty when there are fewer than two rows.
// make_ask() gives a thread its own ask; ask(self, each) calls each(e, row) for the rows other than `self` that effort
// e finds, best first, for every e. A function of rows, grid, queries and seed.
template <class Point, std::size_t kShortlists, class MakeAsk, class Fits, class Cost>
[[nodiscard]] std::vector<Point> measure_curve(const RowStore& rows, const EffortGrid<kShortlists>& grid,
                                               std::size_t queries, std::uint64_t seed, std::size_t threads,
                                               ProgressMeter& meter, const MakeAsk& make_ask, const Fits& fits,
                                               const Cost& cost) {
    constexpr std::size_t kGroup = 16;  // queries that share one pass over the rows
    using Found = FoundCounts<kShortlists>;
    if (rows.count() < 2) return {};
    const std::size_t groups = (queries + kGroup - 1) / kGroup;
    std::vector<Found> found(groups, Found(grid.efforts.size()));
    std::vector<std::size_t> wanted(groups);
    parallel_for(groups, threads, [&](std::size_t g, std::size_t) {
        Random random = Random::stream(seed, g);
        std::vector<std::size_t> selves(std::min(kGroup, queries - g * kGroup));
        for (std::size_t& self : selves) self = random.below(rows.count());
        const std::vector<std::vector<std::uint32_t>> neighbors = true_neighbors(rows, selves);
        auto ask = make_ask();
        std::vector<std::size_t> positions(grid.efforts.size());
        for (std::size_t q = 0; q < selves.size(); ++q) {
            std::ranges::fill(positions, std::size_t{0});
            ask(selves[q], [&](std::size_t e, std::uint32_t row) {
                ++positions[e];
                if (std::ranges::find(neighbors[q], row) == neighbors[q].end()) return;
                for (std::size_t s = 0; s < kShortlists; ++s) {
                    if (positions[e] <= grid.shortlists[s]) ++found[g][e][s];
                }
            });
            wanted[g] += neighbors[q].size();
        }
        meter.add(selves.size());
    });
    Found total(grid.efforts.size());
    std::size_t total_wanted = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        total_wanted += wanted[g];
        for (std::size_t e = 0; e < total.size(); ++e) {
            for (std::size_t s = 0; s < kShortlists; ++s) total[e][s] += found[g][e][s];
        }
    }
    return cheapest_points<Point>(grid, total, total_wanted, fits, cost);
}

}  // namespace kith::index
