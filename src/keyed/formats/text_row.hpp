// One line of a word2vec text file: a key, then numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/decimals.hpp"

namespace kith::keyed {

[[nodiscard]] constexpr bool is_gap(char c) noexcept {
    return c == ' ' || c == '\t';
}

// What stands at a line's end and means nothing.
[[nodiscard]] constexpr bool is_trailing(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

// Where a line of the file is.
struct LinePlace {
    const std::string& path;
    std::uint64_t offset;  // of its first byte
    std::uint64_t number;  // from 1
};

// What reads plain numbers many at a time, or null, and the end of the bytes that it may read.
struct PlainNumbers {
    kernel::DecimalsFn take = nullptr;
    const char* readable = nullptr;
};

// Writes the `dim` numbers of a line (without its newline) to `out` and gives the key. Throws CorruptFile naming
// line and byte: too few or too many fields, not a number, beyond float32.
[[nodiscard]] std::string_view parse_row(std::string_view line, std::size_t dim, float* out, const LinePlace& place,
                                         const PlainNumbers& plain = {});

// How many numbers a line has after its key; nothing when there is none.
[[nodiscard]] std::optional<std::size_t> count_numbers(std::string_view line) noexcept;

struct TextHeaderLine {
    std::uint64_t rows;
    std::uint64_t dim;
};

// The line as "count dim": two whole numbers and nothing else.
[[nodiscard]] std::optional<TextHeaderLine> parse_header(std::string_view line) noexcept;

}  // namespace kith::keyed
