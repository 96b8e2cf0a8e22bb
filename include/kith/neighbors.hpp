// What every search returns.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <kith/types.hpp>

namespace kith {

// The neighbours of one query, nearest first; equal distances are in ascending order of id.
// `distances` holds the metric's public value (see Metric).
struct Neighbors {
    std::vector<Id> ids;
    std::vector<float> distances;

    [[nodiscard]] std::size_t size() const noexcept { return ids.size(); }
    [[nodiscard]] bool empty() const noexcept { return ids.empty(); }
    void clear() noexcept {
        ids.clear();
        distances.clear();
    }
};

// The neighbours of many queries: row-major `rows x k`. A row with fewer than k neighbours is padded with
// kNoId and a quiet NaN; counts[i] says how many are real.
struct NeighborTable {
    std::size_t rows = 0;
    std::size_t k = 0;
    std::vector<Id> ids;
    std::vector<float> distances;
    std::vector<std::size_t> counts;

    [[nodiscard]] std::span<const Id> row_ids(std::size_t i) const noexcept {
        return {ids.data() + i * k, counts[i]};
    }
    [[nodiscard]] std::span<const float> row_distances(std::size_t i) const noexcept {
        return {distances.data() + i * k, counts[i]};
    }
};

}  // namespace kith
