#include "index/graph/calibrate.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

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

// Walks for rows of the graph, which are not found themselves. One per thread.
class Ask {
public:
    Ask(const GraphData& data, const RowStore& truth) : data_(data), truth_(truth), vector_(data.rows.dim()) {}

    void begin(std::size_t self) {
        self_ = static_cast<std::uint32_t>(self);
        truth_.get(self, vector_);
        shorten_query(data_, vector_, query_);
    }
    template <class Each>
    void find(std::uint32_t ef, const Each& each) {
        for (const std::uint32_t row : walk(data_, query_, ef, self_)) each(row);
    }

private:
    const GraphData& data_;
    const RowStore& truth_;
    std::vector<float> vector_;
    ShortQuery query_;
    std::uint32_t self_ = 0;
};

}  // namespace

std::vector<GraphRecallPoint> measure_recall(const GraphData& data, const RowStore& truth, std::size_t queries,
                                             std::uint64_t seed, std::size_t threads, ProgressMeter& meter) {
    return measure_curve<GraphRecallPoint>(
        truth, data.rows, grid_for(data.rows.count()), queries, seed, threads, meter,
        [&] { return Ask(data, truth); }, [](const GraphRecallPoint& p) { return p.shortlist <= p.ef; },
        [&](const GraphRecallPoint& p) { return cost_of(data, p.ef, p.shortlist); });
}

}  // namespace kith::index
