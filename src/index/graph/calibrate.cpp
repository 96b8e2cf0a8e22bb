#include "index/graph/calibrate.hpp"

#include <algorithm>
#include <utility>

#include "index/graph/search.hpp"
#include "index/graph/short_rows.hpp"
#include "index/recall_curve.hpp"

namespace kith::index {
namespace {

constexpr double kMostEf = 2500;

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

}  // namespace

std::vector<GraphRecallPoint> measure_recall(const GraphData& data, const RowStore& truth, std::size_t queries,
                                             std::uint64_t seed, std::size_t threads, ProgressMeter& meter) {
    const Grid grid = grid_for(data.rows.count());
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
