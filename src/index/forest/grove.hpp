// What growing a tree reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <kith/types.hpp>

#include "index/forest/layout.hpp"
#include "kernel/table.hpp"

namespace kith::index {

class RowCodes;

// The items, as nodes that stay where they are meanwhile.
struct Grove {
    Metric metric;
    std::size_t dim;
    NodeLayout layout;
    const kernel::Table* kernels;
    const std::byte* nodes;
    std::size_t n_items;
    std::span<const std::uint32_t> ids;  // of the real items, ascending
    std::uint64_t seed;
    const RowCodes* codes = nullptr;  // null for kHamming

    [[nodiscard]] const std::byte* node(std::size_t id) const noexcept { return nodes + id * layout.node_bytes; }
    [[nodiscard]] const float* vector(std::size_t id) const noexcept {
        return reinterpret_cast<const float*>(node(id) + layout.vector);
    }
};

}  // namespace kith::index
