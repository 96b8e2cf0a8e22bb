// Decimal numbers to float32, many at a time.
#pragma once

#include <cstddef>

#include "kernel/table.hpp"

namespace kith::kernel {

// Bytes behind the text that the kernels may read, whatever they are.
inline constexpr std::size_t kDecimalSlack = 64;

// How many numbers were read from the front of a text, and the bytes up to the end of the last of them.
struct DecimalsTaken {
    std::size_t count;
    std::size_t bytes;
};

// Writes up to `wanted` numbers of a text to `out`, each correctly rounded: numbers with one space or tab between them,
// the last of which may end with the text. Stops before the first that is not plain: an optional minus, up to 15 digits
// and a point among them, before or behind them. It also stops before values that one division does not tell exactly
// (one in some 2^29), and where it likes, though never before a first number that is plain.
// REQUIRES: kDecimalSlack readable bytes behind the text.
using DecimalsFn = DecimalsTaken (*)(const char* text, std::size_t size, std::size_t wanted, float* out);

// That of a table's instruction set; null when it has none.
[[nodiscard]] DecimalsFn decimal_kernel(const Table& table) noexcept;

}  // namespace kith::kernel
