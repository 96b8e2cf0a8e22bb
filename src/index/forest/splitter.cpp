#include "index/forest/splitter.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "index/forest/even.hpp"
#include "index/forest/exact_row.hpp"

namespace kith::index {
namespace {

// Of a row as TwoMeans wants it.
std::size_t sample_width(const Grove& grove) {
    constexpr std::size_t kAlignment = 16;
    return grove.metric == Metric::kHamming ? 0 : (row_width(grove) + kAlignment - 1) / kAlignment * kAlignment;
}

// Rows that move the centroids. More draws than there are rows say nothing new.
std::size_t steps_for(std::size_t count, std::size_t most) {
    constexpr std::size_t kLeast = 24;
    return std::min(std::max(count, kLeast), most);
}

// One place drawn from each of `steps` equal parts of `count`, the parts in an order that jumps about: no row twice
// where there are enough.
class Spread {
public:
    Spread(std::size_t steps, std::size_t count, Kiss64& random)
        : random_(random),
          steps_(steps),
          last_(count - 1),
          jump_(steps % 89 != 0 ? 89 : 97),
          part_(static_cast<double>(count) / static_cast<double>(steps)) {}

    std::size_t next() {
        const double within = static_cast<double>(random_.next() >> 11) * 0x1p-53;
        const auto place = static_cast<std::size_t>((static_cast<double>(at_) + within) * part_);
        at_ = (at_ + jump_) % steps_;
        return std::min(place, last_);
    }

private:
    Kiss64& random_;
    std::size_t steps_;
    std::size_t last_;
    std::size_t jump_;
    std::size_t at_ = 0;
    double part_;
};

}  // namespace

Splitter::Splitter(const Grove& grove)
    : grove_(grove),
      means_(grove.metric, sample_width(grove), *grove.kernels),
      margins_(grove.ids.size()),
      spare_(grove.ids.size() + 16),
      sample_((kSteps + 2) * sample_width(grove)) {}

std::uint32_t Splitter::begin(Kiss64& /*random*/) {
    ids_.assign(grove_.ids.begin(), grove_.ids.end());
    return kNone;
}

SplitSource::Split Splitter::split(std::size_t first, std::size_t count, std::uint32_t /*upper*/, Kiss64& random,
                                   std::byte* plane) {
    std::fill_n(plane, plane_bytes(), std::byte{0});
    return {cut(first, count, random, plane), {kNone, kNone}};
}

void Splitter::copy_ids(std::size_t first, std::size_t count, std::uint32_t* out) {
    std::copy_n(ids_.data() + first, count, out);
    // Further attempts at a split change the order.
    if (!std::is_sorted(out, out + count)) std::sort(out, out + count);
}

void Splitter::write_plane(const std::byte* plane, std::byte* node) const {
    std::memcpy(node, plane, plane_bytes());
}

std::size_t Splitter::cut(std::size_t first, std::size_t count, Kiss64& random, std::byte* node) {
    std::size_t left = 0;
    for (int attempt = 0; attempt < kSplitAttempts; ++attempt) {
        if (grove_.metric == Metric::kHamming) {
            choose_bit(first, count, random, node);
        } else {
            choose_plane(first, count, random, node);
        }
        left = partition(first, count);
        if (imbalance(left, count) < kEvenEnough) return left;
    }
    if (imbalance(left, count) <= kHopeless) return left;
    // Equal items, most likely: a plane that says nothing, and a random half on each side.
    std::fill(node + grove_.layout.vector, node + grove_.layout.node_bytes, std::byte{0});
    if (grove_.layout.term != 0) store(node + grove_.layout.term, 0.0F);
    return halve(first, count, random);
}

// A zero vector has no angle and moves no centroid, but it may start one.
std::span<const float* const> Splitter::draw(std::size_t first, std::size_t count, Kiss64& random) {
    const std::size_t drawn = steps_for(count, kSteps) + 2;
    const std::size_t width = sample_width(grove_);
    const std::size_t start = random.below(count);
    const std::size_t other = random.below(count - 1);
    Spread spread(drawn - 2, count, random);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < drawn; ++i) {
        const std::size_t place = i == 0 ? start : i == 1 ? other + (other >= start ? 1 : 0) : spread.next();
        const std::size_t id = ids_[first + place];
        float* const row = sample_.data() + taken * width;
        const float scale = row_scale(grove_, id);
        if (scale == 0 && taken >= 2) continue;
        exact_row(grove_, id, scale, 0, std::span(row, width));
        drawn_[taken++] = row;
    }
    return std::span(drawn_).first(taken);
}

void Splitter::choose_plane(std::size_t first, std::size_t count, Kiss64& random, std::byte* node) {
    means_.run(draw(first, count, random));
    std::memcpy(node + grove_.layout.vector, means_.normal().data(), grove_.dim * sizeof(float));
    // The dot product's plane needs no term: queries have no extra coordinate.
    if (grove_.layout.plane_term == PlaneTerm::kOffset) store(node + grove_.layout.term, means_.offset());
    measure_plane(first, count, random);
}

// What is on the plane goes to either side.
void Splitter::measure_plane(std::size_t first, std::size_t count, Kiss64& random) {
    const float* const normal = means_.normal().data();
    const std::uint32_t* const ids = ids_.data() + first;
    grove_.kernels->f32.dot_gather(normal, grove_.nodes + grove_.layout.vector, grove_.layout.node_bytes, ids,
                                   count, grove_.dim, margins_.data());
    for (std::size_t i = 0; i < count; ++i) {
        float& margin = margins_[i];
        margin += means_.offset();
        if (grove_.metric == Metric::kDot) {
            margin += normal[grove_.dim] * load<float>(grove_.node(ids[i]) + grove_.layout.term);
        }
        if (margin == 0) [[unlikely]]
            margin = random.flip() ? 1.0F : -1.0F;
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

// Each side keeps its order, so that rows are still read in ascending order of address.
std::size_t Splitter::partition(std::size_t first, std::size_t count) {
    return grove_.kernels->f32.partition(ids_.data() + first, margins_.data(), count, spare_.data());
}

std::size_t Splitter::halve(std::size_t first, std::size_t count, Kiss64& random) {
    const std::size_t left = count / 2;
    std::fill_n(margins_.begin(), left, -1.0F);
    std::fill_n(margins_.begin() + static_cast<std::ptrdiff_t>(left), count - left, 1.0F);
    for (std::size_t i = count - 1; i > 0; --i) std::swap(margins_[i], margins_[random.below(i + 1)]);
    return partition(first, count);
}

}  // namespace kith::index
