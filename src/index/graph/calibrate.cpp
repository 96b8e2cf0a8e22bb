#include "index/graph/calibrate.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "index/graph/search.hpp"
#include "index/graph/short_rows.hpp"
#include "index/recall_curve.hpp"

namespace kith::index {
namespace {

constexpr double kMostEf = 2500;

// The least effort at which each of so many queries finds all its neighbours, and so many steps more, are enough: recall is
// then beyond what can be measured.
constexpr std::size_t kPilots = 4 * kCurveGroup;
constexpr std::size_t kStepsMore = 4;

using Grid = EffortGrid<15>;

// Efforts each some 15% more than the last.
Grid grid_for(std::size_t count) {
    Grid grid{{}, {10, 12, 15, 18, 22, 27, 33, 40, 50, 65, 85, 115, 160, 230, 350}};
    for (double ef = 10; ef < std::min(kMostEf, static_cast<double>(count)); ef = ef * 1.15 + 1) {
        grid.efforts.push_back(static_cast<std::uint32_t>(ef));
    }
    if (grid.efforts.empty()) grid.efforts.push_back(10);
    return grid;
}

// Efforts up to the least at which a row finds all its neighbours; all of them where none does.
std::size_t efforts_for(const GraphData& data, const Grid& grid, const ShortQuery& query, std::uint32_t self,
                        std::span<const std::uint32_t> neighbors) {
    for (std::size_t e = 0; e < grid.efforts.size(); ++e) {
        const std::span<const std::uint32_t> found = walk(data, query, grid.efforts[e], self);
        const auto chosen = found.first(std::min<std::size_t>(found.size(), grid.shortlists.back()));
        const auto is_chosen = [&](std::uint32_t row) { return std::ranges::find(chosen, row) != chosen.end(); };
        if (std::ranges::all_of(neighbors, is_chosen)) return e + 1;
    }
    return grid.efforts.size();
}

void drop_needless_efforts(const GraphData& data, const RowStore& truth, std::uint64_t seed, std::size_t threads,
                           Grid& grid) {
    std::array<std::size_t, kPilots / kCurveGroup> needed{};
    parallel_for(needed.size(), threads, [&](std::size_t group, std::size_t) {
        const auto [selves, neighbors] = draw_curve_queries(truth, kCurveGroup, Random::stream(~seed, group));
        std::vector<float> vector(truth.dim());
        ShortQuery query;
        for (std::size_t i = 0; i < selves.size(); ++i) {
            truth.get(selves[i], vector);
            shorten_query(data, vector, query);
            const auto self = static_cast<std::uint32_t>(selves[i]);
            needed[group] = std::max(needed[group], efforts_for(data, grid, query, self, neighbors[i]));
        }
    });
    const std::size_t enough = *std::ranges::max_element(needed) + kStepsMore;
    grid.efforts.resize(std::min(grid.efforts.size(), enough));
}

}  // namespace

std::vector<GraphRecallPoint> measure_recall(const GraphData& data, const RowStore& truth, std::size_t queries,
                                             std::uint64_t seed, std::size_t threads, ProgressMeter& meter) {
    Grid grid = grid_for(data.rows.count());
    if (data.rows.count() > 1) drop_needless_efforts(data, truth, seed, threads, grid);
    const auto make_ask = [&] {
        return [&, query = ShortQuery(), vector = std::vector<float>(data.rows.dim())](std::size_t self,
                                                                                       const auto& each) mutable {
            truth.get(self, vector);
            shorten_query(data, vector, query);
            for (std::size_t e = 0; e < grid.efforts.size(); ++e) {
                for (const std::uint32_t row :
                     walk(data, query, grid.efforts[e], static_cast<std::uint32_t>(self))) {
                    each(e, row);
                }
            }
        };
    };
    return measure_curve<GraphRecallPoint>(
        truth, data.rows, grid, queries, seed, threads, meter, make_ask,
        [](const GraphRecallPoint& p) { return p.shortlist <= p.ef; },
        [&](const GraphRecallPoint& p) { return cost_of(data, p.ef, p.shortlist); });
}

}  // namespace kith::index
