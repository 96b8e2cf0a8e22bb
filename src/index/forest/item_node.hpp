// Writing items in Annoy's node layout.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <kith/forest.hpp>
#include <kith/types.hpp>

#include "index/forest/layout.hpp"
#include "kernel/table.hpp"

namespace kith::index {

// Writes the item's node: header, vector (`vector` is in the stored form) and, for angular, the squared length. The
// dot product's extra fields are left zero: they depend on all items, see set_dot_factors.
void write_item(Metric metric, const NodeLayout& layout, const kernel::Table& kernels, const void* vector,
                std::byte* node);

// Gives each item of a dot-product forest the extra coordinate that brings all items to the same length, so that
// inner product becomes angle (Bachrach et al., "Speeding up the Xbox recommender system using a Euclidean
// transformation for inner-product spaces", RecSys 2014).
void set_dot_factors(DotLayout dot_layout, const NodeLayout& layout, std::size_t dim, const kernel::Table& kernels,
                     std::byte* nodes, std::size_t n_items);

// Elements above 0.5 as ones, 64 to a word, lowest bit first.
void pack_bits(std::span<const float> vector, std::span<std::uint64_t> words) noexcept;
void unpack_bits(const std::byte* words, std::span<float> vector) noexcept;

// A stored vector as floats; ones and zeros for Hamming. Throws InvalidArgument when `out` has not `dim` elements.
void copy_vector(Metric metric, std::size_t dim, const std::byte* stored, std::span<float> out);

}  // namespace kith::index
