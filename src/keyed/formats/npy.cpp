// NumPy's .npy, versions 1 to 3 (numpy.lib.format).
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "keyed/formats/array_file.hpp"

namespace kith::keyed {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

constexpr std::array<std::pair<std::string_view, NumberType>, 7> kTypes = {{
    {"f4", NumberType::kFloat32},
    {"f8", NumberType::kFloat64},
    {"f2", NumberType::kFloat16},
    {"i1", NumberType::kInt8},
    {"u1", NumberType::kUint8},
    {"i2", NumberType::kInt16},
    {"i4", NumberType::kInt32},
}};

struct Head {
    std::string_view dictionary;
    std::uint64_t dictionary_offset;
    std::uint64_t data_offset;
};

Head read_head(const LoadedFile& file) {
    const std::string_view bytes(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    const auto byte = [&](std::size_t i) -> std::uint64_t { return static_cast<unsigned char>(bytes[i]); };
    if (!bytes.starts_with(kMagic)) {
        throw CorruptFile(file.path, 0, "the magic string of a .npy file", shown(bytes.substr(0, 6)));
    }
    if (bytes.size() < 12) throw CorruptFile(file.path, bytes.size(), "a .npy header", "the end of the file");
    const std::uint64_t version = byte(6);
    if (version < 1 || version > 3) {
        throw Unsupported(formatted("'{}' is .npy version {}; versions 1 to 3 are known", file.path, version));
    }
    std::uint64_t size = byte(8) | byte(9) << 8;
    if (version > 1) size |= byte(10) << 16 | byte(11) << 24;
    const std::uint64_t first = version > 1 ? 12 : 10;
    if (bytes.size() - first < size) {
        throw CorruptFile(file.path, bytes.size(), formatted("a header of {} bytes", size), "the end of the file");
    }
    return {bytes.substr(first, size), first, first + size};
}

// Reads the header's dictionary, a Python literal with the three keys descr, fortran_order and shape.
class Dictionary {
public:
    Dictionary(const Head& head, const std::string& path) : head_(head), path_(path) {}

    // The text of a value, without the blanks before it.
    [[nodiscard]] std::string_view value_of(std::string_view key) const {
        for (const char quote : {'\'', '"'}) {
            const std::size_t at = head_.dictionary.find(formatted("{0}{1}{0}:", quote, key));
            if (at == std::string_view::npos) continue;
            std::string_view rest = head_.dictionary.substr(at + key.size() + 3);
            rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
            return rest;
        }
        reject(head_.dictionary, formatted("the key '{}' in the header", key));
    }

    [[noreturn]] void reject(std::string_view where, const std::string& expected) const {
        const auto offset = static_cast<std::uint64_t>(where.data() - head_.dictionary.data());
        throw CorruptFile(path_, head_.dictionary_offset + offset, expected, shown(where));
    }

private:
    const Head& head_;
    const std::string& path_;
};

std::vector<std::uint64_t> read_shape(const Dictionary& dictionary) {
    const std::string_view text = dictionary.value_of("shape");
    const std::size_t end = text.find(')');
    if (!text.starts_with('(') || end == std::string_view::npos) dictionary.reject(text, "a tuple as shape");
    std::vector<std::uint64_t> shape;
    for (std::string_view rest = text.substr(1, end - 1); !rest.empty();) {
        if (rest.front() == ' ' || rest.front() == ',') {
            rest.remove_prefix(1);
            continue;
        }
        std::uint64_t length = 0;
        const auto [last, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
        if (error != std::errc()) dictionary.reject(rest, "a whole number in shape");
        rest.remove_prefix(static_cast<std::size_t>(last - rest.data()));
        if (!rest.empty() && rest.front() == 'L') rest.remove_prefix(1);  // Python 2
        shape.push_back(length);
    }
    return shape;
}

std::pair<NumberType, ByteOrder> read_type(const Dictionary& dictionary, const std::string& path) {
    const std::string_view text = dictionary.value_of("descr");
    if (text.size() >= 5 && (text[0] == '\'' || text[0] == '"') && text[4] == text[0]) {
        const ByteOrder order = text[1] == '>' ? ByteOrder::kBig : ByteOrder::kLittle;
        for (const auto& [code, type] : kTypes) {
            if (text.substr(2, 2) == code && std::string_view("<>|=").find(text[1]) != std::string_view::npos) {
                return {type, order};
            }
        }
    }
    throw Unsupported(
        formatted("'{}' holds elements of type {}; float32, float64, float16, int8, uint8, int16 and "
                  "int32 are known",
                  path, shown(text.substr(0, text.find(',')))));
}

}  // namespace

ArrayLayout npy_layout(const LoadedFile& file) {
    const Head head = read_head(file);
    const Dictionary dictionary(head, file.path);
    const auto [type, order] = read_type(dictionary, file.path);
    const std::string_view fortran = dictionary.value_of("fortran_order");
    const std::vector<std::uint64_t> shape = read_shape(dictionary);
    if (shape.empty() || shape.size() > 2) {
        throw Unsupported(
            formatted("'{}' is an array of {} dimensions; vectors are rows of two", file.path, shape.size()));
    }
    if (fortran.starts_with("True") && shape.size() == 2) {
        throw Unsupported(formatted("'{}' is in Fortran order; save numpy.ascontiguousarray(x)", file.path));
    }
    if (!fortran.starts_with("True") && !fortran.starts_with("False")) {
        dictionary.reject(fortran, "True or False as fortran_order");
    }
    ArrayLayout layout{.rows = shape.size() == 2 ? shape[0] : 1, .dim = shape.back(), .type = type, .order = order};
    layout.offset = head.data_offset;
    const std::uint64_t found = file.bytes().size() - head.data_offset;
    const bool possible = layout.dim != 0 && layout.dim <= kMaxDim && layout.rows <= file.bytes().size();
    layout.stride = possible ? layout.dim * size_of(type) : 0;
    if (!possible || found % layout.stride != 0 || found / layout.stride != layout.rows) {
        throw CorruptFile(
            file.path, head.data_offset,
            formatted("{} rows of {} {} as the header says", layout.rows, layout.dim, std::string(name(type))),
            formatted("{} bytes", found));
    }
    return layout;
}

std::string npy_head(std::size_t rows, std::size_t dim, NumberType type) {
    std::string_view code;
    for (const auto& [text, known] : kTypes) {
        if (known == type) code = text;
    }
    const char order = size_of(type) == 1 ? '|' : '<';
    std::string dictionary =
        formatted("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}, {}), }}", order, code, rows, dim);
    // As NumPy does: blanks and a newline up to a multiple of 64.
    constexpr std::size_t kBefore = 10;
    dictionary.append((64 - (kBefore + dictionary.size() + 1) % 64) % 64, ' ');
    dictionary.push_back('\n');
    const auto size = static_cast<unsigned>(dictionary.size());
    std::string head(kMagic);
    head.append({1, 0, static_cast<char>(size & 0xff), static_cast<char>(size >> 8)});
    return head + dictionary;
}

}  // namespace kith::keyed
