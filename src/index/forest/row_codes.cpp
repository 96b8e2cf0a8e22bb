#include "index/forest/row_codes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kCodeAlignment = 64;  // bytes in a cache line
constexpr std::size_t kFloatAlignment = 16;
constexpr float kLargestCode = 127;
// Added to a number of smaller size and taken away again, it leaves the nearest whole number.
constexpr float kRounder = 12582912.0F;
// Outside of these, single precision cannot tell elements from codes.
constexpr float kLeastStep = 1e-30F;
constexpr float kLargestStep = 1e30F;
constexpr std::size_t kGrain = 4096;  // rows that a thread takes at a time
constexpr double kInfinity = std::numeric_limits<double>::infinity();

constexpr std::size_t round_up(std::size_t n, std::size_t to) {
    return (n + to - 1) / to * to;
}

// What an item's elements are multiplied with to make its row: 1, or 1 / length. Zero for a row without an angle, and
// where single precision loses the length.
float scale_of(const Grove& grove, std::size_t id, bool unit_rows) {
    if (!unit_rows) return 1;
    float squares = grove.kernels->f32.sum_of_squares(grove.vector(id), grove.dim);
    if (grove.metric == Metric::kDot) {
        const auto extra = load<float>(grove.node(id) + grove.layout.term);
        squares += extra * extra;
    }
    return squares > std::numeric_limits<float>::min() && squares <= std::numeric_limits<float>::max()
               ? 1 / std::sqrt(squares)
               : 0.0F;
}

// All elements zero, as opposed to a length that is lost.
bool is_zero(const Grove& grove, std::size_t id) {
    const float* vector = grove.vector(id);
    const bool zero = std::all_of(vector, vector + grove.dim, [](float x) { return x == 0; });
    return zero && (grove.metric != Metric::kDot || load<float>(grove.node(id) + grove.layout.term) == 0);
}

// Sixteen running values side by side, so that the compiler makes vectors of the loops.
using Lanes = std::array<float, kFloatAlignment>;

Lanes lanes(float value) {
    Lanes out;
    out.fill(value);
    return out;
}

}  // namespace

// The least and the largest element of the rows.
struct RowCodes::Extent {
    Lanes least = lanes(std::numeric_limits<float>::infinity());
    Lanes most = lanes(-std::numeric_limits<float>::infinity());

    void add(std::span<const float> row) {
        for (std::size_t d = 0; d < row.size(); d += kFloatAlignment) {
            for (std::size_t i = 0; i < kFloatAlignment; ++i) {
                least[i] = row[d + i] < least[i] ? row[d + i] : least[i];
                most[i] = row[d + i] > most[i] ? row[d + i] : most[i];
            }
        }
    }
};

// Over the rows that a thread encoded.
struct RowCodes::Lengths {
    float error = 0;   // squared, of what the codes leave out
    float length = 0;  // squared, of the codes
    bool zero_rows = false;
    bool lost_rows = false;
};

RowCodes::RowCodes(const Grove& grove, std::size_t threads)
    : width_(grove.dim + (grove.metric == Metric::kDot ? 1 : 0)),
      padded_width_(round_up(width_, kFloatAlignment)),
      stride_(round_up(width_, kCodeAlignment)),
      unit_rows_(grove.metric == Metric::kAngular || grove.metric == Metric::kDot),
      kernels_(*grove.kernels) {
    codes_.resize(grove.n_items * stride_);
    measure(grove, threads);
    if (step_ > kLeastStep && step_ < kLargestStep) {
        encode(grove, threads);
    } else {
        max_error_ = kInfinity;
        has_zero_rows_ = unit_rows_;
    }
}

// Item `id` as a row of padded_width() floats, filled up with `pad`.
void RowCodes::exact_row(const Grove& grove, std::size_t id, float scale, float pad, std::span<float> row) const {
    const float* const vector = grove.vector(id);
    for (std::size_t d = 0; d < grove.dim; ++d) row[d] = vector[d] * scale;
    if (width_ > grove.dim) row[grove.dim] = load<float>(grove.node(id) + grove.layout.term) * scale;
    std::fill(row.begin() + static_cast<std::ptrdiff_t>(width_), row.end(), pad);
}

void RowCodes::measure(const Grove& grove, std::size_t threads) {
    std::vector<Extent> extents(threads);
    parallel_ranges(grove.ids.size(), kGrain, threads,
                    [&](std::size_t first, std::size_t last, std::size_t worker) {
                        std::vector<float> row(padded_width_);
                        Extent extent = extents[worker];
                        for (std::size_t i = first; i < last; ++i) {
                            const std::size_t id = grove.ids[i];
                            const float scale = scale_of(grove, id, unit_rows_);
                            exact_row(grove, id, scale, grove.vector(id)[0] * scale, row);
                            extent.add(row);
                        }
                        extents[worker] = extent;
                    });
    double least = kInfinity;
    double most = -kInfinity;
    for (const Extent& each : extents) {
        least = std::min<double>(least, *std::min_element(each.least.begin(), each.least.end()));
        most = std::max<double>(most, *std::max_element(each.most.begin(), each.most.end()));
    }
    if (!(least <= most)) least = most = 0;
    // Unit rows must not be shifted: it would change their angles.
    if (unit_rows_) {
        most = std::max(-least, most);
        least = -most;
    }
    centre_ = static_cast<float>((least + most) / 2);
    step_ = static_cast<float>((most - least) / 2 / kLargestCode);
}

void RowCodes::encode_row(std::span<const float> row, float centre, float step, std::int8_t* out,
                          Lengths& lengths) {
    const float inverse = 1 / step;
    Lanes error = lanes(0);
    Lanes length = lanes(0);
    for (std::size_t d = 0; d < row.size(); d += kFloatAlignment) {
        std::array<std::int8_t, kFloatAlignment> codes;
        for (std::size_t i = 0; i < kFloatAlignment; ++i) {
            const float shifted = row[d + i] - centre;
            const float whole = (shifted * inverse + kRounder) - kRounder;
            const auto code = static_cast<std::int32_t>(whole);
            codes[i] = static_cast<std::int8_t>(code);
            const float left = shifted - step * whole;
            error[i] += left * left;
            length[i] += whole * whole;
        }
        std::copy(codes.begin(), codes.end(), out + d);
    }
    const float errors = std::accumulate(error.begin(), error.end(), 0.0F);
    lengths.error = std::max(lengths.error, errors);
    lengths.length = std::max(lengths.length, std::accumulate(length.begin(), length.end(), 0.0F));
    if (!(errors <= std::numeric_limits<float>::max())) lengths.lost_rows = true;
}

void RowCodes::encode(const Grove& grove, std::size_t threads) {
    std::vector<Lengths> lengths(threads);
    const auto centre = static_cast<float>(centre_);
    const auto step = static_cast<float>(step_);
    auto* const codes = reinterpret_cast<std::int8_t*>(codes_.data());
    parallel_ranges(grove.ids.size(), kGrain, threads,
                    [&](std::size_t first, std::size_t last, std::size_t worker) {
                        std::vector<float> row(padded_width_);
                        Lengths mine = lengths[worker];
                        for (std::size_t i = first; i < last; ++i) {
                            const std::size_t id = grove.ids[i];
                            const float scale = scale_of(grove, id, unit_rows_);
                            if (scale == 0) (is_zero(grove, id) ? mine.zero_rows : mine.lost_rows) = true;
                            exact_row(grove, id, scale, centre, row);
                            encode_row(row, centre, step, codes + id * stride_, mine);
                        }
                        lengths[worker] = mine;
                    });
    Lengths whole;
    for (const Lengths& each : lengths) {
        whole.error = std::max(whole.error, each.error);
        whole.length = std::max(whole.length, each.length);
        whole.zero_rows |= each.zero_rows;
        whole.lost_rows |= each.lost_rows;
    }
    // The sums above were rounded, too.
    const double slack = 1 + static_cast<double>(width_) * 0x1p-22;
    max_error_ = whole.lost_rows ? kInfinity : std::sqrt(static_cast<double>(whole.error) * slack);
    max_length_ = std::sqrt(static_cast<double>(whole.length) * slack);
    has_zero_rows_ = whole.zero_rows || whole.lost_rows;
}

void RowCodes::widen(std::size_t id, float* out) const noexcept {
    // Whole vectors, then what is beyond the row.
    kernels_.f32.widen(row(id), padded_width_, static_cast<float>(step_), static_cast<float>(centre_), out);
    std::fill(out + width_, out + padded_width_, 0.0F);
}

void CodedPlane::set(const RowCodes& rows, std::span<const float> normal, float offset) {
    const std::size_t width = rows.width();
    codes.resize(rows.stride());
    float most = 0;
    for (std::size_t d = 0; d < width; ++d) most = std::max(most, std::abs(normal[d]));
    const float step = most / kLargestCode;
    const float inverse = step > 0 && std::isfinite(1 / step) ? 1 / step : 0;
    double sum = 0;
    double error = 0;
    double length = 0;
    for (std::size_t d = 0; d < width; ++d) {
        const float exact = normal[d] * inverse;
        const auto code = static_cast<std::int32_t>(exact + (exact < 0 ? -0.5F : 0.5F));
        codes[d] = static_cast<std::int8_t>(code);
        const double left = static_cast<double>(normal[d]) - static_cast<double>(step) * code;
        sum += normal[d];
        error += left * left;
        length += static_cast<double>(normal[d]) * normal[d];
    }
    // What the codes of rows and of the normal leave out, by Cauchy and Schwarz; then the rounding of sums in float,
    // here and where the vectors themselves are measured (docs/kernels.md has that bound).
    const double row_length = rows.step() * rows.max_length() + rows.max_error() +
                              std::abs(rows.centre()) * std::sqrt(static_cast<double>(width));
    const double rounding = (static_cast<double>(width) / 16 + 32) * 0x1p-23;
    const double normal_length = std::sqrt(length);
    const double shift = offset + rows.centre() * sum;
    base = static_cast<float>(shift);
    slope = static_cast<float>(-rows.step() * step);
    doubt = static_cast<float>(
        1.001 * (normal_length * rows.max_error() + std::sqrt(error) * rows.step() * rows.max_length() +
                 rounding * (normal_length * row_length + std::abs(offset) + std::abs(shift))));
    if (!(doubt == doubt)) doubt = std::numeric_limits<float>::infinity();
}

}  // namespace kith::index
