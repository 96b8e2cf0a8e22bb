#include "index/coded/calibrate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "base/top_k.hpp"
#include "index/coded/prepare.hpp"
#include "index/coded/search.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kNeighbors = 10;
constexpr std::array<std::uint32_t, 14> kShortlists = {10,  14,  20,  28,  40,  56,  80,
                                                       112, 160, 224, 320, 450, 640, 900};

// Queries that share one pass over the rows.
constexpr std::size_t kGroup = 16;

// From one leaf's rows to a quarter of all, each a quarter more than the last; then all.
std::vector<std::uint32_t> efforts(const CodedData& data) {
    const double all = static_cast<double>(data.rows.count()) * data.parameters.n_trees;
    std::vector<std::uint32_t> out;
    for (double k = data.parameters.leaf_size; k < std::min(all / 4, 4e9); k = k * 1.25 + 1) {
        out.push_back(static_cast<std::uint32_t>(k));
    }
    out.push_back(static_cast<std::uint32_t>(std::min(all, 4e9)));
    return out;
}

// found[e][r] += neighbours among the best kShortlists[r] candidates of effort e.
using Found = std::vector<std::array<std::uint32_t, kShortlists.size()>>;

void measure_one(const CodedData& data, std::size_t self, const std::vector<std::uint32_t>& neighbors,
                 const std::vector<std::uint32_t>& efforts, Found& found) {
    std::vector<float> query(data.rows.dim());
    prepare_row(data.rows, self, query);
    for (std::size_t e = 0; e < efforts.size(); ++e) {
        std::size_t position = 0;
        for (const std::uint64_t each : find_candidates(data, query, {efforts[e], kShortlists.back() + 1, 0})) {
            const auto row = static_cast<std::uint32_t>(each);
            if (row == self) continue;
            ++position;
            if (std::ranges::find(neighbors, row) == neighbors.end()) continue;
            for (std::size_t r = 0; r < kShortlists.size(); ++r) {
                if (position <= kShortlists[r]) ++found[e][r];
            }
        }
    }
}

// The points that no cheaper one reaches.
std::vector<RecallPoint> cheapest(const CodedData& data, const std::vector<std::uint32_t>& efforts,
                                  const Found& found, std::size_t wanted) {
    std::vector<RecallPoint> points;
    for (std::size_t e = 0; e < efforts.size(); ++e) {
        for (std::size_t r = 0; r < kShortlists.size(); ++r) {
            const double recall = static_cast<double>(found[e][r]) / static_cast<double>(wanted);
            points.push_back({static_cast<float>(recall), efforts[e], kShortlists[r]});
        }
    }
    std::ranges::stable_sort(points, {},
                             [&](const RecallPoint& p) { return cost_of(data, p.search_k, p.shortlist); });
    std::vector<RecallPoint> out;
    for (const RecallPoint& point : points) {
        if (out.empty() || point.recall > out.back().recall) out.push_back(point);
    }
    return out;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> true_neighbors(const RowStore& rows, std::span<const std::size_t> selves) {
    constexpr std::size_t kBlock = 256;
    std::array<float, kBlock> ranks;
    std::vector<TopK> tops(selves.size(), TopK(kNeighbors));
    for (std::size_t first = 0; first < rows.count(); first += kBlock) {
        const std::size_t n = std::min(kBlock, rows.count() - first);
        for (std::size_t q = 0; q < selves.size(); ++q) {
            rows.kernels().scan(rows.row(selves[q]), rows.row(first), rows.stride(), n, rows.length(),
                                ranks.data());
            for (std::size_t i = 0; i < n; ++i) {
                if (first + i != selves[q]) tops[q].push(ranks[i], static_cast<Id>(first + i));
            }
        }
    }
    std::vector<std::vector<std::uint32_t>> out(selves.size());
    for (std::size_t q = 0; q < selves.size(); ++q) {
        for (const Candidate& each : tops[q].sorted()) out[q].push_back(static_cast<std::uint32_t>(each.id));
    }
    return out;
}

std::vector<RecallPoint> measure_recall(const CodedData& data, std::size_t queries, std::uint64_t seed,
                                        std::size_t threads, ProgressMeter& meter) {
    if (data.rows.count() < 2) return {};
    const std::vector<std::uint32_t> grid = efforts(data);
    const std::size_t groups = blocks_of(queries, kGroup);
    std::vector<Found> found(groups, Found(grid.size()));
    std::vector<std::size_t> wanted(groups);
    parallel_for(groups, threads, [&](std::size_t g, std::size_t) {
        Random random = Random::stream(seed, g);
        std::vector<std::size_t> selves(std::min(kGroup, queries - g * kGroup));
        for (std::size_t& self : selves) self = random.below(data.rows.count());
        const std::vector<std::vector<std::uint32_t>> neighbors = true_neighbors(data.rows, selves);
        for (std::size_t q = 0; q < selves.size(); ++q) {
            measure_one(data, selves[q], neighbors[q], grid, found[g]);
            wanted[g] += neighbors[q].size();
        }
        meter.add(selves.size());
    });
    Found total(grid.size());
    std::size_t total_wanted = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        total_wanted += wanted[g];
        for (std::size_t e = 0; e < grid.size(); ++e) {
            for (std::size_t r = 0; r < kShortlists.size(); ++r) total[e][r] += found[g][e][r];
        }
    }
    return cheapest(data, grid, total, total_wanted);
}

}  // namespace kith::index
