// The (metric, element type) pairs that have kernels: the one list behind dispatch, error texts, tests and
// benchmarks.
#pragma once

#include <string>

#include <kith/types.hpp>

#include "kernel/table.hpp"

namespace kith::kernel {

struct Support {
    Metric metric;
    Scalar scalar;
};

// Internal linkage on purpose: an inline variable would be a weak symbol in every per-set object.
constexpr Support kSupport[] = {
    {Metric::kAngular, Scalar::kFloat32},   {Metric::kAngular, Scalar::kFloat16},
    {Metric::kAngular, Scalar::kInt8},      {Metric::kAngular, Scalar::kUint8},
    {Metric::kEuclidean, Scalar::kFloat32}, {Metric::kEuclidean, Scalar::kFloat16},
    {Metric::kEuclidean, Scalar::kInt8},    {Metric::kEuclidean, Scalar::kUint8},
    {Metric::kManhattan, Scalar::kFloat32}, {Metric::kManhattan, Scalar::kFloat16},
    {Metric::kManhattan, Scalar::kInt8},    {Metric::kManhattan, Scalar::kUint8},
    {Metric::kDot, Scalar::kFloat32},       {Metric::kDot, Scalar::kFloat16},
    {Metric::kDot, Scalar::kInt8},          {Metric::kDot, Scalar::kUint8},
    {Metric::kHamming, Scalar::kBits},
};

[[nodiscard]] bool is_supported(Metric metric, Scalar scalar) noexcept;

// "angular/float32, angular/float16, …"
[[nodiscard]] std::string support_list();

// The kernels of `table` for a pair. Throws Unsupported, with the list, when the pair is not on it.
[[nodiscard]] const DistanceKernels& kernels_for(const Table& table, Metric metric, Scalar scalar);

// Those that rank stored rows for queries as callers give them, which are float32 whatever the rows are (packed bits for
// kHamming). Throws as kernels_for.
[[nodiscard]] const DistanceKernels& search_kernels(const Table& table, Metric metric, Scalar rows);

}  // namespace kith::kernel
