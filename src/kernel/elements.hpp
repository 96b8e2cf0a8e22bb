// Rows of every element type as floats.
#pragma once

#include <cstddef>
#include <span>

#include <kith/types.hpp>

namespace kith::kernel {

// out[d] = element d of those that begin at `elements`, of any type but bits.
void widen_elements(const std::byte* elements, Scalar scalar, std::span<float> out) noexcept;

}  // namespace kith::kernel
