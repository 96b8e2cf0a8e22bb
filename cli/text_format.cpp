#include "text_format.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace kith::cli {
namespace {

constexpr bool starts_code_point(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace

std::string with_commas(std::uint64_t value) {
    std::string text = std::to_string(value);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
    return text;
}

std::string byte_size(double bytes) {
    constexpr std::array kUnits = {"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
        bytes /= 1000;
        ++unit;
    }
    if (unit == 0) return fmt::format("{:.0f} B", bytes);
    const int digits = bytes < 9.995 ? 2 : bytes < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f} {}", bytes, digits, kUnits[unit]);
}

std::string duration(double seconds) {
    if (seconds < 0.9995e-3) return fmt::format("{:.1f} µs", seconds * 1e6);
    if (seconds < 0.9995) return fmt::format("{:.3g} ms", seconds * 1e3);
    if (seconds < 59.95) return fmt::format("{:.{}f} s", seconds, seconds < 9.995 ? 2 : 1);
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::size_t display_width(std::string_view text) noexcept {
    std::size_t width = 0;
    for (const char byte : text) width += starts_code_point(byte) ? 1 : 0;
    return width;
}

std::string_view truncate_display(std::string_view text, std::size_t width) noexcept {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!starts_code_point(text[i])) continue;
        if (columns == width) return text.substr(0, i);
        ++columns;
    }
    return text;
}

}  // namespace kith::cli
