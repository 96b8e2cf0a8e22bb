#include "index/forest/row_cache.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kith::index {
namespace {

// Half of a current second-level cache.
constexpr std::size_t kCacheBytes = std::size_t{1} << 20;
constexpr std::size_t kRowAlignment = 16;  // floats in a cache line
constexpr std::size_t kAhead = 8;          // rows asked for before they are copied

constexpr std::size_t round_up(std::size_t n, std::size_t to) {
    return (n + to - 1) / to * to;
}

}  // namespace

RowCache::RowCache(const Grove& grove)
    : grove_(grove),
      width_(grove.dim + (grove.metric == Metric::kDot ? 1 : 0)),
      stride_(round_up(width_, kRowAlignment)),
      capacity_(kCacheBytes / (stride_ * sizeof(float))) {
    // A range that would be split at most once more is not worth copying.
    if (capacity_ < 2 * std::size_t{grove.layout.leaf_capacity}) capacity_ = 0;
    if (grove.metric == Metric::kHamming) capacity_ = 0;
    rows_.resize(capacity_ * stride_);
    slots_.resize(capacity_);
}

bool RowCache::copy(std::uint32_t id, float* out) const noexcept {
    const float* vector = grove_.vector(id);
    std::copy_n(vector, grove_.dim, out);
    if (grove_.metric == Metric::kDot) out[grove_.dim] = load<float>(grove_.node(id) + grove_.layout.term);
    std::fill(out + width_, out + stride_, 0.0F);
    if (grove_.metric != Metric::kAngular && grove_.metric != Metric::kDot) return true;
    const float squares = grove_.metric == Metric::kAngular ? load<float>(grove_.node(id) + grove_.layout.children)
                                                            : grove_.kernels->f32.sum_of_squares(out, stride_);
    if (!(squares > 0)) return false;
    grove_.kernels->f32.scale(1 / std::sqrt(squares), out, stride_);
    return true;
}

bool RowCache::hold(std::span<const std::uint32_t> ids, std::size_t first, std::size_t count) {
    if (count_ != 0 && first >= first_ && first + count <= first_ + count_) return true;
    if (count > capacity_) return false;
    has_zero_rows_ = false;
    for (std::size_t i = 0; i < count; ++i) {
        if (i + kAhead < count) {
            const std::byte* ahead = grove_.node(ids[first + i + kAhead]);
            for (std::size_t at = 0; at < grove_.layout.node_bytes; at += 64) __builtin_prefetch(ahead + at);
        }
        if (!copy(ids[first + i], rows_.data() + i * stride_)) has_zero_rows_ = true;
    }
    std::iota(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(count), 0U);
    first_ = first;
    count_ = count;
    return true;
}

}  // namespace kith::index
