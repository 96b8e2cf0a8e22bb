#include "index/forest/item_node.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <kith/error.hpp>

#include "base/format.hpp"

namespace kith::index {
namespace {

// Beyond dot_factor in the development version's dot layout.
constexpr std::size_t kHeadNorm = 16;
constexpr std::size_t kHeadBuilt = 20;

}  // namespace

void write_item(Metric metric, const NodeLayout& layout, const kernel::Table& kernels, const void* vector,
                std::byte* node) {
    std::memset(node, 0, layout.vector);
    store<std::int32_t>(node, 1);
    const std::size_t bytes = layout.node_bytes - layout.vector;
    if (metric == Metric::kAngular) {
        store(node + layout.children,
              kernels.f32.sum_of_squares(static_cast<const float*>(vector), bytes / sizeof(float)));
    }
    std::memcpy(node + layout.vector, vector, bytes);
}

void set_dot_factors(DotLayout dot_layout, const NodeLayout& layout, std::size_t dim, const kernel::Table& kernels,
                     std::byte* nodes, std::size_t n_items) {
    const auto squares = [&](std::size_t id) {
        const std::byte* vector = nodes + id * layout.node_bytes + layout.vector;
        return kernels.f32.sum_of_squares(reinterpret_cast<const float*>(vector), dim);
    };
    float longest = 0;
    for (std::size_t id = 0; id < n_items; ++id) longest = std::max(longest, squares(id));
    for (std::size_t id = 0; id < n_items; ++id) {
        std::byte* node = nodes + id * layout.node_bytes;
        if (descendants(node) != 1) continue;
        store(node + layout.term, std::sqrt(std::max(0.0F, longest - squares(id))));
        if (dot_layout == DotLayout::kHead) {
            store(node + kHeadNorm, longest);
            store<std::uint8_t>(node + kHeadBuilt, 1);
        }
    }
}

void pack_bits(std::span<const float> vector, std::span<std::uint64_t> words) noexcept {
    for (std::size_t w = 0; w < words.size(); ++w) {
        std::uint64_t word = 0;
        const std::size_t last = std::min(vector.size(), (w + 1) * 64);
        for (std::size_t i = w * 64; i < last; ++i) word |= std::uint64_t{vector[i] > 0.5F} << (i % 64);
        words[w] = word;
    }
}

void unpack_bits(const std::byte* words, std::span<float> vector) noexcept {
    for (std::size_t i = 0; i < vector.size(); ++i) {
        const auto word = load<std::uint64_t>(words + i / 64 * sizeof(std::uint64_t));
        vector[i] = static_cast<float>(word >> (i % 64) & 1);
    }
}

void copy_vector(Metric metric, std::size_t dim, const std::byte* stored, std::span<float> out) {
    if (out.size() != dim) {
        throw InvalidArgument(formatted("room for {} elements was given for a vector of {}", out.size(), dim));
    }
    if (metric == Metric::kHamming) return unpack_bits(stored, out);
    std::memcpy(out.data(), stored, dim * sizeof(float));
}

}  // namespace kith::index
