// Passing over rows of 4 bits an element: nibbles.hpp has the layout, nibble_rows.hpp what the numbers mean.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/table.hpp"

namespace kith::kernel {

struct NibbleQuery {
    const std::int8_t* codes;  // 8 * octets of them
    std::size_t octets;        // elements, by eight
    std::int32_t centre;       // what twice the sum of products is for a row in the middle
    float product_scale;
    float error_scale;
    float least;
};

// Writes the numbers of those of `count` rows, of which the first is `first`, that pass the query; returns how many.
// `blocks` holds whole blocks of 16 rows.
using NibbleSelectFn = std::size_t (*)(const NibbleQuery& query, const std::uint8_t* blocks, std::uint32_t first,
                                       std::size_t count, std::uint32_t* out);

// That of a table's instruction set; null where floats are no slower.
[[nodiscard]] NibbleSelectFn nibble_kernel(const Table& table) noexcept;

}  // namespace kith::kernel
