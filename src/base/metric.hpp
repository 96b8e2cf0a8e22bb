// What follows from a metric: how its vectors are stored, and the value that users see for a kernel's rank.
#pragma once

#include <cmath>

#include <kith/types.hpp>

namespace kith {

// How the metric's vectors are stored.
[[nodiscard]] constexpr Scalar scalar_of(Metric metric) noexcept {
    return metric == Metric::kHamming ? Scalar::kBits : Scalar::kFloat32;
}

// The metric's public value (see Metric) for a kernel's rank (see kernel/table.hpp). Monotonic: ascending ranks
// give ascending distances, or descending ones where larger is nearer. Rounding below zero shows as zero.
[[nodiscard]] inline float display(Metric metric, float rank) noexcept {
    switch (metric) {
        case Metric::kAngular:
        case Metric::kEuclidean: return rank > 0 ? std::sqrt(rank) : (rank == rank ? 0.0F : rank);
        case Metric::kDot: return 0.0F - rank;
        case Metric::kManhattan:
        case Metric::kHamming: break;
    }
    return rank;
}

}  // namespace kith
