// Everything that can be asked of an index that opened.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <kith/index.hpp>
#include <kith/neighbors.hpp>

#include "hostile/subject.hpp"

namespace kith::hostile {

// The ids of a dynamic index stand in its file: those of a damaged one may be in any order, in which no single one is
// found, but stay below size().
inline bool can_answer(const Index& index, Id id) {
    if (index.kind() != IndexKind::kDynamic) return index.contains(id);
    return id >= 0 && static_cast<std::size_t>(id) < index.size();
}

// As many queries as go through an index together, each nearest to something else.
inline void use_in_batch(const Index& index) {
    constexpr std::size_t kQueries = 20;
    constexpr std::size_t kMostDimensions = 512;
    if (index.dim() > kMostDimensions) return;
    std::vector<float> queries(kQueries * index.dim());
    for (std::size_t i = 0; i < queries.size(); ++i) queries[i] = static_cast<float>(i * 7 % 11) - 5.0F;
    for (const SearchOptions& options :
         {SearchOptions{.k = 5, .search_k = 60}, SearchOptions{.k = 4, .recall = 0.9}}) {
        attempt([&] {
            const NeighborTable near = index.search_batch({queries.data(), kQueries, index.dim()}, options, 1);
            for (std::size_t i = 0; i < near.rows; ++i) {
                for (const Id id : near.row_ids(i)) {
                    if (!can_answer(index, id)) throw std::logic_error("a neighbour that is not there");
                }
            }
        });
    }
}

inline void use_index(const Index& index, std::size_t file_size) {
    if (index.dim() > 8 * file_size) {
        // Vectors that are not there may have any number of elements.
        if (index.size() > 0) throw std::logic_error("more dimensions than the file has bits");
        return;
    }
    std::vector<float> query(index.dim(), 0.25F);
    for (std::size_t i = 0; i < query.size(); i += 3) query[i] = -0.5F;
    std::vector<float> row(index.dim());
    Neighbors near;
    for (const SearchOptions& options :
         {SearchOptions{.k = 5}, SearchOptions{.k = 3, .search_k = 40},
          SearchOptions{.k = 1000, .search_k = 1 << 20}, SearchOptions{.k = 2, .search_k = 7, .rerank = 4},
          SearchOptions{.k = 4, .recall = 0.99}}) {
        attempt([&] {
            index.search(query, options, near);
            for (const Id id : near.ids) {
                if (!can_answer(index, id)) throw std::logic_error("a neighbour that is not there");
            }
        });
    }
    use_in_batch(index);
    const auto last = static_cast<Id>(index.size()) - 1;
    for (const Id id : {Id{0}, Id{1}, last / 2, last, last + 1, Id{-1}}) {
        attempt([&] { index.search_item(id, {.k = 3}, near); });
        attempt([&] { index.get_vector(id, row); });
        attempt([&] { (void)index.distance(id, 0); });
    }
}

}  // namespace kith::hostile
