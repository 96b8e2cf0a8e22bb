// Floats as text.
#pragma once

#include <cstddef>

namespace kith::keyed {

// The longest of all: "-1.1754944e-38".
inline constexpr std::size_t kMaxPrinted = 24;

// Writes the shortest decimal that reads back to the same bits, spelled as NumPy does: positional from 1e-4 up to
// 1e6, always with a point ("2.0"), scientific otherwise ("1e-05"). Gives the end. REQUIRES: kMaxPrinted bytes.
[[nodiscard]] char* print_float(float value, char* out) noexcept;

}  // namespace kith::keyed
