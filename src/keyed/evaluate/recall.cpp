
#include <algorithm>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

#include "base/format.hpp"

namespace kith {

double recall_at_k(const NeighborTable& found, const NeighborTable& truth, std::size_t k) {
    if (found.rows != truth.rows) {
        throw InvalidArgument(
            formatted("found has {} rows and truth has {}; they must have as many", found.rows, truth.rows));
    }
    std::size_t wanted = 0;
    std::size_t hits = 0;
    for (std::size_t i = 0; i < truth.rows; ++i) {
        const std::span<const Id> right = truth.row_ids(i).first(std::min(k, truth.counts[i]));
        const std::span<const Id> given = found.row_ids(i).first(std::min(k, found.counts[i]));
        wanted += right.size();
        for (const Id id : right) hits += std::ranges::find(given, id) != given.end() ? 1 : 0;
    }
    return wanted == 0 ? 1.0 : static_cast<double>(hits) / static_cast<double>(wanted);
}

}  // namespace kith
