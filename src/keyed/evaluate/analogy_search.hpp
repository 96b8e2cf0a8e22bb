// Many analogies at once.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include <kith/evaluate.hpp>
#include <kith/keyed_vectors.hpp>

#include "base/top_k.hpp"

namespace kith::keyed {

// Rows that gensim looks at after leaving out those of the question.
inline constexpr std::size_t kAnalogyCandidates = 5;

// "a is to b as c is to …", as rows.
struct Analogy {
    std::size_t a;
    std::size_t b;
    std::size_t c;
};

// For each question the best kAnalogyCandidates of the first `rows` rows that are none of a, b, c, best first.
//
// The questions of a test share few words. Their cosines with a block of rows are computed once; a question is then
// a sum (or product) of three of those series, b + c - a, which ranks rows as the cosine with the mean does.
[[nodiscard]] std::vector<std::vector<std::size_t>> search_analogies(const KeyedVectors& vectors, std::size_t rows,
                                                                     std::span<const Analogy> questions,
                                                                     AnalogyMethod method, std::size_t threads,
                                                                     const std::function<void(double)>& progress);

}  // namespace kith::keyed
