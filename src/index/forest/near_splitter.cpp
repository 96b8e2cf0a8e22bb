#include "index/forest/near_splitter.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "index/forest/even.hpp"

namespace kith::index {

NearSplitter::NearSplitter(const Grove& grove, CodedPlanes& planes)
    : grove_(grove),
      planes_(planes),
      stride_((grove.codes->width() + RowCodes::kBlock - 1) / RowCodes::kBlock * RowCodes::kBlock),
      rows_{grove.codes->row(0), stride_} {}

void NearSplitter::load(std::span<const std::uint32_t> ids) {
    const RowCodes& codes = *grove_.codes;
    if (margins_.size() < ids.size()) {
        margins_.resize(ids.size());
        spare_.resize(ids.size() + 16);
    }
    if (codes.has_whole_blocks()) {
        places_.assign(ids.begin(), ids.end());
        return;
    }
    ids_ = ids;
    places_.resize(ids.size());
    std::iota(places_.begin(), places_.end(), 0U);
    // What is beyond the codes stays as it is.
    if (copies_.size() < ids.size() * stride_) copies_.resize(ids.size() * stride_, RowCodes::kZero);
    rows_.base = copies_.data();
    const std::size_t bytes = codes.stride();
    constexpr std::size_t kAhead = 16;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (i + kAhead < ids.size()) {
            const std::uint8_t* const next = codes.row(ids[i + kAhead]);
            __builtin_prefetch(next);
            __builtin_prefetch(next + bytes - 1);
        }
        std::memcpy(copies_.data() + i * stride_, codes.row(ids[i]), bytes);
    }
}

std::size_t NearSplitter::split(std::size_t first, std::size_t count, Kiss64& random, CodedPlane& plane) {
    const std::span<const std::uint32_t> places = std::span(places_).subspan(first, count);
    std::size_t left = 0;
    for (int attempt = 0; attempt < kSplitAttempts; ++attempt) {
        planes_.choose(rows_, places, random, plane);
        planes_.margins(plane, rows_, places, random, margins_.data());
        left = partition(first, count);
        if (imbalance(left, count) < kEvenEnough) return left;
    }
    if (imbalance(left, count) <= kHopeless) return left;
    // Equal items, most likely.
    std::fill(plane.normal.begin(), plane.normal.end(), std::int8_t{0});
    plane.limit = 0;
    return halve(first, count, random);
}

std::size_t NearSplitter::partition(std::size_t first, std::size_t count) {
    return grove_.kernels->f32.partition(places_.data() + first, margins_.data(), count, spare_.data());
}

std::size_t NearSplitter::halve(std::size_t first, std::size_t count, Kiss64& random) {
    const std::size_t left = count / 2;
    std::fill_n(margins_.begin(), left, -1.0F);
    std::fill_n(margins_.begin() + static_cast<std::ptrdiff_t>(left), count - left, 1.0F);
    for (std::size_t i = count - 1; i > 0; --i) std::swap(margins_[i], margins_[random.below(i + 1)]);
    return partition(first, count);
}

}  // namespace kith::index
