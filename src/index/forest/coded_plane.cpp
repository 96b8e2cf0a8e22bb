#include "index/forest/coded_plane.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace kith::index {
namespace {

constexpr std::size_t round_up(std::size_t n, std::size_t to) {
    return (n + to - 1) / to * to;
}

}  // namespace

bool CodedPlane::blank() const noexcept {
    return std::all_of(normal.begin(), normal.end(), [](std::int8_t code) { return code == 0; });
}

CodedPlanes::CodedPlanes(const Grove& grove)
    : grove_(grove),
      codes_(*grove.codes),
      unit_rows_(grove.metric == Metric::kAngular || grove.metric == Metric::kDot),
      padded_(round_up(codes_.width(), RowCodes::kBlock)),
      sample_(kSample),
      margins_(kSample),
      sums_(padded_),
      mean_(padded_),
      normal_(padded_) {}

void CodedPlanes::draw(std::span<const std::uint32_t> places, Kiss64& random) {
    if (places.size() <= kSample) {
        sample_.assign(places.begin(), places.end());
    } else {
        sample_.resize(kSample);
        for (std::size_t i = 0; i < kSample; ++i) {
            const std::size_t first = i * places.size() / kSample;
            const std::size_t last = (i + 1) * places.size() / kSample;
            sample_[i] = places[first + random.below(last - first)];
        }
    }
    glance_.clear();
    const std::size_t step = std::max<std::size_t>(1, sample_.size() / kGlance);
    for (std::size_t i = 0; i < sample_.size(); i += step) glance_.push_back(sample_[i]);
}

// Planes through the origin that also hold the rows' mean have as much on one side as on the other.
void CodedPlanes::level() {
    const kernel::FloatKernels& f32 = grove_.kernels->f32;
    const float squares = f32.sum_of_squares(mean_.data(), padded_);
    if (squares > 0)
        f32.axpy(-f32.dot(normal_.data(), mean_.data(), padded_) / squares, mean_.data(), normal_.data(), padded_);
}

void CodedPlanes::encode(CodedPlane& plane) {
    if (unit_rows_) level();
    plane.normal.resize(padded_);
    grove_.kernels->bytes.quantise(normal_.data(), padded_, plane.normal.data());
    std::int32_t sum = 0;
    for (const std::int8_t code : plane.normal) sum += code;
    plane.limit = static_cast<float>(sum * RowCodes::kZero);
    if (unit_rows_) return;
    float at_mean = 0;
    for (std::size_t d = 0; d < padded_; ++d) at_mean += static_cast<float>(plane.normal[d]) * mean_[d];
    plane.limit += at_mean;
}

bool CodedPlanes::turn(const CodeView& rows, std::span<const std::uint32_t> sample, Kiss64& random,
                       CodedPlane& plane) {
    encode(plane);
    margins(plane, rows, sample, random, margins_.data());
    const auto above =
        std::count_if(margins_.begin(), margins_.begin() + static_cast<std::ptrdiff_t>(sample.size()),
                      [](float margin) { return margin > 0; });
    if (above == 0 || static_cast<std::size_t>(above) == sample.size()) return false;
    grove_.kernels->bytes.sum_above(rows.base, rows.stride, sample.data(), margins_.data(), sample.size(), padded_,
                                    sums_.data());
    // From the mean of all to the mean of those above: the direction from the mean of those below.
    const float share = 1 / static_cast<float>(above);
    for (std::size_t d = 0; d < padded_; ++d) {
        normal_[d] = static_cast<float>(sums_[d]) * share - RowCodes::kZero - mean_[d];
    }
    return true;
}

void CodedPlanes::choose(const CodeView& rows, std::span<const std::uint32_t> places, Kiss64& random,
                         CodedPlane& plane) {
    draw(places, random);
    const std::size_t count = sample_.size();
    margins_.assign(count, 1.0F);
    grove_.kernels->bytes.sum_above(rows.base, rows.stride, sample_.data(), margins_.data(), count, padded_,
                                    sums_.data());
    const float part = 1 / static_cast<float>(count);
    for (std::size_t d = 0; d < padded_; ++d) mean_[d] = static_cast<float>(sums_[d]) * part - RowCodes::kZero;
    const std::size_t start = random.below(places.size());
    const std::size_t other = random.below(places.size() - 1);
    const std::uint8_t* const first = rows.row(places[start]);
    const std::uint8_t* const second = rows.row(places[other + (other >= start ? 1 : 0)]);
    for (std::size_t d = 0; d < padded_; ++d) normal_[d] = static_cast<float>(first[d] - second[d]);
    turn(rows, glance_, random, plane);
    for (int round = 0; round < kRounds; ++round) {
        if (!turn(rows, sample_, random, plane)) return;
    }
    encode(plane);
}

void CodedPlanes::margins(const CodedPlane& plane, const CodeView& rows, std::span<const std::uint32_t> places,
                          Kiss64& random, float* out) const {
    grove_.kernels->bytes.margins(plane.normal.data(), plane.limit, rows.base, rows.stride, places.data(),
                                  places.size(), padded_, out);
    if (!codes_.has_zero_rows()) return;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (out[i] == 0) out[i] = random.flip() ? 1.0F : -1.0F;
    }
}

std::size_t CodedPlanes::packed_bytes() const noexcept {
    return codes_.stride() + sizeof(float);
}

void CodedPlanes::pack(const CodedPlane& plane, std::byte* out) const {
    std::memcpy(out, plane.normal.data(), codes_.stride());
    store(out + codes_.stride(), plane.limit);
}

// A normal of unit length. Margins to rows are step * (normal . codes - limit) / length.
void CodedPlanes::unpack(const std::byte* packed, std::byte* node) const {
    const auto* const normal = reinterpret_cast<const std::int8_t*>(packed);
    std::int64_t squares = 0;
    std::int32_t sum = 0;
    for (std::size_t d = 0; d < codes_.width(); ++d) {
        squares += normal[d] * normal[d];
        sum += normal[d];
    }
    const double scale = squares > 0 ? 1 / std::sqrt(static_cast<double>(squares)) : 0;
    grove_.kernels->f32.widen(normal, grove_.dim, static_cast<float>(scale), 0,
                              reinterpret_cast<float*>(node + grove_.layout.vector));
    // The dot product's plane needs no term: queries have no extra coordinate.
    if (grove_.layout.plane_term == PlaneTerm::kOffset) {
        const double limit = static_cast<double>(load<float>(packed + codes_.stride())) - sum * RowCodes::kZero;
        const double at_limit = static_cast<double>(codes_.centre()) * sum + codes_.step() * limit;
        store(node + grove_.layout.term, static_cast<float>(-at_limit * scale));
    }
}

}  // namespace kith::index
