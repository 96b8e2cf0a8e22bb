#include "index/graph/short_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "index/coded/prepare.hpp"
#include "index/graph/directions.hpp"
#include "kernel/select.hpp"
#include "kernel/short_row_kernel.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kGrain = 256;
constexpr std::size_t kSampleRows = 4096;
constexpr float kSteps = 127;
constexpr std::uint8_t kZero = 128;

// Short rows of one to four cache lines, less the addend; beyond, and where they would leave out more than this of
// the variance, rows stay whole.
constexpr std::size_t kShortDims[] = {60, 124, 188, 252};
constexpr double kLeastShare = 0.94;

// The share of a sample's elements that a step must be able to express.
constexpr double kExpressed = 0.9998;

void centre(const GraphData& data, std::span<float> spread) noexcept {
    kernel::active().f32.axpy(-1, data.centre.as<float>().data(), spread.data(), spread.size());
}

Matrix centred_sample(const GraphData& data, const Spread& spread, std::uint64_t seed) {
    const std::size_t count = data.rows.count();
    const std::size_t wanted = std::min(count, kSampleRows);
    Matrix sample(wanted, spread.dim());
    Random random = Random::stream(seed, 1);
    for (std::size_t i = 0; i < wanted; ++i) {
        spread.get(wanted == count ? i : random.below(count), sample.row(i));
        centre(data, sample.row(i));
    }
    return sample;
}

storage::Region mean(const GraphData& data, const Spread& spread) {
    std::vector<double> sums(spread.dim());
    std::vector<float> row(spread.dim());
    for (std::size_t i = 0; i < data.rows.count(); ++i) {
        spread.get(i, row);
        for (std::size_t d = 0; d < row.size(); ++d) sums[d] += static_cast<double>(row[d]);
    }
    storage::Buffer buffer(row.size() * sizeof(float));
    for (std::size_t d = 0; d < row.size(); ++d) {
        buffer.as<float>()[d] = static_cast<float>(sums[d] / static_cast<double>(data.rows.count()));
    }
    return std::move(buffer).freeze();
}

// No rows when rows are to stay whole.
Matrix choose_directions(const Matrix& sample, std::size_t wanted, std::uint64_t seed, std::size_t threads) {
    const std::size_t dim = sample.cols();
    if (wanted >= dim || (wanted == 0 && short_stride(dim) <= short_stride(kShortDims[0]))) return {};
    const std::size_t most = wanted > 0 ? wanted : std::min(dim, kShortDims[std::size(kShortDims) - 1]);
    Directions found = strongest_directions(sample.view(), most, seed, threads);
    std::size_t chosen = wanted;
    for (const std::size_t each : kShortDims) {
        if (chosen == 0 && each <= most && found.share[each - 1] >= kLeastShare) chosen = each;
    }
    if (chosen == 0 || (wanted == 0 && short_stride(chosen) >= short_stride(dim))) return {};
    Matrix directions(chosen, dim);
    std::copy_n(found.rows.data(), chosen * dim, directions.data());
    rotate(directions, seed);
    return directions;
}

void project(const Matrix& directions, std::span<const float> row, std::span<float> out) noexcept {
    kernel::active().f32.dot_scan(row.data(), directions.data(), directions.cols() * sizeof(float),
                                  directions.rows(), directions.cols(), out.data());
}

float step_of(std::vector<float>& magnitudes) {
    const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(magnitudes.size() - 1) * kExpressed);
    std::ranges::nth_element(magnitudes, magnitudes.begin() + at);
    float most = magnitudes[static_cast<std::size_t>(at)];
    if (most == 0) most = *std::ranges::max_element(magnitudes);
    return most > 0 ? most / kSteps : 1;
}

float step_of(const Matrix& sample, const Matrix& directions) {
    std::vector<float> shortened(directions.rows() > 0 ? directions.rows() : sample.cols());
    std::vector<float> magnitudes;
    for (std::size_t i = 0; i < sample.rows(); ++i) {
        if (directions.rows() > 0) {
            project(directions, sample.row(i), shortened);
        } else {
            std::ranges::copy(sample.row(i), shortened.begin());
        }
        for (const float x : shortened) magnitudes.push_back(std::abs(x));
    }
    return step_of(magnitudes);
}

// round(x / step) + 128, held within a byte.
void to_shifted(std::span<const float> x, float step, std::uint8_t* out) noexcept {
    kernel::active().codes.to_bytes(x.data(), x.size(), -static_cast<float>(kZero) * step, 1 / step, out);
}

// Folds the elements in sixteen chains, which compilers put into vectors: one chain waits for itself.
template <class Step>
std::array<float, 16> fold(std::size_t n, const Step& step) noexcept {
    std::array<float, 16> lanes{};
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        for (std::size_t l = 0; l < 16; ++l) lanes[l] = step(lanes[l], i + l);
    }
    for (std::size_t l = 0; i < n; ++i, ++l) lanes[l] = step(lanes[l], i);
    return lanes;
}

// The step of the elements' largest magnitude, and 1 where there is none.
float own_step(std::span<const float> x) noexcept {
    const auto lanes = fold(x.size(), [&](float most, std::size_t i) {
        const float each = std::abs(x[i]);
        return most < each ? each : most;
    });
    const float most = *std::ranges::max_element(lanes);
    return most > 0 ? most / kSteps : 1;
}

// As signed bytes, in the query's own step, which is returned.
float to_signed(std::span<const float> x, std::span<std::int8_t> out) noexcept {
    const float step = own_step(x);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(out.data());
    to_shifted(x, step, bytes);
    for (std::size_t i = 0; i < x.size(); ++i) bytes[i] ^= kZero;
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(x.size()), out.end(), std::int8_t{0});
    return step;
}

storage::Region projection_rows(const Matrix& directions, float step) {
    const std::size_t stride = short_stride(directions.cols());
    storage::Buffer buffer((directions.rows() + 1) * stride);
    auto* const bytes = buffer.as<std::uint8_t>().data();
    for (std::size_t r = 0; r < directions.rows(); ++r) to_shifted(directions.row(r), step, bytes + r * stride);
    std::fill_n(bytes + directions.rows() * stride, directions.cols(), std::uint8_t{1});
    return std::move(buffer).freeze();
}

}  // namespace

Spread::Spread(const RowStore& rows) : rows_(rows) {
    if (rows.metric() != Metric::kDot) return;
    for (std::size_t i = 0; i < rows.count(); ++i) {
        const auto* const row = reinterpret_cast<const float*>(rows.row(i));
        length_ = std::max(length_, std::sqrt(kernel::active().f32.sum_of_squares(row, rows.dim())));
    }
}

void Spread::get(std::size_t i, std::span<float> out) const noexcept {
    const std::span<float> vector = out.first(rows_.dim());
    prepare_row(rows_, i, vector);
    if (rows_.metric() != Metric::kDot) return;
    const float squared = kernel::active().f32.sum_of_squares(vector.data(), vector.size());
    out.back() = std::sqrt(std::max(0.0F, length_ * length_ - squared));
}

void spread_query(Metric metric, std::span<const float> query, float length, std::span<float> out) noexcept {
    const std::span<float> vector = out.first(query.size());
    std::ranges::copy(query, vector.begin());
    if (metric == Metric::kAngular || metric == Metric::kDot) prepare(Metric::kAngular, vector);
    if (metric != Metric::kDot) return;
    kernel::active().f32.scale(length, vector.data(), vector.size());
    out.back() = 0;
}

void make_short_rows(GraphData& data, const Spread& spread, std::size_t wanted_dim, std::uint64_t seed,
                     std::size_t threads) {
    data.centre = mean(data, spread);
    const Matrix sample = centred_sample(data, spread, seed);
    const Matrix directions = choose_directions(sample, wanted_dim, seed, threads);
    GraphParameters& p = data.parameters;
    p.length = spread.length();
    p.projected = directions.rows() > 0 ? 1 : 0;
    p.short_dim = static_cast<std::uint32_t>(p.projected != 0 ? directions.rows() : spread.dim());
    p.short_step = step_of(sample, directions);
    if (p.projected != 0) {
        p.projection_step = own_step(std::span(directions.data(), directions.rows() * directions.cols()));
        data.projection = projection_rows(directions, p.projection_step);
    }
    const std::size_t stride = data.stride();
    storage::Buffer buffer(data.rows.count() * stride);
    auto* const bytes = buffer.as<std::uint8_t>().data();
    parallel_ranges(data.rows.count(), kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        std::vector<float> row(spread.dim());
        std::vector<float> shortened(p.short_dim);
        for (std::size_t i = first; i < last; ++i) {
            spread.get(i, row);
            centre(data, row);
            if (p.projected != 0) project(directions, row, shortened);
            to_shifted(p.projected != 0 ? shortened : row, p.short_step, bytes + i * stride);
            const float squared = kernel::active().f32.sum_of_squares(row.data(), row.size());
            std::memcpy(bytes + (i + 1) * stride - sizeof squared, &squared, sizeof squared);
        }
    });
    data.short_rows = std::move(buffer).freeze();
}

namespace {

void take_directly(const GraphData& data, std::span<const float> query, ShortQuery& out) {
    if (data.walks_bytes()) {
        out.bytes.assign(data.stride(), 0);
        to_bytes(data.rows.metric(), query, data.parameters.bytes,
                 reinterpret_cast<std::uint8_t*>(out.bytes.data()));
        out.kernels = &byte_kernels(data.rows.metric());
        out.row = out.bytes.data();
        out.length = query.size();
        return;
    }
    out.kernels = &data.rows.kernels();
    out.row = data.rows.as_row(query, out.memory);
    out.length = data.rows.length();
}

}  // namespace

void shorten_query(const GraphData& data, std::span<const float> query, ShortQuery& out) {
    const GraphParameters& p = data.parameters;
    out.kernels = nullptr;
    if (!data.has_short_rows()) return take_directly(data, query, out);
    const std::size_t dim = spread_dim(data.rows.metric(), query.size());
    out.spread.resize(dim);
    spread_query(data.rows.metric(), query, p.length, out.spread);
    centre(data, out.spread);
    std::span<const float> y = out.spread;
    if (p.projected != 0) {
        out.whole.resize(short_stride(dim));
        const float step = to_signed(out.spread, out.whole) * p.projection_step;
        while (out.numbers.size() <= p.short_dim)
            out.numbers.push_back(static_cast<std::uint32_t>(out.numbers.size()));
        out.shortened.resize(p.short_dim + 1);
        kernel::short_row_kernel(kernel::active())(out.whole.data(), data.projection.data(), short_stride(dim),
                                                   out.numbers.data(), p.short_dim + 1, step, out.shortened.data());
        const float shift = out.shortened.back() * kZero;
        for (float& x : out.shortened) x -= shift;
        y = std::span(out.shortened).first(p.short_dim);
    }
    out.bytes.resize(data.stride());
    out.scale = -2 * to_signed(y, out.bytes) * p.short_step;
}

void ShortQuery::rank(const GraphData& data, std::span<const std::uint32_t> rows, float* out) const noexcept {
    if (kernels != nullptr) {
        kernels->gather(row, data.walked(), data.stride(), rows.data(), rows.size(), length, out);
        return;
    }
    kernel::short_row_kernel(kernel::active())(bytes.data(), data.short_rows.data(), data.stride(), rows.data(),
                                               rows.size(), scale, out);
}

}  // namespace kith::index
