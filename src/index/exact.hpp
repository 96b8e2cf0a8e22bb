// Exact answers over rows, whoever holds them: what approximate indexes fall back to, and range search.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <kith/neighbors.hpp>
#include <kith/types.hpp>

#include "base/metric.hpp"
#include "base/top_k.hpp"
#include "index/range.hpp"
#include "kernel/nibble_rows.hpp"
#include "kernel/table.hpp"

namespace kith::index {

struct RowAccess {
    const kernel::DistanceKernels& kernels;
    const std::byte* data;
    std::size_t stride;  // bytes from one row to the next
    std::size_t length;  // of a row, as the kernels count
    std::size_t count;
    Metric metric;
    float unit = 1;  // what distances are multiplied by
};

// Rows compared at a time: their ranks stay in the nearest cache.
inline constexpr std::size_t kExactBlock = 256;

// Below every rank whose public value lies beyond the radius by more than rounding.
[[nodiscard]] inline float rank_limit(Metric metric, float radius) noexcept {
    constexpr float kMore = 1.0F + 8 * std::numeric_limits<float>::epsilon();
    switch (metric) {
        case Metric::kAngular:
        case Metric::kEuclidean: return radius < 0 ? -1.0F : radius * radius * kMore;
        case Metric::kDot: return -radius;
        case Metric::kManhattan:
        case Metric::kHamming: break;
    }
    return radius;
}

// Sorts and gives out at most `most` of what was found.
inline void give(const RowAccess& rows, std::vector<Candidate>& found, std::size_t most, Neighbors& out) {
    out.clear();
    std::ranges::sort(found, [](const Candidate& a, const Candidate& b) { return a < b; });
    if (found.size() > most) found.resize(most);
    for (const Candidate& each : found) {
        out.ids.push_back(each.id);
        out.distances.push_back(display(rows.metric, each.rank) * rows.unit);
    }
}

// The rows within the radius that `admits(id)` lets in, the nearest `most` of them. `probe`, which may be null, leaves
// out rows by their codes.
template <class Admits>
void range_over(const RowAccess& rows, const void* query, float radius, std::size_t most, const Admits& admits,
                kernel::NibbleProbe* probe, Neighbors& out) {
    thread_local std::vector<Candidate> found;
    found.clear();
    // The quotient may be rounded down; is_within() decides.
    constexpr float kMore = 4 * std::numeric_limits<float>::epsilon();
    float limit = rank_limit(rows.metric, radius / rows.unit);
    if (rows.unit != 1) limit *= limit < 0 ? 1 - kMore : 1 + kMore;
    std::array<float, kExactBlock> ranks;
    const auto keep = [&](float rank, std::size_t row) {
        if (!(rank <= limit) || !is_within(rows.metric, display(rows.metric, rank) * rows.unit, radius)) return;
        if (admits(static_cast<Id>(row))) found.push_back({rank, static_cast<Id>(row)});
    };
    for (std::size_t first = 0; first < rows.count; first += kExactBlock) {
        const std::size_t n = std::min(kExactBlock, rows.count - first);
        kernel::probe_block(
            probe, first, first + n, limit,
            [&](std::span<const std::uint32_t> ids) {
                rows.kernels.gather(query, rows.data, rows.stride, ids.data(), ids.size(), rows.length,
                                    ranks.data());
                for (std::size_t i = 0; i < ids.size(); ++i) keep(ranks[i], ids[i]);
            },
            [&] {
                rows.kernels.scan(query, rows.data + first * rows.stride, rows.stride, n, rows.length,
                                  ranks.data());
                for (std::size_t i = 0; i < n; ++i) keep(ranks[i], first + i);
            });
    }
    give(rows, found, most, out);
}

// Pushes the ranks of the rows named.
inline void rank_rows(const RowAccess& rows, const void* query, std::span<const std::uint32_t> ids, TopK& top) {
    std::array<float, kExactBlock> ranks;
    for (std::size_t first = 0; first < ids.size(); first += kExactBlock) {
        const auto block = ids.subspan(first, std::min(kExactBlock, ids.size() - first));
        rows.kernels.gather(query, rows.data, rows.stride, block.data(), block.size(), rows.length, ranks.data());
        top.push_all(std::span(ranks).first(block.size()), block);
    }
}

}  // namespace kith::index
