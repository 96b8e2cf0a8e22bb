// Many queries at once.
#pragma once

#include <cstddef>
#include <span>

#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>
#include <kith/neighbors.hpp>

#include "keyed/store.hpp"

namespace kith::keyed {

// The answers to every row of `units` (length 1 or 0 each), cosines as distances. `own_rows` is empty, or names for
// each query the row to leave out of its answer.
[[nodiscard]] NeighborTable top_of_batch(const Store& store, MatrixView<const float> units,
                                         std::span<const std::size_t> own_rows, const SimilarOptions& options);

}  // namespace kith::keyed
