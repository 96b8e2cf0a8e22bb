// From the terms of a query to the one vector that is searched for.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <kith/keyed_vectors.hpp>

#include "keyed/store.hpp"

namespace kith::keyed {

// Rows that take part: first <= row < last.
struct RowRange {
    std::size_t first = 0;
    std::size_t last = 0;

    [[nodiscard]] std::size_t size() const noexcept { return last - first; }
    [[nodiscard]] bool contains(std::size_t row) const noexcept { return row >= first && row < last; }
};

// What clip_start, clip_end and restrict_vocab come to.
[[nodiscard]] RowRange range_of(const SimilarOptions& options, std::size_t rows) noexcept;

// The row that a term names, or rows() for a vector. Throws as KeyedVectors says.
[[nodiscard]] std::size_t row_named(const KeyedVectors& vectors, const Term& term);

// The rows that the terms name: ascending, each once.
[[nodiscard]] std::vector<std::size_t> rows_named(const KeyedVectors& vectors, std::span<const Term> terms);

enum class Lengths {
    kUnit,   // keys and rows enter with length 1, vectors with the length they have
    kStored  // everything enters with the length it has
};

// Weighted mean of the terms, at length 1; zero when the terms cancel out. Throws InvalidArgument: no terms, a
// weight that is not finite, a vector of wrong length or with a number that is not finite.
[[nodiscard]] std::vector<float> mean_of(const KeyedVectors& vectors, std::span<const Term> terms, Lengths lengths);

// The same at the length it has; zero when all weights are 0.
[[nodiscard]] std::vector<float> unscaled_mean_of(const KeyedVectors& vectors, std::span<const Term> terms,
                                                  Lengths lengths);

// One term as it enters a mean.
[[nodiscard]] std::vector<float> vector_of(const KeyedVectors& vectors, const Term& term, Lengths lengths);

// Scales to length 1; a zero vector stays.
void make_unit(std::span<float> vector) noexcept;

// Throws InvalidArgument naming `what` unless `vector` has `dim` finite elements.
void check_vector(std::span<const float> vector, std::size_t dim, const char* what);

}  // namespace kith::keyed
