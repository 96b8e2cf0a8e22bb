#include <kith/index.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/metric.hpp"
#include "base/parallel.hpp"
#include "index/checks.hpp"
#include "index/range.hpp"
#include "index/selection.hpp"

namespace kith {
namespace {

// Queries handed to a thread at a time: large enough to amortise the hand-over. Where they gain from company more are,
// while each thread still gets a few shares, so that none waits long for the last.
constexpr std::size_t kBatchGrain = 16;
constexpr std::size_t kSharesPerThread = 4;

// An index that grows meanwhile may find more than the table was made for.
void copy_row(const Neighbors& from, std::size_t row, NeighborTable& table) {
    const std::size_t count = std::min(from.size(), table.k);
    std::copy_n(from.ids.begin(), count, table.ids.data() + row * table.k);
    std::copy_n(from.distances.begin(), count, table.distances.data() + row * table.k);
    table.counts[row] = count;
}

void check_queries(MatrixView<const float> queries, std::size_t dim) {
    if (queries.cols() != dim) {
        throw InvalidArgument(
            formatted("queries has {} columns; the index has {} dimensions", queries.cols(), dim));
    }
    index::check_finite(queries, "queries");
}

// Ids of a dynamic index may be so large that all neighbours of a few queries are more than can be counted.
NeighborTable empty_table(std::size_t rows, std::size_t k) {
    constexpr std::size_t kMost = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(Id);
    if (rows > 0 && k > kMost / rows) {
        throw InvalidArgument(formatted("k is {} for {} queries, more than a table can hold; it must be at most {}",
                                        k, rows, kMost / rows));
    }
    NeighborTable table;
    table.rows = rows;
    table.k = k;
    table.ids.assign(rows * k, kNoId);
    table.distances.assign(rows * k, std::numeric_limits<float>::quiet_NaN());
    table.counts.assign(rows, 0);
    return table;
}

}  // namespace

std::string_view name(IndexKind kind) noexcept {
    switch (kind) {
        case IndexKind::kNone: return "none";
        case IndexKind::kFlat: return "flat";
        case IndexKind::kForest: return "forest";
        case IndexKind::kGraph: return "graph";
        case IndexKind::kCodedForest: return "coded forest";
        case IndexKind::kDynamic: return "dynamic";
    }
    return "unknown";
}

Scalar Index::scalar() const noexcept {
    return scalar_of(metric());
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

void Index::range_search(std::span<const float> query, float radius, const SearchOptions& options,
                         Neighbors& out) const {
    index::check_radius(radius);
    (void)index::search_outwards(*this, query, radius, options, size(), 0, out);
}

Neighbors Index::range_search(std::span<const float> query, float radius, const SearchOptions& options) const {
    Neighbors out;
    range_search(query, radius, options, out);
    return out;
}

Neighbors Index::range_search_item(Id id, float radius, const SearchOptions& options) const {
    const std::vector<float> query = get_vector(id);
    SearchOptions wider = options;
    if (options.exclude_self && options.k < kAll) ++wider.k;
    Neighbors out;
    range_search(query, radius, wider, out);
    if (!options.exclude_self) return out;
    const auto self = std::ranges::find(out.ids, id) - out.ids.begin();
    if (static_cast<std::size_t>(self) < out.size()) {
        out.ids.erase(out.ids.begin() + self);
        out.distances.erase(out.distances.begin() + self);
    } else if (out.size() > options.k) {
        out.ids.pop_back();
        out.distances.pop_back();
    }
    return out;
}

std::vector<float> Index::get_vector(Id id) const {
    std::vector<float> out(dim());
    get_vector(id, out);
    return out;
}

NeighborTable Index::search_batch(MatrixView<const float> queries, const SearchOptions& options,
                                  std::size_t threads) const {
    check_queries(queries, dim());
    index::check_options(options);
    NeighborTable table = empty_table(queries.rows(), std::min(options.k, size()));
    // Not more threads than there are shares of the work.
    threads = std::min(resolve_threads(threads), queries.rows() / kBatchGrain + 1);
    const std::size_t grain = std::clamp(queries.rows() / (threads * kSharesPerThread), kBatchGrain,
                                         std::max(kBatchGrain, largest_block()));
    std::vector<Neighbors> found(threads * grain);
    parallel_ranges(queries.rows(), grain, threads, [&](std::size_t first, std::size_t last, std::size_t worker) {
        const std::span mine(found.data() + worker * grain, last - first);
        search_block(queries.slice(first, last - first), options, mine);
        for (std::size_t i = first; i < last; ++i) copy_row(mine[i - first], i, table);
    });
    return table;
}

NeighborTable Index::search_items(std::span<const Id> ids, const SearchOptions& options,
                                  std::size_t threads) const {
    for (const Id id : ids) index::check_id(id, size());
    index::check_options(options);
    NeighborTable table = empty_table(ids.size(), std::min(options.k, size()));
    threads = std::min(resolve_threads(threads), ids.size() / kBatchGrain + 1);
    std::vector<Neighbors> found(threads);
    parallel_ranges(ids.size(), kBatchGrain, threads, [&](std::size_t first, std::size_t last, std::size_t worker) {
        for (std::size_t i = first; i < last; ++i) {
            search_item(ids[i], options, found[worker]);
            copy_row(found[worker], i, table);
        }
    });
    return table;
}

std::vector<Neighbors> Index::range_search_batch(MatrixView<const float> queries, float radius,
                                                 const SearchOptions& options, std::size_t threads) const {
    check_queries(queries, dim());
    index::check_options(options);
    index::check_radius(radius);
    std::vector<Neighbors> out(queries.rows());
    parallel_for(queries.rows(), threads,
                 [&](std::size_t i, std::size_t) { range_search(queries.row(i), radius, options, out[i]); });
    return out;
}

std::size_t Index::largest_block() const noexcept {
    return kBatchGrain;
}

void Index::search_block(MatrixView<const float> queries, const SearchOptions& options,
                         std::span<Neighbors> out) const {
    for (std::size_t i = 0; i < queries.rows(); ++i) search(queries.row(i), options, out[i]);
}

}  // namespace kith
