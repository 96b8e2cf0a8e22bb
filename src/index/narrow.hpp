// Floats in fewer bytes, for those that are the same afterwards.
#pragma once

#include <cstddef>
#include <span>

#include <kith/types.hpp>

namespace kith::index {

// A bit for each of the element types below float32.
using NarrowTypes = unsigned;
inline constexpr NarrowTypes kAllNarrowTypes = 0b111;

// Those of `types` that hold every element exactly, the sign of zero included. Looks no further than the first
// 64 elements where none does.
[[nodiscard]] NarrowTypes fitting_types(std::span<const float> elements, NarrowTypes types) noexcept;

// The one of the fewest bytes: uint8 before int8, int8 before float16; float32 for none.
[[nodiscard]] Scalar narrowest(NarrowTypes types) noexcept;

// REQUIRES: the type holds every element; room for row_bytes(scalar, elements.size()) at `out`.
void to_narrow(std::span<const float> elements, Scalar scalar, std::byte* out) noexcept;

}  // namespace kith::index
