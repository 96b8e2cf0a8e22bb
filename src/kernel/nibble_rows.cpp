#include "kernel/nibble_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/parallel.hpp"
#include "kernel/nibble_kernel.hpp"
#include "kernel/select.hpp"
#include "kernel/sets.hpp"

namespace kith::kernel {
namespace {

constexpr std::size_t kBlockRows = 16;
constexpr std::size_t kHeadBytes = kBlockRows * 8;
constexpr std::size_t kLine = 64;
constexpr float kMostCode = 15;
constexpr double kQuerySteps = 127;

// Below so many rows a scan is over before codes pay.
constexpr std::size_t kLeastRows = 4096;

// Steps tried for each row, as shares of the one that reaches its greatest element: cutting off the few greatest can
// make up for it by finer steps for all others.
constexpr std::array kShares = {1.0F, 0.88F, 0.76F, 0.64F};

// Rows that the centre is the mean of, and that decide where codes count from.
constexpr std::size_t kSample = 2048;

// Longer rows are looked at in any case: their squares leave the range of float.
constexpr double kMostLength = 1e15;

constexpr std::size_t kGrain = 256;

// A block of which codes let more than half through cost more than it would have without; the next few go without.
constexpr std::size_t kRest = 8;

std::size_t octets_of(std::size_t dim) noexcept {
    return (dim + 7) / 8;
}

std::size_t centre_bytes(std::size_t dim) noexcept {
    return (dim * sizeof(float) + kLine - 1) / kLine * kLine;
}

// The upper half of the least such number that is not below x >= 0.
std::uint16_t rounded_up(double x) noexcept {
    auto near = static_cast<float>(x);
    if (static_cast<double>(near) < x) near = std::nextafter(near, std::numeric_limits<float>::infinity());
    const auto bits = std::bit_cast<std::uint32_t>(near);
    return static_cast<std::uint16_t>((bits >> 16) + ((bits & 0xFFFF) != 0 ? 1 : 0));
}

float widened(std::uint16_t upper) noexcept {
    return std::bit_cast<float>(std::uint32_t{upper} << 16);
}

double length_of(const float* row, std::size_t dim) noexcept {
    double squares = 0;
    for (std::size_t i = 0; i < dim; ++i) squares += static_cast<double>(row[i]) * row[i];
    return std::sqrt(squares);
}

// Whether a row of this length has a place among the codes.
bool is_codable(Metric metric, double length) noexcept {
    return length < kMostLength && (metric != Metric::kAngular || length > 1.0 / kMostLength);
}

// What codes are made of: unit length for angular rows.
double scale_of(Metric metric, double length) noexcept {
    return metric == Metric::kAngular ? 1 / length : 1.0;
}

struct CodedRow {
    std::uint16_t step = 0;
    std::uint16_t error = 0;
    float base = 0;
    double code_length = 0;
};

// Works on one row at a time; one for each thread.
class Encoder {
public:
    Encoder(std::size_t dim, Metric metric, const float* centre, bool from_zero)
        : metric_(metric), centre_(centre), from_zero_(from_zero), values_(dim), codes_(dim), best_(dim) {}

    // The codes are in codes() afterwards.
    CodedRow encode(const float* row, double length) {
        const std::size_t dim = values_.size();
        const auto scale = static_cast<float>(scale_of(metric_, length));
        float most = 0;
        for (std::size_t i = 0; i < dim; ++i) {
            values_[i] = row[i] * scale - centre_[i];
            most = std::max(most, from_zero_ ? values_[i] : std::abs(values_[i]));
        }
        CodedRow out;
        double least = std::numeric_limits<double>::infinity();
        for (const float share : kShares) {
            const std::uint16_t step = rounded_up(share * most / (from_zero_ ? kMostCode : kMostCode / 2));
            const double error = quantize(widened(step));
            if (error >= least) continue;
            least = error;
            out.step = step;
            best_.swap(codes_);
        }
        codes_.swap(best_);
        finish(row, length, out);
        return out;
    }

    [[nodiscard]] const std::vector<std::uint8_t>& codes() const noexcept { return codes_; }

private:
    [[nodiscard]] float zero() const noexcept { return from_zero_ ? 0.0F : kMostCode / 2; }

    // The squared error, about.
    double quantize(float step) {
        const float inverse = step > 0 ? 1 / step : 0.0F;
        const float shift = zero() + 0.5F;
        float error = 0;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const float place = std::min(std::max(values_[i] * inverse + shift, 0.0F), kMostCode + 0.5F);
            const auto code = static_cast<std::int32_t>(place);
            codes_[i] = static_cast<std::uint8_t>(code);
            const float off = values_[i] - step * (static_cast<float>(code) - zero());
            error += off * off;
        }
        return static_cast<double>(error);
    }

    // Length of the error, as it is, and the row's base.
    void finish(const float* row, double length, CodedRow& out) const {
        const double scale = scale_of(metric_, length);
        const auto step = static_cast<double>(widened(out.step));
        double errors = 0;
        double squares = 0;
        for (std::size_t i = 0; i < codes_.size(); ++i) {
            const double coded = step * (codes_[i] - static_cast<double>(zero()));
            const double off = row[i] * scale - static_cast<double>(centre_[i]) - coded;
            errors += off * off;
            squares += coded * coded;
        }
        // Sums of doubles, and the division, are not quite exact either.
        out.error = rounded_up(std::sqrt(errors) * (1 + 1e-9) + 1e-12 * length * scale);
        const auto error = static_cast<double>(widened(out.error));
        out.base = metric_ == Metric::kDot ? 0.0F : static_cast<float>(squares - error * error);
        out.code_length = std::sqrt(squares);
    }

    Metric metric_;
    const float* centre_;
    bool from_zero_;
    std::vector<float> values_;
    std::vector<std::uint8_t> codes_;
    std::vector<std::uint8_t> best_;
};

// Some rows, evenly spread.
std::vector<std::size_t> sample_of(const FloatRowsView& rows, Metric metric) {
    std::vector<std::size_t> sample;
    const std::size_t wanted = std::min(kSample, rows.count);
    for (std::size_t i = 0; i < wanted; ++i) {
        const std::size_t row = i * rows.count / wanted;
        if (is_codable(metric, length_of(rows.row(row), rows.dim))) sample.push_back(row);
    }
    return sample;
}

std::vector<float> mean_of(const FloatRowsView& rows, Metric metric, const std::vector<std::size_t>& sample) {
    std::vector<double> sums(rows.dim);
    for (const std::size_t each : sample) {
        const float* const row = rows.row(each);
        const double scale = scale_of(metric, length_of(row, rows.dim));
        for (std::size_t i = 0; i < rows.dim; ++i) sums[i] += row[i] * scale;
    }
    std::vector<float> mean(rows.dim);
    const double count = static_cast<double>(std::max<std::size_t>(sample.size(), 1));
    for (std::size_t i = 0; i < rows.dim; ++i) mean[i] = static_cast<float>(sums[i] / count);
    return mean;
}

double mean_error(const FloatRowsView& rows, Metric metric, const std::vector<std::size_t>& sample,
                  const std::vector<float>& centre, bool from_zero) {
    Encoder encoder(rows.dim, metric, centre.data(), from_zero);
    double sum = 0;
    for (std::size_t i = 0; i < sample.size(); i += 8) {
        const float* const row = rows.row(sample[i]);
        sum += static_cast<double>(widened(encoder.encode(row, length_of(row, rows.dim)).error));
    }
    return sum;
}

// Writes row j of a block.
void put(const CodedRow& coded, const std::vector<std::uint8_t>& codes, std::size_t j, std::byte* block) {
    std::memcpy(block + j * sizeof(float), &coded.base, sizeof coded.base);
    std::memcpy(block + kBlockRows * 4 + j * 2, &coded.step, sizeof coded.step);
    std::memcpy(block + kBlockRows * 6 + j * 2, &coded.error, sizeof coded.error);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        std::byte& place = block[kHeadBytes + i / 8 * kLine + j * 4 + i % 4];
        place |= static_cast<std::byte>(i % 8 < 4 ? codes[i] : codes[i] << 4);
    }
}

// The greatest of what the header tells.
struct Extremes {
    float base = 0;
    float error = 0;
    float code = 0;
    float length = 0;

    static float above(double x) noexcept { return static_cast<float>(x * (1 + 1e-6)); }

    void meet(const Extremes& other) noexcept {
        base = std::max(base, other.base);
        error = std::max(error, other.error);
        code = std::max(code, other.code);
        length = std::max(length, other.length);
    }
};

// Codes rows [first, last), which are whole blocks but for the last of all.
Extremes encode_range(const FloatRowsView& rows, Metric metric, std::size_t first, std::size_t last,
                      const float* centre, bool from_zero, std::byte* blocks, std::size_t block_bytes) {
    Encoder encoder(rows.dim, metric, centre, from_zero);
    const std::vector<std::uint8_t> none(rows.dim);
    Extremes most;
    for (std::size_t i = first; i < last; ++i) {
        std::byte* const block = blocks + i / kBlockRows * block_bytes;
        const double length = length_of(rows.row(i), rows.dim);
        if (!is_codable(metric, length)) {
            // Passes whatever is asked.
            put({.error = rounded_up(std::numeric_limits<double>::infinity())}, none, i % kBlockRows, block);
            continue;
        }
        const CodedRow coded = encoder.encode(rows.row(i), length);
        put(coded, encoder.codes(), i % kBlockRows, block);
        most.meet({std::abs(coded.base), widened(coded.error), Extremes::above(coded.code_length),
                   Extremes::above(length)});
    }
    return most;
}

}  // namespace

bool has_nibbles(Metric metric, Scalar scalar, std::size_t count, std::size_t dim) noexcept {
    const bool bounded = metric == Metric::kAngular || metric == Metric::kEuclidean || metric == Metric::kDot;
    return bounded && scalar == Scalar::kFloat32 && count >= kLeastRows && dim >= 8 && dim < (1U << 19) &&
           count < std::numeric_limits<std::uint32_t>::max();
}

NibbleSelectFn nibble_kernel(const Table& table) noexcept {
#if defined(__x86_64__)
    if (&table == &table_avx512vnni()) return nibbles_avx512vnni();
    if (&table == &table_avx512()) return nibbles_avx512();
    if (&table == &table_avx2()) return nibbles_avx2();
#elif defined(__aarch64__)
    if (&table == &table_neon()) return nibbles_neon();
#endif
    return nullptr;
}

bool can_use_nibbles() noexcept {
    return nibble_kernel(active()) != nullptr;
}

std::size_t nibble_bytes(std::size_t count, std::size_t dim) noexcept {
    const std::size_t blocks = (count + kBlockRows - 1) / kBlockRows;
    return sizeof(NibbleHeader) + centre_bytes(dim) + blocks * (kHeadBytes + octets_of(dim) * kLine);
}

void encode_nibbles(const FloatRowsView& rows, Metric metric, std::size_t threads, std::span<std::byte> out) {
    const std::vector<std::size_t> sample = sample_of(rows, metric);
    std::vector<float> centre = mean_of(rows, metric, sample);
    const std::vector<float> origin(rows.dim);
    const bool from_zero =
        mean_error(rows, metric, sample, origin, true) < mean_error(rows, metric, sample, centre, false);
    if (from_zero) centre = origin;
    std::byte* const blocks = out.data() + sizeof(NibbleHeader) + centre_bytes(rows.dim);
    const std::size_t block_bytes = kHeadBytes + octets_of(rows.dim) * kLine;
    std::vector<Extremes> extremes(rows.count / kGrain + 1);
    parallel_ranges(rows.count, kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        extremes[first / kGrain] =
            encode_range(rows, metric, first, last, centre.data(), from_zero, blocks, block_bytes);
    });
    Extremes most;
    for (const Extremes& each : extremes) most.meet(each);
    NibbleHeader header{};
    header.dim = static_cast<std::uint32_t>(rows.dim);
    header.metric = static_cast<std::uint8_t>(metric);
    header.from_zero = from_zero ? 1 : 0;
    header.count = rows.count;
    header.most_base = most.base;
    header.most_error = most.error;
    header.most_code = most.code;
    header.most_length = most.length;
    std::memcpy(out.data(), &header, sizeof header);
    std::memcpy(out.data() + sizeof header, centre.data(), rows.dim * sizeof(float));
}

NibbleRows::NibbleRows(std::span<const std::byte> bytes) noexcept {
    std::memcpy(&header_, bytes.data(), sizeof header_);
    centre_ = reinterpret_cast<const float*>(bytes.data() + sizeof header_);
    blocks_ = reinterpret_cast<const std::uint8_t*>(bytes.data()) + sizeof header_ + centre_bytes(header_.dim);
}

bool NibbleRows::fits(std::span<const std::byte> bytes, Metric metric, std::size_t count,
                      std::size_t dim) noexcept {
    NibbleHeader header{};
    if (bytes.size() < sizeof header) return false;
    std::memcpy(&header, bytes.data(), sizeof header);
    return header.dim == dim && header.count == count && header.metric == static_cast<std::uint8_t>(metric) &&
           bytes.size() == nibble_bytes(count, dim);
}

std::size_t NibbleRows::block_bytes() const noexcept {
    return kHeadBytes + octets_of(header_.dim) * kLine;
}

void NibbleProbe::reset(const NibbleRows& rows, const float* query) {
    rows_ = &rows;
    metric_ = static_cast<Metric>(rows.header().metric);
    rest_ = 0;
    length_ = length_of(query, rows.header().dim);
    useful_ = is_codable(metric_, length_);
    if (useful_) prepare(query);
}

void NibbleProbe::prepare(const float* query) {
    const std::size_t dim = rows_->header().dim;
    const float* const centre = rows_->centre();
    const double scale = scale_of(metric_, length_);
    shifted_.resize(dim);
    codes_.assign(octets_of(dim) * 8, 0);
    double most = 0;
    of_centre_ = 0;
    for (std::size_t i = 0; i < dim; ++i) {
        const auto middle = static_cast<double>(centre[i]);
        of_centre_ += query[i] * middle;
        shifted_[i] = metric_ == Metric::kDot ? query[i] : query[i] * scale - middle;
        most = std::max(most, std::abs(shifted_[i]));
    }
    step_ = most > 0 ? most / kQuerySteps : 1.0;
    double errors = 0;
    double squares = 0;
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < dim; ++i) {
        const auto code = static_cast<std::int32_t>(std::lrint(shifted_[i] / step_));
        codes_[i] = static_cast<std::int8_t>(code);
        sum += code;
        const double off = shifted_[i] - step_ * code;
        errors += off * off;
        squares += static_cast<double>(code) * code;
    }
    error_ = std::sqrt(errors) * (1 + 1e-9) + 1e-12 * length_ * scale;
    code_squares_ = squares * step_ * step_;
    centre_ = rows_->header().from_zero != 0 ? 0 : 15 * sum;
}

std::size_t NibbleProbe::select(std::size_t first, std::size_t last, float worst, std::uint32_t* out) {
    const NibbleHeader& header = rows_->header();
    const auto dim = static_cast<double>(header.dim);
    // How far a kernel's sum of `dim` products can be off, as a share of the product of lengths; and float's own.
    const double share = (dim / 4 + 64) * 0x1p-22;
    constexpr double kRounding = 0x1p-20;
    constexpr double kTiny = 1e-30;
    const double rank = worst;
    NibbleQuery query{};
    query.codes = codes_.data();
    query.octets = octets_of(header.dim);
    query.centre = centre_;
    double least = 0;
    double error_scale = 0;
    if (metric_ == Metric::kDot) {
        query.product_scale = static_cast<float>(step_ / 2);
        error_scale = length_;
        least = -rank - of_centre_ - error_ * static_cast<double>(header.most_code) -
                share * length_ * static_cast<double>(header.most_length);
    } else {
        // Negative only for ranks that no pair has.
        const double limit = metric_ == Metric::kAngular ? rank + share : rank * (1 + share);
        const double reach = std::sqrt(std::max(limit, 0.0)) + error_;
        query.product_scale = static_cast<float>(step_);
        error_scale = 2 * reach;
        least = code_squares_ - reach * reach;
    }
    query.error_scale = static_cast<float>(error_scale);
    const double code_length = std::sqrt(code_squares_);
    least -= kTiny + kRounding * (std::abs(least) + static_cast<double>(header.most_base) +
                                  2 * code_length * static_cast<double>(header.most_code) +
                                  error_scale * static_cast<double>(header.most_error) + code_squares_);
    query.least = static_cast<float>(least);

    const std::size_t aligned = first / kBlockRows * kBlockRows;
    std::size_t passed =
        nibble_kernel(active())(query, rows_->blocks() + aligned / kBlockRows * rows_->block_bytes(),
                                static_cast<std::uint32_t>(aligned), last - aligned, out);
    if (aligned != first) {
        const std::uint32_t* const begin = std::lower_bound(out, out + passed, static_cast<std::uint32_t>(first));
        passed -= static_cast<std::size_t>(begin - out);
        std::memmove(out, begin, passed * sizeof *out);
    }
    if (passed > (last - first) / 2) rest_ = kRest;
    return passed;
}

}  // namespace kith::kernel
