// Parts rows into leaves around centroids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/matrix.hpp>

#include "base/progress_meter.hpp"
#include "index/row_store.hpp"

namespace kith::index {

struct Partition {
    Matrix centroids;                    // of prepared rows, one to a leaf; no leaf is empty
    std::vector<std::uint32_t> leaf_of;  // [row]
};

// Rows gone through by one call of make_partition, for progress.
inline constexpr std::size_t kPartitionPasses = 2;

// Some `n_leaves` leaves. Two-means splits of a sample give the first centroids, Lloyd's iterations over the sample
// and one over all rows settle them. A function of rows, n_leaves and seed; threads change the time only.
// REQUIRES: rows.count() > 0, n_leaves > 0.
[[nodiscard]] Partition make_partition(const RowStore& rows, std::size_t n_leaves, std::uint64_t seed,
                                       std::size_t threads, ProgressMeter& meter);

}  // namespace kith::index
