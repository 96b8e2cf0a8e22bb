#include "index/forest/coded_splits.hpp"

#include <algorithm>
#include <span>

#include "index/forest/even.hpp"

namespace kith::index {

static_assert(Crown::kNone == SplitSource::kNone);

CodedSplits::CodedSplits(const Grove& grove)
    : grove_(grove), planes_(grove), splitter_(grove, planes_), crown_(grove, planes_, splitter_) {}

std::uint32_t CodedSplits::begin(Kiss64& random) {
    ids_.assign(grove_.ids.begin(), grove_.ids.end());
    near_count_ = 0;
    return crown_.grow(ids_, random);
}

SplitSource::Split CodedSplits::split(std::size_t first, std::size_t count, std::uint32_t upper, Kiss64& random,
                                      std::byte* plane) {
    if (upper != kNone) {
        const std::size_t left = crown_.left(upper);
        if (left != 0 && left != count && imbalance(left, count) <= kHopeless) {
            planes_.pack(crown_.plane(upper), plane);
            return {left, {crown_.child(upper, 0), crown_.child(upper, 1)}};
        }
    }
    if (!is_near(first)) {
        const std::span<std::uint32_t> ids = std::span(ids_).subspan(first, count);
        // Several leaves of the crown, where its split was of no use.
        if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
        splitter_.load(ids);
        near_first_ = first;
        near_count_ = count;
    }
    const std::size_t left = splitter_.split(first - near_first_, count, random, plane_);
    planes_.pack(plane_, plane);
    return {left, {kNone, kNone}};
}

void CodedSplits::copy_ids(std::size_t first, std::size_t count, std::uint32_t* out) {
    if (is_near(first)) {
        const std::uint32_t* const places = splitter_.places().data() + (first - near_first_);
        for (std::size_t i = 0; i < count; ++i) out[i] = splitter_.id(places[i]);
    } else {
        std::copy_n(ids_.data() + first, count, out);
    }
    // Further attempts at a split change the order, and so do splits of the crown that were of no use.
    if (!std::is_sorted(out, out + count)) std::sort(out, out + count);
}

}  // namespace kith::index
