#include <kith/types.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

#include <kith/error.hpp>

namespace kith {
namespace {

constexpr std::array kMetrics = {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot,
                                 Metric::kHamming};
constexpr std::array<std::string_view, 5> kMetricNames = {"angular", "euclidean", "manhattan", "dot", "hamming"};
constexpr std::array<std::string_view, 5> kScalarNames = {"float32", "float16", "int8", "uint8", "bits"};

constexpr std::pair<std::string_view, Metric> kMetricAliases[] = {
    {"cosine", Metric::kAngular},
    {"cos", Metric::kAngular},
    {"l2", Metric::kEuclidean},
    {"lstsq", Metric::kEuclidean},
    {"l1", Metric::kManhattan},
    {"taxicab", Metric::kManhattan},
    {"cityblock", Metric::kManhattan},
    {"inner_product", Metric::kDot},
    {"inner", Metric::kDot},
    {"innerproduct", Metric::kDot},
    {"ip", Metric::kDot},
    {"dotproduct", Metric::kDot},
    {"dot_product", Metric::kDot},
    {"@", Metric::kDot},
    {".", Metric::kDot},
    {"bit", Metric::kHamming},
};

constexpr std::pair<std::string_view, Scalar> kScalarAliases[] = {
    {"f32", Scalar::kFloat32},  {"float", Scalar::kFloat32}, {"f16", Scalar::kFloat16},
    {"half", Scalar::kFloat16}, {"i8", Scalar::kInt8},       {"u8", Scalar::kUint8},
};

// Trimmed and lower-cased.
std::string normalise(std::string_view text) {
    const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

template <class Enum, std::size_t N, class Aliases>
Enum parse(std::string_view what, std::string_view text, const std::array<std::string_view, N>& names,
           const Aliases& aliases) {
    const std::string wanted = normalise(text);
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == wanted) return static_cast<Enum>(i);
    }
    for (const auto& [alias, value] : aliases) {
        if (alias == wanted) return value;
    }
    std::string known;
    for (const std::string_view each : names) {
        if (!known.empty()) known += ", ";
        known += each;
    }
    throw InvalidArgument(std::string(what) + " '" + std::string(text) + "' is not known; use one of: " + known);
}

}  // namespace

std::string_view name(Metric metric) noexcept {
    return kMetricNames[static_cast<std::size_t>(metric)];
}

std::string_view name(Scalar scalar) noexcept {
    return kScalarNames[static_cast<std::size_t>(scalar)];
}

Metric parse_metric(std::string_view text) {
    return parse<Metric>("metric", text, kMetricNames, kMetricAliases);
}

Scalar parse_scalar(std::string_view text) {
    return parse<Scalar>("element type", text, kScalarNames, kScalarAliases);
}

std::span<const Metric> all_metrics() noexcept {
    return kMetrics;
}

std::size_t row_bytes(Scalar scalar, std::size_t dim) noexcept {
    switch (scalar) {
        case Scalar::kFloat32: return dim * 4;
        case Scalar::kFloat16: return dim * 2;
        case Scalar::kInt8:
        case Scalar::kUint8: return dim;
        case Scalar::kBits: return (dim + 63) / 64 * 8;
    }
    return 0;
}

}  // namespace kith
