#include "index/forest/splitter.hpp"

#include <algorithm>
#include <utility>

namespace kith::index {
namespace {

// The larger share of a split, in Annoy's arithmetic.
float imbalance(std::size_t left, std::size_t count) {
    const float share = static_cast<float>(left) / static_cast<float>(count);
    return std::max(share, 1 - share);
}

constexpr float kEvenEnough = 0.95F;  // no further attempt
constexpr float kHopeless = 0.99F;    // no plane at all

}  // namespace

Splitter::Splitter(const Grove& grove)
    : grove_(grove),
      cache_(grove),
      means_(grove.metric, grove.metric == Metric::kHamming ? 0 : cache_.stride(), *grove.kernels),
      margins_(grove.ids.size()),
      spare_(grove.ids.size()),
      sample_(grove.metric == Metric::kHamming ? 0 : (kSteps + 2) * cache_.stride()) {}

void Splitter::begin(std::span<std::uint32_t> ids) {
    ids_ = ids;
    cache_.clear();
}

std::size_t Splitter::split(std::size_t first, std::size_t count, Kiss64& random, std::byte* node) {
    held_ = cache_.hold(ids_, first, count);
    std::size_t left = 0;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (grove_.metric == Metric::kHamming) {
            choose_bit(first, count, random, node);
        } else {
            choose_plane(first, count, random, node);
        }
        left = partition(first, count, random);
        if (imbalance(left, count) < kEvenEnough) return left;
    }
    if (imbalance(left, count) <= kHopeless) return left;
    // Equal items, most likely: a plane that says nothing, and a random half on each side.
    std::fill(node + grove_.layout.vector, node + grove_.layout.node_bytes, std::byte{0});
    if (grove_.layout.term != 0) store(node + grove_.layout.term, 0.0F);
    return halve(first, count, random);
}

void Splitter::draw(std::size_t first, std::size_t count, Kiss64& random) {
    std::array<std::size_t, kSteps + 2> places;
    places[0] = random.below(count);
    places[1] = random.below(count - 1);
    places[1] += places[1] >= places[0] ? 1 : 0;
    for (std::size_t i = 2; i < places.size(); ++i) places[i] = random.below(count);
    // A zero vector has no angle and moves no centroid, but it may start one.
    n_drawn_ = 0;
    const auto take = [&](const float* row, bool useful) {
        if (useful || n_drawn_ < 2) drawn_[n_drawn_++] = row;
    };
    if (held_) {
        const bool check = cache_.has_zero_rows();
        for (const std::size_t place : places) {
            const float* row = cache_.row(first + place);
            take(row, !check || grove_.kernels->f32.sum_of_squares(row, cache_.stride()) > 0);
        }
        return;
    }
    for (const std::size_t place : places) {
        const std::byte* node = grove_.node(ids_[first + place]);
        for (std::size_t at = 0; at < std::min<std::size_t>(grove_.layout.node_bytes, 256); at += 64) {
            __builtin_prefetch(node + at);
        }
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        float* row = sample_.data() + i * cache_.stride();
        take(row, cache_.copy(ids_[first + places[i]], row));
    }
}

void Splitter::choose_plane(std::size_t first, std::size_t count, Kiss64& random, std::byte* node) {
    draw(first, count, random);
    means_.run(std::span(drawn_).first(n_drawn_));
    std::memcpy(node + grove_.layout.vector, means_.normal().data(), grove_.dim * sizeof(float));
    // The dot product's plane needs no term: queries have no extra coordinate.
    if (grove_.layout.plane_term == PlaneTerm::kOffset) store(node + grove_.layout.term, means_.offset());
    measure_plane(first, count);
}

void Splitter::measure_plane(std::size_t first, std::size_t count) {
    const kernel::FloatKernels& f32 = grove_.kernels->f32;
    const float* normal = means_.normal().data();
    if (held_) {
        f32.dot_gather(normal, cache_.base(), cache_.stride() * sizeof(float), cache_.slots(first, count).data(),
                       count, cache_.stride(), margins_.data());
    } else {
        f32.dot_gather(normal, grove_.nodes + grove_.layout.vector, grove_.layout.node_bytes, ids_.data() + first,
                       count, grove_.dim, margins_.data());
        if (grove_.metric == Metric::kDot) {
            for (std::size_t i = 0; i < count; ++i) {
                const auto extra = load<float>(grove_.node(ids_[first + i]) + grove_.layout.term);
                margins_[i] += normal[grove_.dim] * extra;
            }
        }
    }
    if (means_.offset() != 0) {
        for (std::size_t i = 0; i < count; ++i) margins_[i] += means_.offset();
    }
}

void Splitter::choose_bit(std::size_t first, std::size_t count, Kiss64& random, std::byte* node) {
    constexpr int kTries = 20;
    std::size_t dimension = 0;
    std::size_t ones = 0;
    for (int i = 0; i < kTries && (ones == 0 || ones == count); ++i) {
        dimension = random.below(grove_.dim);
        ones = measure_bit(first, count, dimension);
    }
    for (std::size_t d = 0; d < grove_.dim && (ones == 0 || ones == count); ++d) {
        dimension = d;
        ones = measure_bit(first, count, dimension);
    }
    // Annoy numbers the bits of a word from the highest, the dimensions from the lowest.
    store<std::uint64_t>(node + grove_.layout.vector, dimension / 64 * 64 + (63 - dimension % 64));
}

std::size_t Splitter::measure_bit(std::size_t first, std::size_t count, std::size_t dimension) {
    const std::byte* word = grove_.nodes + grove_.layout.vector + dimension / 64 * sizeof(std::uint64_t);
    std::size_t ones = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto bits = load<std::uint64_t>(word + ids_[first + i] * std::size_t{grove_.layout.node_bytes});
        const bool one = (bits >> (dimension % 64) & 1) != 0;
        margins_[i] = one ? 1.0F : -1.0F;
        ones += one ? 1 : 0;
    }
    return ones;
}

std::size_t Splitter::partition(std::size_t first, std::size_t count, Kiss64& random) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (margins_[i] == 0) [[unlikely]]
            margins_[i] = random.flip() ? 1.0F : -1.0F;
        left += margins_[i] > 0 ? 0 : 1;
    }
    apply_order(ids_.subspan(first, count), left);
    if (held_) apply_order(cache_.slots(first, count), left);
    return left;
}

std::size_t Splitter::halve(std::size_t first, std::size_t count, Kiss64& random) {
    const std::size_t left = count / 2;
    std::fill_n(margins_.begin(), left, -1.0F);
    std::fill_n(margins_.begin() + static_cast<std::ptrdiff_t>(left), count - left, 1.0F);
    for (std::size_t i = count - 1; i > 0; --i) std::swap(margins_[i], margins_[random.below(i + 1)]);
    return partition(first, count, random);
}

// Moves the values of the left side to the front, each side keeping its order, so that rows are still read in
// ascending order of address.
void Splitter::apply_order(std::span<std::uint32_t> values, std::size_t left) {
    std::uint32_t* out[2] = {values.data(), spare_.data()};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t side = margins_[i] > 0 ? 1 : 0;
        *out[0] = values[i];
        *out[1] = values[i];
        out[side] += 1;
    }
    std::copy_n(spare_.data(), values.size() - left, values.data() + left);
}

}  // namespace kith::index
