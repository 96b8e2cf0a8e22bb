// Word mover's distance: how alike two documents are, by their words (Kusner, Sun, Kolkin and Weinberger 2015).
//
//     kith::word_movers_distance(vectors, first, second);     // std::vector<kith::Term>, or arrays of them
#pragma once

#include <cstdint>
#include <span>

#include <kith/keyed_vectors.hpp>

namespace kith {

// Between which points words travel.
enum class Travel : std::uint8_t {
    kUnit,   // keys' and rows' vectors at length 1
    kStored  // vectors as they are
};

// How far, in Euclidean distance, the words of one document travel to become those of the other, on average. Each term
// counts once, whatever its weight. Infinite when just one document is empty, 0 when both are. Throws as the members
// of KeyedVectors do for terms. O(n^3) for n different terms.
[[nodiscard]] double word_movers_distance(const KeyedVectors& vectors, std::span<const Term> a,
                                          std::span<const Term> b, Travel travel = Travel::kUnit);

}  // namespace kith
