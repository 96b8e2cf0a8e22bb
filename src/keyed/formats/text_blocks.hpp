// Word2vec text by the block: a run of whole lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keyed/formats/parsed.hpp"
#include "keyed/formats/text_row.hpp"

namespace kith::keyed {

// What holds for all blocks of a file.
struct TextShape {
    std::size_t dim = 0;
    std::optional<std::uint64_t> promised_rows;  // by the header
    std::size_t header_bytes = 0;                // with the newline; 0 without a header
};

// Tells from the first line (without its newline; `complete` when it had one). Throws CorruptFile.
[[nodiscard]] TextShape shape_of(std::string_view first_line, TextHeader header, const std::string& path);

struct TextBlock {
    std::string_view lines;
    std::uint64_t offset = 0;      // of its first byte in the file
    std::uint64_t first_line = 1;  // its number, from 1
};

// Lines, the last of which need not end in a newline.
[[nodiscard]] std::size_t count_lines(std::string_view text) noexcept;

// The first `lines` lines of `text`, their newlines included, or all of it.
[[nodiscard]] std::string_view first_lines(std::string_view text, std::size_t lines) noexcept;

// Without the empty lines at its end (one newline stays with the last line that has something on it).
[[nodiscard]] std::string_view without_empty_end(std::string_view text) noexcept;

// Parses the first `max_rows` lines of a block into rows at `out` and keys. REQUIRES: room for that many rows.
void parse_block(const TextBlock& block, std::size_t max_rows, std::size_t dim, InvalidUtf8 policy,
                 const std::string& path, float* out, KeyList& keys);

// Parses the whole block only to throw what is wrong with it: for blocks that have more lines than numbers of `dim`
// columns would fit in. REQUIRES: so many lines that one of them is too short.
[[noreturn]] void throw_first_error(const TextBlock& block, std::size_t dim, InvalidUtf8 policy,
                                    const std::string& path);

// Whether so many rows of `dim` numbers fit in so many bytes of text: a number takes two bytes at least.
[[nodiscard]] constexpr bool can_hold(std::size_t bytes, std::size_t rows, std::size_t dim) noexcept {
    return rows == 0 || dim == 0 || (dim <= bytes / 2 && rows <= bytes / (2 * dim));
}

}  // namespace kith::keyed
