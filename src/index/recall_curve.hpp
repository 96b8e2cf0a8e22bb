// Measures recall against effort, for indexes that then answer SearchOptions::recall.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "base/random.hpp"
#include "base/top_k.hpp"
#include "index/row_store.hpp"

namespace kith::index {

// Recall is measured for so many neighbours.
inline constexpr std::size_t kCurveNeighbors = 10;

// The rows nearest to each of a few rows, which are left out themselves; fewer where there are not as many.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> true_neighbors(const RowStore& rows,
                                                                     std::span<const std::size_t> selves);

// Queries that share one pass over the rows.
inline constexpr std::size_t kCurveGroup = 16;

// Rows to ask for, which must not find themselves, and the true neighbours of each.
struct CurveQueries {
    std::vector<std::size_t> selves;
    std::vector<std::vector<std::uint32_t>> neighbors;
};
// REQUIRES: rows.count() > 0.
[[nodiscard]] CurveQueries draw_curve_queries(const RowStore& rows, std::size_t count, Random random);

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

// Counts which of a query's true neighbours end up among the nearest with one effort after the other and every shortlist. Rows as
// given rank a shortlist's true neighbours first; compressed rows may not, so that these are ranked as a search does.
template <std::size_t kShortlists>
class FindCounter {
public:
    using Counts = std::array<std::uint32_t, kShortlists>;

    // `truth` has the rows as they were given, `rows` as a search ranks them.
    FindCounter(const RowStore& truth, const RowStore& rows,
                const std::array<std::uint32_t, kShortlists>& shortlists)
        : truth_(truth), rows_(rows), shortlists_(shortlists), vector_(truth.dim()) {}

    void begin(std::size_t self, std::span<const std::uint32_t> neighbors) {
        neighbors_ = neighbors;
        complete_ = 0;
        if (!rows_.is_compressed()) return;
        ranks_.clear();
        truth_.get(self, vector_);
        query_ = rows_.as_row(vector_, memory_);
    }

    // Whether more effort is not expected to change anything: the last ones found all neighbours. What they find beyond those that
    // less effort found is further away.
    [[nodiscard]] bool is_settled() const noexcept { return complete_ >= kComplete; }

    void begin_effort() {
        counts_.fill(0);
        position_ = 0;
        found_ = 0;
        nearest_.clear();
    }

    // The next best row that the effort finds.
    void add(std::uint32_t row) {
        if (++position_ > shortlists_.back()) return;
        const bool is_one = is_true(row);
        found_ += is_one ? 1 : 0;
        if (rows_.is_compressed()) {
            keep({rank_of(row), row});
            for (std::size_t s = 0; s < kShortlists; ++s) {
                if (position_ == shortlists_[s]) counts_[s] = true_among_nearest();
            }
        } else if (is_one) {
            for (std::size_t s = 0; s < kShortlists; ++s) counts_[s] += position_ <= shortlists_[s] ? 1 : 0;
        }
    }

    // Shortlists longer than what was found.
    void end_effort() {
        complete_ = found_ == neighbors_.size() ? complete_ + 1 : 0;
        if (!rows_.is_compressed()) return;
        for (std::size_t s = 0; s < kShortlists; ++s) {
            if (position_ < shortlists_[s]) counts_[s] = true_among_nearest();
        }
    }

    // For every shortlist, how many neighbours the last effort found.
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

private:
    // Efforts in a row that find all neighbours.
    static constexpr std::size_t kComplete = 2;

    [[nodiscard]] bool is_true(std::uint32_t row) const {
        return std::ranges::find(neighbors_, row) != neighbors_.end();
    }
    [[nodiscard]] std::uint32_t true_among_nearest() const {
        return static_cast<std::uint32_t>(std::ranges::count_if(
            nearest_, [&](const Candidate& each) { return is_true(static_cast<std::uint32_t>(each.id)); }));
    }
    // Most rows come with many efforts.
    float rank_of(std::uint32_t row) {
        const auto [place, added] = ranks_.try_emplace(row, 0.0F);
        if (added) place->second = rows_.kernels().pair(query_, rows_.row(row), rows_.length());
        return place->second;
    }
    void keep(Candidate candidate) {
        nearest_.insert(std::ranges::upper_bound(nearest_, candidate, std::less<>{}), candidate);
        if (nearest_.size() > kCurveNeighbors) nearest_.pop_back();
    }

    const RowStore& truth_;
    const RowStore& rows_;
    const std::array<std::uint32_t, kShortlists>& shortlists_;
    std::span<const std::uint32_t> neighbors_;
    std::vector<float> vector_;
    QueryMemory memory_;
    const void* query_ = nullptr;
    std::unordered_map<std::uint32_t, float> ranks_;
    std::vector<Candidate> nearest_;
    Counts counts_{};
    std::size_t position_ = 0;
    std::size_t found_ = 0;
    std::size_t complete_ = 0;
};

// The curve for `queries` rows that must not find themselves; empty when there are fewer than two rows. `truth` has the
// rows as they were given, `rows` as searches rank them. make_ask() gives a thread its own ask; after ask.begin(self),
// ask.find(effort, each) calls each(row) for the rows other than `self` that the effort finds, best first. A function of rows,
// grid, queries and seed.
template <class Point, std::size_t kShortlists, class MakeAsk, class Fits, class Cost>
[[nodiscard]] std::vector<Point> measure_curve(const RowStore& truth, const RowStore& rows,
                                               const EffortGrid<kShortlists>& grid, std::size_t queries,
                                               std::uint64_t seed, std::size_t threads, ProgressMeter& meter,
                                               const MakeAsk& make_ask, const Fits& fits, const Cost& cost) {
    using Found = FoundCounts<kShortlists>;
    if (rows.count() < 2) return {};
    const std::size_t groups = (queries + kCurveGroup - 1) / kCurveGroup;
    std::vector<Found> found(groups, Found(grid.efforts.size()));
    std::vector<std::size_t> wanted(groups);
    parallel_for(groups, threads, [&](std::size_t g, std::size_t) {
        const auto [selves, neighbors] =
            draw_curve_queries(truth, std::min(kCurveGroup, queries - g * kCurveGroup), Random::stream(seed, g));
        auto ask = make_ask();
        FindCounter<kShortlists> counter(truth, rows, grid.shortlists);
        for (std::size_t q = 0; q < selves.size(); ++q) {
            counter.begin(selves[q], neighbors[q]);
            ask.begin(selves[q]);
            for (std::size_t e = 0; e < grid.efforts.size(); ++e) {
                if (!counter.is_settled()) {
                    counter.begin_effort();
                    ask.find(grid.efforts[e], [&](std::uint32_t row) { counter.add(row); });
                    counter.end_effort();
                }
                for (std::size_t s = 0; s < kShortlists; ++s) found[g][e][s] += counter.counts()[s];
            }
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
