#include "keyed/batch.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/parallel.hpp"
#include "base/top_k.hpp"
#include "keyed/query.hpp"
#include "keyed/scan.hpp"
#include "keyed/through_index.hpp"

namespace kith::keyed {
namespace {

// Queries that share one pass over the rows, each block of which they find in the second-level cache.
constexpr std::size_t kQueries = 64;
constexpr std::size_t kBlockBytes = std::size_t{1} << 18;

std::span<const std::size_t> own_row(std::span<const std::size_t> own_rows, std::size_t query) {
    return own_rows.empty() ? own_rows : own_rows.subspan(query, 1);
}

// Fills one row of the table with the best candidates that are not the query's own row.
void fill(NeighborTable& table, std::size_t query, std::span<const Candidate> candidates,
          std::span<const std::size_t> own) {
    std::size_t count = 0;
    for (const Candidate& candidate : candidates) {
        if (count == table.k) break;
        if (!own.empty() && static_cast<std::size_t>(candidate.id) == own.front()) continue;
        table.ids[query * table.k + count] = candidate.id;
        table.distances[query * table.k + count] = 0.0F - candidate.rank;
        ++count;
    }
    table.counts[query] = count;
}

// Exact answers to units.row(first) … units.row(last - 1).
void scan_group(const Store& store, MatrixView<const float> units, std::span<const std::size_t> own_rows,
                RowRange range, std::size_t first, std::size_t last, NeighborTable& table) {
    const kernel::NibbleRows* const codes = codes_for(store, range, last - first);
    const std::size_t block_rows =
        codes != nullptr ? kScanBlock
                         : std::clamp<std::size_t>(
                               kBlockBytes / std::max<std::size_t>(store.dim * sizeof(float), 1), 16, kScanBlock);
    std::vector<CosineSearch> searches;
    for (std::size_t query = first; query < last; ++query) {
        searches.emplace_back(store, codes, units.row(query), table.k + (own_rows.empty() ? 0 : 1));
    }
    const std::size_t blocks = (range.size() + block_rows - 1) / block_rows;
    const kernel::SpreadOrder order(blocks);
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::size_t at = range.first + (codes == nullptr ? b : order[b]) * block_rows;
        for (CosineSearch& search : searches) search.visit({at, std::min(at + block_rows, range.last)});
    }
    for (std::size_t query = first; query < last; ++query) {
        fill(table, query, searches[query - first].best().sorted(), own_row(own_rows, query));
    }
}

}  // namespace

NeighborTable top_of_batch(const Store& store, MatrixView<const float> units, std::span<const std::size_t> own_rows,
                           const SimilarOptions& options) {
    if (options.index != nullptr) check_index(*options.index, store.rows, store.dim);
    const RowRange range = range_of(options, store.rows);
    NeighborTable table;
    table.rows = units.rows();
    table.k = std::min(options.topn, range.size());
    table.ids.assign(table.rows * table.k, kNoId);
    table.distances.assign(table.rows * table.k, std::numeric_limits<float>::quiet_NaN());
    table.counts.assign(table.rows, 0);
    if (table.k == 0) return table;

    const std::size_t threads = resolve_threads(options.threads);
    const std::size_t grain = std::clamp<std::size_t>((units.rows() + threads - 1) / threads, 1, kQueries);
    std::vector<Neighbors> scratch(threads);
    parallel_ranges(units.rows(), grain, threads, [&](std::size_t first, std::size_t last, std::size_t worker) {
        if (options.index == nullptr) {
            scan_group(store, units, own_rows, range, first, last, table);
            return;
        }
        for (std::size_t query = first; query < last; ++query) {
            const std::span<const std::size_t> own = own_row(own_rows, query);
            fill(table, query, top_through_index(store, units.row(query), range, own, options, scratch[worker]),
                 own);
        }
    });
    return table;
}

}  // namespace kith::keyed
