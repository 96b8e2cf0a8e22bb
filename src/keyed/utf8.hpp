// What is UTF-8 and what is not (Unicode 15, table 3-7), and upper case.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kith::keyed {

// The position of the first byte of the first ill-formed sequence.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

// The text with each ill-formed sequence (the longest start of a character, else one byte, as Python counts them)
// replaced by `replacement`.
[[nodiscard]] std::string repair_utf8(std::string_view text, std::string_view replacement);

inline constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";  // U+FFFD

// Upper case of Latin (ASCII, Latin-1, Extended-A), Greek, Cyrillic and Armenian letters; all else stays. 'ß' gives
// "SS". Bytes that are not UTF-8 stay.
[[nodiscard]] std::string upper_case(std::string_view text);

}  // namespace kith::keyed
