// Numbers for people: counts with commas, byte sizes, durations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kith::cli {

// 1234567 → "1,234,567"
[[nodiscard]] std::string with_commas(std::uint64_t value);

// "512 B", "12.3 kB", "1.50 GB": decimal units, three significant digits.
[[nodiscard]] std::string byte_size(double bytes);

// "0.42 ms", "1.52 s", "3:07", "1:02:03": the unit that reads best.
[[nodiscard]] std::string duration(double seconds);

// Columns that a terminal shows for UTF-8 text, counting one per code point.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

// At most `width` columns, never cutting a code point in two.
[[nodiscard]] std::string_view truncate_display(std::string_view text, std::size_t width) noexcept;

}  // namespace kith::cli
