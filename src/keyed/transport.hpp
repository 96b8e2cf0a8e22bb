// The cheapest way to bring goods from sources to sinks (the earth mover's distance).
#pragma once

#include <cstdint>
#include <span>

#include <kith/matrix.hpp>

namespace kith::keyed {

// The least total cost of moving all of `supply` to fill all of `demand`, where moving one from source i to sink j costs
// cost.row(i)[j], finite and not negative. REQUIRES: equal sums; cost has a row per source and a column per sink.
[[nodiscard]] double transport_cost(std::span<const std::uint64_t> supply, std::span<const std::uint64_t> demand,
                                    MatrixView<const double> cost);

}  // namespace kith::keyed
