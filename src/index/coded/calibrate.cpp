#include "index/coded/calibrate.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "index/coded/prepare.hpp"
#include "index/coded/search.hpp"
#include "index/recall_curve.hpp"

namespace kith::index {
namespace {

using Grid = EffortGrid<14>;

// Efforts from one leaf's rows to a quarter of all, each a quarter more than the last; then all.
Grid grid_for(const CodedData& data) {
    Grid grid{{}, {10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 450, 640, 900}};
    const double all = static_cast<double>(data.rows.count()) * data.parameters.n_trees;
    for (double k = data.parameters.leaf_size; k < std::min(all / 4, 4e9); k = k * 1.25 + 1) {
        grid.efforts.push_back(static_cast<std::uint32_t>(k));
    }
    grid.efforts.push_back(static_cast<std::uint32_t>(std::min(all, 4e9)));
    return grid;
}

// Searches for rows of the forest, which are not found themselves. One per thread.
class Ask {
public:
    Ask(const CodedData& data, const RowStore& truth, std::size_t most)
        : data_(data), truth_(truth), most_(most), query_(data.rows.dim()) {}

    void begin(std::size_t self) {
        self_ = static_cast<std::uint32_t>(self);
        prepare_row(truth_, self, query_);
    }
    template <class Each>
    void find(std::uint32_t search_k, const Each& each) {
        for (const std::uint64_t found : find_candidates(data_, query_, {search_k, most_ + 1, 0})) {
            const auto row = static_cast<std::uint32_t>(found);
            if (row != self_) each(row);
        }
    }

private:
    const CodedData& data_;
    const RowStore& truth_;
    std::size_t most_;
    std::vector<float> query_;
    std::uint32_t self_ = 0;
};

}  // namespace

std::vector<RecallPoint> measure_recall(const CodedData& data, const RowStore& truth, std::size_t queries,
                                        std::uint64_t seed, std::size_t threads, ProgressMeter& meter) {
    const Grid grid = grid_for(data);
    return measure_curve<RecallPoint>(
        truth, data.rows, grid, queries, seed, threads, meter,
        [&] { return Ask(data, truth, grid.shortlists.back()); }, [](const RecallPoint&) { return true; },
        [&](const RecallPoint& p) { return cost_of(data, p.search_k, p.shortlist); });
}

}  // namespace kith::index
