// What a built CodedForest consists of; docs/formats.md has the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <kith/coded_forest.hpp>

#include "index/coded/byte_rows.hpp"
#include "index/row_store.hpp"
#include "kernel/table.hpp"
#include "storage/region.hpp"

namespace kith::index {

// One leaf: `count` entries of the row order from `first` on, coded in blocks of 32 from block `first_block` on.
// Part of the file format.
struct Leaf {
    std::uint64_t first;
    std::uint64_t first_block;
    std::uint32_t count;
    std::uint32_t reserved;
};
static_assert(sizeof(Leaf) == 24);

// Part of the file format.
struct CodedParameters {
    std::uint32_t n_trees;
    std::uint32_t n_leaves;
    std::uint32_t code_width;  // elements to a code
    std::uint32_t tables;      // codes to a row, a multiple of 4
    std::uint32_t leaf_size;   // rows to a leaf, on average
    std::uint32_t n_points;    // of the recall curve
    ByteScale bytes;           // of the byte rows
};
static_assert(sizeof(CodedParameters) == 32);
static_assert(sizeof(RecallPoint) == 12);

inline constexpr std::size_t kCodeBlock = 32;
inline constexpr std::size_t kCodewords = 16;

[[nodiscard]] constexpr std::size_t blocks_of(std::size_t count, std::size_t block) noexcept {
    return (count + block - 1) / block;
}

struct CodedData {
    RowStore rows;
    CodedParameters parameters;
    std::vector<RecallPoint> curve;

    storage::Region centroids;       // f32 [leaf][element]
    storage::Region centroid_codes;  // blocks of 32 centroids
    storage::Region codewords;       // f32 [code][element][16]
    storage::Region leaves;          // Leaf
    storage::Region order;           // u32 rows, leaf by leaf
    storage::Region codes;           // blocks of 32 rows
    storage::Region byte_rows;       // empty when parameters.bytes.step is 0

    [[nodiscard]] std::size_t code_block_bytes() const noexcept { return std::size_t{parameters.tables} * 16; }
};

// What the kernels sum, over centroids and codewords alike.
[[nodiscard]] constexpr kernel::Sum sum_of(Metric metric) noexcept {
    if (metric == Metric::kDot) return kernel::Sum::kProduct;
    return metric == Metric::kManhattan ? kernel::Sum::kAbsoluteDifference : kernel::Sum::kSquaredDifference;
}

}  // namespace kith::index
