#include <kith/index.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <kith/error.hpp>

#include "base/parallel.hpp"
#include "index/checks.hpp"

namespace kith {
namespace {

// Queries handed to a thread at a time: large enough to amortise the hand-over, small enough to balance.
constexpr std::size_t kBatchGrain = 16;

void copy_row(const Neighbors& from, std::size_t row, NeighborTable& table) {
    const auto at = static_cast<std::ptrdiff_t>(row * table.k);
    std::copy(from.ids.begin(), from.ids.end(), table.ids.begin() + at);
    std::copy(from.distances.begin(), from.distances.end(), table.distances.begin() + at);
    table.counts[row] = from.size();
}

}  // namespace

std::string_view name(IndexKind kind) noexcept {
    switch (kind) {
        case IndexKind::kNone: return "none";
        case IndexKind::kFlat: return "flat";
        case IndexKind::kForest: return "forest";
        case IndexKind::kGraph: return "graph";
        case IndexKind::kCodedForest: return "coded forest";
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
    index::check_finite(queries, "queries");
    index::check_options(options);
    NeighborTable table;
    table.rows = queries.rows();
    table.k = std::min(options.k, size());
    table.ids.assign(table.rows * table.k, kNoId);
    table.distances.assign(table.rows * table.k, std::numeric_limits<float>::quiet_NaN());
    table.counts.assign(table.rows, 0);
    // Not more threads than there are shares of the work.
    threads = std::min(resolve_threads(threads), queries.rows() / kBatchGrain + 1);
    std::vector<Neighbors> found(threads * kBatchGrain);
    parallel_ranges(queries.rows(), kBatchGrain, threads,
                    [&](std::size_t first, std::size_t last, std::size_t worker) {
                        const std::span mine(found.data() + worker * kBatchGrain, last - first);
                        search_block(queries.slice(first, last - first), options, mine);
                        for (std::size_t i = first; i < last; ++i) copy_row(mine[i - first], i, table);
                    });
    return table;
}

void Index::search_block(MatrixView<const float> queries, const SearchOptions& options,
                         std::span<Neighbors> out) const {
    for (std::size_t i = 0; i < queries.rows(); ++i) search(queries.row(i), options, out[i]);
}

}  // namespace kith
