// The vocabulary every other header speaks: ids, metrics and element types.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace kith {

// Names one item of an index. Ids need not be dense; -1 pads short rows of a NeighborTable.
using Id = std::int64_t;

inline constexpr Id kNoId = -1;

// How far apart two vectors are. The values are part of the file format: never renumber them.
// What a search returns as `distance`, and the order it sorts by:
//   kAngular    sqrt(2 - 2 cos(x, y)), in [0, 2], ascending; a zero vector is at sqrt(2) from everything
//   kEuclidean  sqrt(sum (x - y)^2), ascending
//   kManhattan  sum |x - y|, ascending
//   kDot        x . y, descending (a similarity: larger is nearer)
//   kHamming    number of differing bits, ascending; a float element counts as 1 when it is > 0.5
enum class Metric : std::uint8_t {
    kAngular = 0,
    kEuclidean = 1,
    kManhattan = 2,
    kDot = 3,
    kHamming = 4,
};

// The type of one vector element as stored. The values are part of the file format: never renumber them.
enum class Scalar : std::uint8_t {
    kFloat32 = 0,
    kFloat16 = 1,
    kInt8 = 2,
    kUint8 = 3,
    kBits = 4,  // 64 dimensions to a little-endian 64-bit word, lowest bit first; padding bits are 0
};

// IEEE 754 binary16, as stored. Convert with the functions of kith/distance.hpp.
struct Half {
    std::uint16_t bits = 0;
};

// Canonical lower-case name: "angular", "euclidean", "manhattan", "dot", "hamming".
[[nodiscard]] std::string_view name(Metric metric) noexcept;

// "float32", "float16", "int8", "uint8", "bits".
[[nodiscard]] std::string_view name(Scalar scalar) noexcept;

// Accepts canonical names and the usual aliases in any case ("cosine", "l2", "taxicab", "ip", …).
// Throws InvalidArgument naming the text given and the names that exist.
[[nodiscard]] Metric parse_metric(std::string_view text);
[[nodiscard]] Scalar parse_scalar(std::string_view text);

[[nodiscard]] std::span<const Metric> all_metrics() noexcept;

// Bytes of one stored row of `dim` elements, without padding between rows (bits: whole 64-bit words).
[[nodiscard]] std::size_t row_bytes(Scalar scalar, std::size_t dim) noexcept;

// Whether larger values of `distance` are nearer (true for kDot only).
[[nodiscard]] constexpr bool larger_is_nearer(Metric metric) noexcept {
    return metric == Metric::kDot;
}

}  // namespace kith
