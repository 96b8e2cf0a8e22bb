// Numbers of every type that files hold, to and from float32.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <kith/types.hpp>
#include <kith/vector_formats.hpp>

namespace kith::keyed {

enum class ByteOrder { kLittle, kBig };

[[nodiscard]] std::size_t size_of(NumberType type) noexcept;

// Converts out.size() numbers at `from`, of any alignment. float64 is rounded to the nearest float32. Gives the
// index of the first number that float32 cannot take: not finite, beyond its range, or an integer that it does not
// hold exactly.
[[nodiscard]] std::optional<std::size_t> decode(NumberType type, ByteOrder order, const std::byte* from,
                                                std::span<float> out) noexcept;

// Appends the numbers to `out`. Gives the index of the first that the type cannot take: an integer type takes whole
// numbers in its range; float16 rounds to the nearest, ties to even, and refuses what becomes infinite.
[[nodiscard]] std::optional<std::size_t> encode(NumberType type, ByteOrder order, std::span<const float> numbers,
                                                std::vector<std::byte>& out);

[[nodiscard]] float to_float(Half half) noexcept;

// Rounded to nearest, ties to even.
[[nodiscard]] Half to_half(float value) noexcept;

}  // namespace kith::keyed
