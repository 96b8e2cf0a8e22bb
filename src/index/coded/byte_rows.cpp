#include "index/coded/byte_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "index/coded/prepare.hpp"
#include "kernel/select.hpp"
#include "kernel/support.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kLine = 64;
constexpr float kUnsignedSteps = 255;
constexpr float kSignedSteps = 127;
constexpr std::size_t kSampleElements = 1 << 18;
constexpr std::size_t kGrain = 256;

// Shares of the elements cut off at each end: a few outliers must not make all other steps coarse.
constexpr std::array kCuts = {0.0, 1e-4, 5e-4, 2e-3};

std::uint8_t rounded_signed(float x, float step) noexcept {
    const float steps = std::clamp(x / step, -kSignedSteps, kSignedSteps);
    return static_cast<std::uint8_t>(static_cast<std::int8_t>(std::lrint(steps)));
}

// Ascending elements of some rows.
std::vector<float> sample_elements(const RowStore& rows, std::uint64_t seed) {
    Random random = Random::stream(seed, 0);
    const std::size_t wanted = std::clamp<std::size_t>(kSampleElements / rows.dim(), 1, rows.count());
    std::vector<float> elements(wanted * rows.dim());
    for (std::size_t i = 0; i < wanted; ++i) {
        prepare_row(rows, random.below(rows.count()), std::span(elements).subspan(i * rows.dim(), rows.dim()));
    }
    std::ranges::sort(elements);
    return elements;
}

ByteScale scale_between(Metric metric, float low, float high) noexcept {
    if (metric == Metric::kDot) return {0, std::max(std::abs(low), std::abs(high)) / kSignedSteps};
    return {low, (high - low) / kUnsignedSteps};
}

void to_bytes_by(Metric metric, std::span<const float> row, ByteScale scale, std::uint8_t* out) noexcept {
    if (metric == Metric::kDot) {
        std::ranges::transform(row, out, [&](float x) { return rounded_signed(x, scale.step); });
    } else {
        kernel::active().codes.to_bytes(row.data(), row.size(), scale.low, 1 / scale.step, out);
    }
}

// The squared errors of ascending elements, none counted for more than the middle half of the elements is wide.
double rounding_error(Metric metric, std::span<const float> elements, ByteScale scale) {
    std::vector<std::uint8_t> bytes(elements.size());
    to_bytes_by(metric, elements, scale, bytes.data());
    double most = elements[elements.size() * 3 / 4] - elements[elements.size() / 4];
    if (most == 0) most = elements.back() - elements.front();
    double sum = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const int steps = metric == Metric::kDot ? static_cast<std::int8_t>(bytes[i]) : bytes[i];
        const double back = static_cast<double>(scale.low) + static_cast<double>(scale.step) * steps;
        const double error = std::min(std::abs(elements[i] - back), most);
        sum += error * error;
    }
    return sum;
}

}  // namespace

std::size_t byte_stride(std::size_t dim) noexcept {
    std::size_t unit = 1;
    while (unit < std::min(dim, kLine)) unit *= 2;
    return (dim + unit - 1) / unit * unit;
}

ByteScale choose_byte_scale(const RowStore& rows, std::uint64_t seed) {
    if (rows.metric() == Metric::kHamming || rows.count() == 0) return {};
    const std::vector<float> elements = sample_elements(rows, seed);
    ByteScale best;
    double least = 0;
    for (const double cut : kCuts) {
        const auto skipped = static_cast<std::size_t>(cut * static_cast<double>(elements.size()));
        const ByteScale scale =
            scale_between(rows.metric(), elements[skipped], elements[elements.size() - 1 - skipped]);
        if (!(scale.step > 0) || !std::isfinite(scale.step)) continue;
        const double error = rounding_error(rows.metric(), elements, scale);
        if (best.step > 0 && error >= least) continue;
        best = scale;
        least = error;
    }
    return best;
}

storage::Region make_byte_rows(const RowStore& rows, ByteScale scale, std::size_t threads) {
    const std::size_t stride = byte_stride(rows.dim());
    storage::Buffer buffer(rows.count() * stride);
    auto* const bytes = buffer.as<std::uint8_t>().data();
    parallel_ranges(rows.count(), kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        std::vector<float> row(rows.dim());
        for (std::size_t i = first; i < last; ++i) {
            prepare_row(rows, i, row);
            to_bytes_by(rows.metric(), row, scale, bytes + i * stride);
        }
    });
    return std::move(buffer).freeze();
}

void to_bytes(Metric metric, std::span<const float> query, ByteScale scale, std::uint8_t* out) noexcept {
    if (metric == Metric::kDot) {
        float largest = 0;
        for (const float x : query) largest = std::max(largest, std::abs(x));
        scale.step = largest > 0 ? largest / kSignedSteps : 1;
    }
    to_bytes_by(metric, query, scale, out);
}

const kernel::DistanceKernels& byte_kernels(Metric metric) {
    const Metric compared = metric == Metric::kAngular ? Metric::kEuclidean : metric;
    return kernel::kernels_for(kernel::active(), compared, metric == Metric::kDot ? Scalar::kInt8 : Scalar::kUint8);
}

}  // namespace kith::index
