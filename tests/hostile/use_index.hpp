// Everything that can be asked of an index that opened.
#pragma once

#include <algorithm>
#include <vector>

#include <kith/index.hpp>

#include "hostile/subject.hpp"

namespace kith::hostile {

inline void use_index(const Index& index, std::size_t file_size) {
    if (index.dim() > 8 * file_size) throw std::logic_error("more dimensions than the file has bits");
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
                if (!index.contains(id)) throw std::logic_error("a neighbour that is not there");
            }
        });
    }
    const auto last = static_cast<Id>(index.size()) - 1;
    for (const Id id : {Id{0}, Id{1}, last / 2, last, last + 1, Id{-1}}) {
        attempt([&] { index.search_item(id, {.k = 3}, near); });
        attempt([&] { index.get_vector(id, row); });
        attempt([&] { (void)index.distance(id, 0); });
    }
}

}  // namespace kith::hostile
