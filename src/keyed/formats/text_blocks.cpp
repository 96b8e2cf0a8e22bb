#include "keyed/formats/text_blocks.hpp"

#include <algorithm>
#include <cstring>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "kernel/select.hpp"

namespace kith::keyed {
namespace {

// Takes the next line off `rest`, without its newline.
std::string_view take_line(std::string_view& rest) noexcept {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

}  // namespace

TextShape shape_of(std::string_view first_line, TextHeader header, const std::string& path) {
    TextShape shape;
    if (header != TextHeader::kAbsent) {
        if (const std::optional<TextHeaderLine> found = parse_header(first_line)) {
            if (found->dim == 0 || found->dim > kMaxDim) {
                throw CorruptFile(path, 0, formatted("1 to {} dimensions in the header on line 1", kMaxDim),
                                  shown(first_line));
            }
            shape.dim = found->dim;
            shape.promised_rows = found->rows;
            shape.header_bytes = first_line.size() + 1;
            return shape;
        }
        if (header == TextHeader::kPresent) {
            throw CorruptFile(path, 0, "a header 'count dimensions' on line 1", shown(first_line));
        }
    }
    const std::optional<std::size_t> numbers = count_numbers(first_line);
    if (!numbers) throw CorruptFile(path, 0, "a key and numbers on line 1", shown(first_line));
    shape.dim = *numbers;
    return shape;
}

std::size_t count_lines(std::string_view text) noexcept {
    std::size_t lines = 0;
    while (!text.empty()) {
        static_cast<void>(take_line(text));
        ++lines;
    }
    return lines;
}

std::string_view first_lines(std::string_view text, std::size_t lines) noexcept {
    std::string_view rest = text;
    for (std::size_t i = 0; i < lines && !rest.empty(); ++i) static_cast<void>(take_line(rest));
    return text.substr(0, text.size() - rest.size());
}

std::string_view without_empty_end(std::string_view text) noexcept {
    const std::size_t last = text.find_last_not_of("\r\n");
    if (last == std::string_view::npos) return {};
    const std::size_t newline = text.find('\n', last + 1);
    return newline == std::string_view::npos ? text : text.substr(0, newline + 1);
}

void parse_block(const TextBlock& block, std::size_t max_rows, std::size_t dim, InvalidUtf8 policy,
                 const std::string& path, float* out, KeyList& keys) {
    const PlainNumbers plain{kernel::decimal_kernel(kernel::active()), block.lines.data() + block.lines.size()};
    std::string_view rest = block.lines;
    for (std::size_t row = 0; row < max_rows && !rest.empty(); ++row) {
        const std::uint64_t offset = block.offset + static_cast<std::uint64_t>(rest.data() - block.lines.data());
        const std::string_view line = take_line(rest);
        const LinePlace place{path, offset, block.first_line + row};
        push_checked(keys, parse_row(line, dim, out + row * dim, place, plain), policy, path, offset);
    }
}

void throw_first_error(const TextBlock& block, std::size_t dim, InvalidUtf8 policy, const std::string& path) {
    std::vector<float> scratch(std::min(dim, block.lines.size() / 2 + 1));
    std::string_view rest = block.lines;
    for (std::size_t row = 0; !rest.empty(); ++row) {
        const std::uint64_t offset = block.offset + static_cast<std::uint64_t>(rest.data() - block.lines.data());
        KeyList keys;
        const std::string_view line = take_line(rest);
        push_checked(keys, parse_row(line, dim, scratch.data(), {path, offset, block.first_line + row}), policy,
                     path, offset);
    }
    throw CorruptFile(path, block.offset, formatted("rows of {} numbers", dim), "shorter rows");
}

}  // namespace kith::keyed
