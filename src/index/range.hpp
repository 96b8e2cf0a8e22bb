// Range search by an index that only knows its nearest neighbours.
#pragma once

#include <cstddef>
#include <span>

#include <kith/index.hpp>
#include <kith/neighbors.hpp>
#include <kith/types.hpp>

namespace kith::index {

// Whether a distance, as the metric's public value, lies within the radius.
[[nodiscard]] constexpr bool is_within(Metric metric, float distance, float radius) noexcept {
    return larger_is_nearer(metric) ? distance >= radius : distance <= radius;
}

// Where a range holds more than one in so many items, approximate indexes compare with all of them instead.
inline constexpr std::size_t kExactShare = 8;

// Searches for more and more neighbours until many lie beyond the radius, and keeps those within. `effort` is the
// search_k for each neighbour where the options leave it open and k does not decide it; 0 leaves it open. False when
// more than about `most` neighbours, fewer than there are, lie within; `out` is of no use then.
[[nodiscard]] bool search_outwards(const Index& index, std::span<const float> query, float radius,
                                   const SearchOptions& options, std::size_t most, std::size_t effort,
                                   Neighbors& out);

}  // namespace kith::index
