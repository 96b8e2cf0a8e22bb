#include "index/graph/calibrate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "index/coded/calibrate.hpp"
#include "index/graph/search.hpp"
#include "index/graph/short_rows.hpp"

namespace kith::index {
namespace {

constexpr std::array<std::uint32_t, 15> kShortlists = {10, 12, 15, 18,  22,  27,  33, 40,
                                                       50, 65, 85, 115, 160, 230, 350};
constexpr double kMostEf = 2500;

// Queries that share one pass over the rows.
constexpr std::size_t kGroup = 16;

// Each some 15% more than the last.
std::vector<std::uint32_t> efforts(std::size_t count) {
    std::vector<std::uint32_t> out;
    for (double ef = 10; ef < std::min(kMostEf, static_cast<double>(count)); ef = ef * 1.15 + 1) {
        out.push_back(static_cast<std::uint32_t>(ef));
    }
    if (out.empty()) out.push_back(10);
    return out;
}

// found[e][s] += neighbours among the best kShortlists[s] rows of effort e.
using Found = std::vector<std::array<std::uint32_t, kShortlists.size()>>;

void measure_one(const GraphData& data, std::size_t self, const std::vector<std::uint32_t>& neighbors,
                 const std::vector<std::uint32_t>& efforts, ShortQuery& query, Found& found) {
    std::vector<float> vector(data.rows.dim());
    data.rows.get(self, vector);
    shorten_query(data, vector, query);
    for (std::size_t e = 0; e < efforts.size(); ++e) {
        std::size_t position = 0;
        for (const std::uint32_t row : walk(data, query, efforts[e], static_cast<std::uint32_t>(self))) {
            ++position;
            if (std::ranges::find(neighbors, row) == neighbors.end()) continue;
            for (std::size_t s = 0; s < kShortlists.size(); ++s) {
                if (position <= kShortlists[s]) ++found[e][s];
            }
        }
    }
}

// The points that no cheaper one reaches.
std::vector<GraphRecallPoint> cheapest(const GraphData& data, const std::vector<std::uint32_t>& efforts,
                                       const Found& found, std::size_t wanted) {
    std::vector<GraphRecallPoint> points;
    for (std::size_t e = 0; e < efforts.size(); ++e) {
        for (std::size_t s = 0; s < kShortlists.size() && kShortlists[s] <= efforts[e]; ++s) {
            const double recall = static_cast<double>(found[e][s]) / static_cast<double>(wanted);
            points.push_back({static_cast<float>(recall), efforts[e], kShortlists[s]});
        }
    }
    std::ranges::stable_sort(points, {},
                             [&](const GraphRecallPoint& p) { return cost_of(data, p.ef, p.shortlist); });
    std::vector<GraphRecallPoint> out;
    for (const GraphRecallPoint& point : points) {
        if (out.empty() || point.recall > out.back().recall) out.push_back(point);
    }
    return out;
}

}  // namespace

std::vector<GraphRecallPoint> measure_recall(const GraphData& data, std::size_t queries, std::uint64_t seed,
                                             std::size_t threads, ProgressMeter& meter) {
    if (data.rows.count() < 2) return {};
    const std::vector<std::uint32_t> grid = efforts(data.rows.count());
    const std::size_t groups = (queries + kGroup - 1) / kGroup;
    std::vector<Found> found(groups, Found(grid.size()));
    std::vector<std::size_t> wanted(groups);
    parallel_for(groups, threads, [&](std::size_t g, std::size_t) {
        Random random = Random::stream(seed, g);
        std::vector<std::size_t> selves(std::min(kGroup, queries - g * kGroup));
        for (std::size_t& self : selves) self = random.below(data.rows.count());
        const std::vector<std::vector<std::uint32_t>> neighbors = true_neighbors(data.rows, selves);
        ShortQuery query;
        for (std::size_t q = 0; q < selves.size(); ++q) {
            measure_one(data, selves[q], neighbors[q], grid, query, found[g]);
            wanted[g] += neighbors[q].size();
        }
        meter.add(selves.size());
    });
    Found total(grid.size());
    std::size_t total_wanted = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        total_wanted += wanted[g];
        for (std::size_t e = 0; e < grid.size(); ++e) {
            for (std::size_t s = 0; s < kShortlists.size(); ++s) total[e][s] += found[g][e][s];
        }
    }
    return cheapest(data, grid, total, total_wanted);
}

}  // namespace kith::index
