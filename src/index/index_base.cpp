#include <kith/index.hpp>

#include <algorithm>
#include <limits>

#include <kith/error.hpp>

#include "base/parallel.hpp"

namespace kith {
namespace {

// Queries handed to a thread at a time: large enough to amortise the hand-over, small enough to balance.
constexpr std::size_t kBatchGrain = 16;

}  // namespace

std::string_view name(IndexKind kind) noexcept {
    switch (kind) {
        case IndexKind::kNone: return "none";
        case IndexKind::kFlat: return "flat";
        case IndexKind::kForest: return "forest";
        case IndexKind::kGraph: return "graph";
    }
    return "unknown";
}

Neighbors Index::search(std::span<const float> query, const SearchOptions& options) const {
    Neighbors out;
    search(query, options, out);
    return out;
}

Neighbors Index::search_item(Id id, const SearchOptions& options) const {
    Neighbors out;
    search_item(id, options, out);
    return out;
}

std::vector<float> Index::get_vector(Id id) const {
    std::vector<float> out(dim());
    get_vector(id, out);
    return out;
}

NeighborTable Index::search_batch(MatrixView<const float> queries, const SearchOptions& options,
                                  std::size_t threads) const {
    if (queries.cols() != dim()) {
        throw InvalidArgument("queries has " + std::to_string(queries.cols()) + " columns; the index has " +
                              std::to_string(dim()) + " dimensions");
    }
    NeighborTable table;
    table.rows = queries.rows();
    table.k = std::min(options.k, size());
    table.ids.assign(table.rows * table.k, kNoId);
    table.distances.assign(table.rows * table.k, std::numeric_limits<float>::quiet_NaN());
    table.counts.assign(table.rows, 0);
    threads = resolve_threads(threads);
    std::vector<Neighbors> found(threads);
    parallel_ranges(
        queries.rows(), kBatchGrain, threads, [&](std::size_t first, std::size_t last, std::size_t worker) {
            Neighbors& mine = found[worker];
            for (std::size_t i = first; i < last; ++i) {
                search(queries.row(i), options, mine);
                std::copy(mine.ids.begin(), mine.ids.end(), table.ids.begin() + i * table.k);
                std::copy(mine.distances.begin(), mine.distances.end(), table.distances.begin() + i * table.k);
                table.counts[i] = mine.size();
            }
        });
    return table;
}

}  // namespace kith
