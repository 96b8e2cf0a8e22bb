#include "keyed/formats/text_row.hpp"

#include <charconv>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "keyed/formats/number.hpp"
#include "keyed/formats/parsed.hpp"

namespace kith::keyed {
namespace {

std::string_view without_trailing(std::string_view line) noexcept {
    while (!line.empty() && is_trailing(line.back())) line.remove_suffix(1);
    return line;
}

bool is_number(std::string_view field) noexcept {
    float value = 0;
    return parse_float(field.data(), field.data() + field.size(), value) == field.data() + field.size();
}

// The fields of a line; the first may be empty, the others are separated by runs of gaps.
std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    std::size_t at = 0;
    do {
        if (at != 0) {
            while (at < line.size() && is_gap(line[at])) ++at;
        }
        const std::size_t first = at;
        while (at < line.size() && !is_gap(line[at])) ++at;
        fields.push_back(line.substr(first, at - first));
        ++at;
    } while (at < line.size());
    return fields;
}

// The usual case: the key holds no gap, the line has the right number of fields, all of them numbers. Gives the
// key's length.
std::optional<std::size_t> parse_plain(std::string_view line, std::size_t dim, float* out,
                                       const PlainNumbers& plain) noexcept {
    const char* at = line.data();
    const char* const end = at + line.size();
    while (at != end && !is_gap(*at)) ++at;
    const auto key = static_cast<std::size_t>(at - line.data());
    const bool many = plain.take != nullptr && plain.readable - end >= std::ptrdiff_t{kernel::kDecimalSlack};
    // Where numbers are not plain, they are tried ever more rarely.
    std::size_t next_try = many ? 0 : dim;
    std::size_t patience = 1;
    for (std::size_t i = 0; i < dim;) {
        if (at == end || !is_gap(*at)) return std::nullopt;
        ++at;
        while (at != end && is_gap(*at)) ++at;
        if (i >= next_try) {
            const kernel::DecimalsTaken taken =
                plain.take(at, static_cast<std::size_t>(end - at), dim - i, out + i);
            at += taken.bytes;
            i += taken.count;
            if (taken.count != 0) {
                patience = 1;
                continue;
            }
            next_try = i + patience;
            patience *= 2;
        }
        at = parse_float(at, end, out[i++]);
        if (at == nullptr) return std::nullopt;
    }
    while (at != end && is_trailing(*at)) ++at;
    return at == end ? std::optional(key) : std::nullopt;
}

[[noreturn]] void reject(const LinePlace& place, std::string_view line, std::string_view where,
                         const std::string& expected, const std::string& found) {
    const auto offset = static_cast<std::uint64_t>(where.data() - line.data());
    throw CorruptFile(place.path, place.offset + offset, formatted("{} on line {}", expected, place.number), found);
}

// What parse_plain does not take: a key with gaps in it, or an error that wants a name.
std::string_view parse_carefully(std::string_view full_line, std::size_t dim, float* out, const LinePlace& place) {
    const std::string_view line = without_trailing(full_line);
    const std::vector<std::string_view> fields = fields_of(line);
    if (fields.size() < dim + 1) {
        const std::string found = line.empty() ? "an empty line" : formatted("{} numbers", fields.size() - 1);
        reject(place, line, line.substr(line.size()), formatted("a key and {} numbers", dim), found);
    }
    const std::size_t key_fields = fields.size() - dim;
    for (std::size_t i = 0; i < dim; ++i) {
        const std::string_view field = fields[key_fields + i];
        if (parse_float(field.data(), field.data() + field.size(), out[i]) != field.data() + field.size()) {
            reject(place, line, field, formatted("a finite number as value {}", i + 1), shown(field));
        }
    }
    const std::string_view last_of_key = fields[key_fields - 1];
    if (key_fields > 1 && is_number(last_of_key)) {
        reject(place, line, last_of_key, formatted("a key and {} numbers", dim), "more numbers");
    }
    return line.substr(0, static_cast<std::size_t>(last_of_key.data() + last_of_key.size() - line.data()));
}

}  // namespace

std::string_view parse_row(std::string_view line, std::size_t dim, float* out, const LinePlace& place,
                           const PlainNumbers& plain) {
    // A number takes two bytes at least, which bounds what `out` needs to hold.
    if (line.size() / 2 >= dim) {
        if (const std::optional<std::size_t> key = parse_plain(line, dim, out, plain)) return line.substr(0, *key);
    }
    return parse_carefully(line, dim, out, place);
}

std::optional<std::size_t> count_numbers(std::string_view full_line) noexcept {
    const std::vector<std::string_view> fields = fields_of(without_trailing(full_line));
    std::size_t numbers = 0;
    while (numbers + 1 < fields.size() && is_number(fields[fields.size() - 1 - numbers])) ++numbers;
    return numbers == 0 ? std::nullopt : std::optional(numbers);
}

std::optional<TextHeaderLine> parse_header(std::string_view full_line) noexcept {
    const std::string_view line = without_trailing(full_line);
    const char* const end = line.data() + line.size();
    TextHeaderLine header{};
    std::from_chars_result result = std::from_chars(line.data(), end, header.rows);
    if (result.ec != std::errc() || result.ptr == end || !is_gap(*result.ptr)) return std::nullopt;
    const char* second = result.ptr;
    while (second != end && is_gap(*second)) ++second;
    result = std::from_chars(second, end, header.dim);
    if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
    return header;
}

}  // namespace kith::keyed
