#include <kith/distance.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include <kith/error.hpp>

#include "base/metric.hpp"
#include "kernel/select.hpp"

namespace kith {
namespace {

void require_finite(const char* name, std::span<const float> x) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!std::isfinite(x[i])) {
            throw InvalidArgument(std::string(name) + "[" + std::to_string(i) + "] is " + std::to_string(x[i]) +
                                  "; every element must be a finite number");
        }
    }
}

void require_words(const char* name, std::size_t words, std::size_t dim) {
    if (words != (dim + 63) / 64) {
        throw InvalidArgument(std::string(name) + " has " + std::to_string(words) + " words; " +
                              std::to_string(dim) + " dimensions need " + std::to_string((dim + 63) / 64));
    }
}

float hamming(std::span<const float> x, std::span<const float> y) {
    std::size_t differing = 0;
    for (std::size_t i = 0; i < x.size(); ++i) differing += (x[i] > 0.5F) != (y[i] > 0.5F) ? 1 : 0;
    return static_cast<float>(differing);
}

// Where the square of the distance is no float but the distance is.
float far_euclidean(std::span<const float> x, std::span<const float> y) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double difference = static_cast<double>(x[i]) - y[i];
        sum += difference * difference;
    }
    return static_cast<float>(std::sqrt(sum));
}

}  // namespace

float distance(Metric metric, std::span<const float> x, std::span<const float> y) {
    if (x.size() != y.size()) {
        throw InvalidArgument("x has " + std::to_string(x.size()) + " elements and y has " +
                              std::to_string(y.size()) + "; a distance needs equally many");
    }
    require_finite("x", x);
    require_finite("y", y);
    if (metric == Metric::kHamming) return hamming(x, y);
    const float rank = kernel::active().of(metric, Scalar::kFloat32).pair(x.data(), y.data(), x.size());
    const bool out_of_range = !(rank >= std::numeric_limits<float>::min() && std::isfinite(rank));
    if (metric == Metric::kEuclidean && out_of_range) return far_euclidean(x, y);
    return display(metric, rank);
}

Half to_half(float x) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
    const std::uint32_t magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) return {static_cast<std::uint16_t>(sign | 0x7E00)};
    if (magnitude >= 0x47800000) return {static_cast<std::uint16_t>(sign | 0x7C00)};  // 65,536 and more
    if (magnitude < 0x38800000) {
        // Subnormal, in units of 2^-24: adding 0.5 leaves exactly those bits in a float, rounded to even.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return {static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000))};
    }
    const std::uint32_t odd = magnitude >> 13 & 1;
    return {static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000 + 0xFFF + odd) >> 13))};
}

float to_float(Half x) noexcept {
    const std::uint32_t sign = std::uint32_t{x.bits & 0x8000U} << 16;
    const std::uint32_t magnitude = std::uint32_t{x.bits & 0x7FFFU} << 13;
    // The exponents' biases differ by 112; a product moves them, and gives subnormal numbers their places too.
    const auto scaled = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) * 0x1p112F);
    const std::uint32_t beyond = magnitude >= 0x7C00U << 13 ? 0x7F800000 : 0;
    return std::bit_cast<float>(sign | scaled | beyond);
}

void to_half(std::span<const float> in, std::span<Half> out) noexcept {
    std::transform(in.begin(), in.end(), out.begin(), [](float x) { return to_half(x); });
}

void to_float(std::span<const Half> in, std::span<float> out) noexcept {
    std::transform(in.begin(), in.end(), out.begin(), [](Half x) { return to_float(x); });
}

void pack_bits(std::span<const float> x, std::span<std::uint64_t> out) {
    require_words("out", out.size(), x.size());
    std::fill(out.begin(), out.end(), 0);
    for (std::size_t i = 0; i < x.size(); ++i) out[i / 64] |= std::uint64_t{x[i] > 0.5F} << i % 64;
}

void unpack_bits(std::span<const std::uint64_t> bits, std::span<float> out) {
    require_words("bits", bits.size(), out.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(bits[i / 64] >> i % 64 & 1);
}

std::string_view isa_name() {
    return kernel::active().name;
}

std::vector<std::string_view> available_isas() {
    std::vector<std::string_view> names;
    for (const kernel::Table* const table : kernel::available()) names.emplace_back(table->name);
    return names;
}

}  // namespace kith
