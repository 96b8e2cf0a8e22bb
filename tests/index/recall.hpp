// The share of the true neighbours that an index finds.
#pragma once

#include <algorithm>
#include <cstddef>

#include <kith/flat.hpp>
#include <kith/index.hpp>

namespace kith::test {

// Item i of `exact` is item i + first of `index`.
inline double recall(const Index& index, const FlatIndex& exact, MatrixView<const float> queries,
                     const SearchOptions& options, Id first = 0) {
    const NeighborTable found = index.search_batch(queries, options);
    const NeighborTable wanted = exact.search_batch(queries, {.k = options.k});
    std::size_t hits = 0;
    for (std::size_t i = 0; i < queries.rows(); ++i) {
        for (const Id id : wanted.row_ids(i)) hits += std::ranges::count(found.row_ids(i), id + first) > 0 ? 1 : 0;
    }
    return static_cast<double>(hits) / static_cast<double>(queries.rows() * options.k);
}

}  // namespace kith::test
