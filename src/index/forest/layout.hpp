// Annoy's node layout: every node of a forest, item or tree node, is one record of the same size. See the .ann
// section of docs/formats.md for the byte tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <kith/forest.hpp>
#include <kith/types.hpp>

#include "base/metric.hpp"

namespace kith::index {

// What a split adds to the dot product of its normal and a query.
enum class PlaneTerm : std::uint8_t {
    kNone,           // angular, dot (head), hamming (which has no plane)
    kOffset,         // Euclidean and Manhattan: the plane's offset
    kFactorSquared,  // dot (release): as released Annoy does
};

// Byte offsets within a node. n_descendants (int32) is always at 0.
struct NodeLayout {
    std::uint32_t children = 0;  // two int32 node indexes; in a leaf the list of item ids starts here
    std::uint32_t vector = 0;
    std::uint32_t node_bytes = 0;
    std::uint32_t leaf_capacity = 0;  // ids that fit between `children` and the end of the node
    std::uint32_t term = 0;           // float: plane offset or dot factor; 0 when there is none
    PlaneTerm plane_term = PlaneTerm::kNone;

    [[nodiscard]] bool operator==(const NodeLayout&) const = default;
};

// Largest dimension accepted: keeps a node below 2^31 bytes with room to spare.
inline constexpr std::size_t kMaxDim = std::size_t{1} << 24;

// `dot_layout` matters for kDot only, where kAuto means kRelease. Throws InvalidArgument when dim is 0 or above
// kMaxDim.
[[nodiscard]] NodeLayout layout_of(Metric metric, std::size_t dim, DotLayout dot_layout);

// Elements as the kernels count them: floats, or 64-bit words.
[[nodiscard]] constexpr std::size_t elements_of(Metric metric, std::size_t dim) noexcept {
    return metric == Metric::kHamming ? (dim + 63) / 64 : dim;
}

template <class T>
[[nodiscard]] inline T load(const std::byte* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

template <class T>
inline void store(std::byte* at, T value) noexcept {
    std::memcpy(at, &value, sizeof value);
}

[[nodiscard]] inline std::int32_t descendants(const std::byte* node) noexcept {
    return load<std::int32_t>(node);
}

}  // namespace kith::index
