// Names of formats, and telling them apart.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

#include <kith/error.hpp>
#include <kith/vector_formats.hpp>

#include "base/format.hpp"
#include "keyed/formats/text_row.hpp"
#include "storage/byte_source.hpp"
#include "storage/file_format.hpp"

namespace kith {
namespace {

struct Name {
    std::string_view text;
    VectorFormat format;
};

// The first of a format's names is the one it is called by.
constexpr Name kNames[] = {
    {"auto", VectorFormat::kAuto},
    {"word2vec", VectorFormat::kWord2vecText},
    {"text", VectorFormat::kWord2vecText},
    {"word2vec-text", VectorFormat::kWord2vecText},
    {"glove", VectorFormat::kWord2vecText},
    {"txt", VectorFormat::kWord2vecText},
    {"vec", VectorFormat::kWord2vecText},
    {"word2vec-binary", VectorFormat::kWord2vecBinary},
    {"binary", VectorFormat::kWord2vecBinary},
    {"bin", VectorFormat::kWord2vecBinary},
    {"npy", VectorFormat::kNpy},
    {"fvecs", VectorFormat::kFvecs},
    {"bvecs", VectorFormat::kBvecs},
    {"ivecs", VectorFormat::kIvecs},
    {"idx", VectorFormat::kIdx},
    {"kith", VectorFormat::kKith},
};

constexpr Name kEndings[] = {
    {".txt", VectorFormat::kWord2vecText},   {".vec", VectorFormat::kWord2vecText},
    {".bin", VectorFormat::kWord2vecBinary}, {".npy", VectorFormat::kNpy},
    {".fvecs", VectorFormat::kFvecs},        {".bvecs", VectorFormat::kBvecs},
    {".ivecs", VectorFormat::kIvecs},        {".idx", VectorFormat::kIdx},
    {"-ubyte", VectorFormat::kIdx},          {".kith", VectorFormat::kKith},
};

constexpr std::array<std::string_view, 7> kTypeNames = {"float32", "float64", "float16", "int8",
                                                        "uint8",   "int16",   "int32"};

// How much of a file is looked at.
constexpr std::size_t kStart = std::size_t{1} << 16;

bool is_idx(std::string_view start) noexcept {
    return start.size() >= 8 && start[0] == 0 && start[1] == 0 && start[2] >= 0x08 && start[2] <= 0x0e &&
           start[3] >= 1 && start[3] <= 8;
}

// After a header line: a key, a space, and then either characters of numbers or bytes of floats.
VectorFormat format_after_header(std::string_view body) noexcept {
    const std::size_t space = body.find(' ');
    if (space == std::string_view::npos) return VectorFormat::kWord2vecText;
    std::string_view numbers = body.substr(space);
    numbers = numbers.substr(0, std::min<std::size_t>(numbers.find('\n'), 64));
    return numbers.find_first_not_of("0123456789+-.eE \t\r") == std::string_view::npos
               ? VectorFormat::kWord2vecText
               : VectorFormat::kWord2vecBinary;
}

}  // namespace

std::string_view name(VectorFormat format) noexcept {
    for (const Name& each : kNames) {
        if (each.format == format) return each.text;
    }
    return "unknown";
}

std::string_view name(NumberType type) noexcept {
    const auto index = static_cast<std::size_t>(type);
    return index < kTypeNames.size() ? kTypeNames[index] : "unknown";
}

VectorFormat parse_vector_format(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string known;
    for (const Name& each : kNames) {
        if (each.text == lower) return each.format;
        if (name(each.format) == each.text) known += formatted("{}{}", known.empty() ? "" : ", ", each.text);
    }
    throw InvalidArgument(formatted("no vector format is called '{}'; there are {}", text, known));
}

VectorFormat format_of_name(std::string_view path) noexcept {
    if (path.ends_with(".gz")) path.remove_suffix(3);
    for (const Name& each : kEndings) {
        if (path.ends_with(each.text)) return each.format;
    }
    return VectorFormat::kAuto;
}

VectorFormat detect_format(const std::string& path) {
    storage::ByteSource source(path, kStart);
    const std::span<const char> chunk = source.next_chunk();
    const std::string_view start(chunk.data(), chunk.size());
    if (start.starts_with(std::string_view(storage::kMagic, sizeof storage::kMagic))) return VectorFormat::kKith;
    if (start.starts_with("\x93NUMPY")) return VectorFormat::kNpy;
    const VectorFormat by_name = format_of_name(path);
    if (by_name == VectorFormat::kFvecs || by_name == VectorFormat::kBvecs || by_name == VectorFormat::kIvecs) {
        return by_name;
    }
    if (is_idx(start)) return VectorFormat::kIdx;
    const std::size_t end = start.find('\n');
    const std::string_view first = start.substr(0, end);
    if (keyed::parse_header(first)) {
        return format_after_header(end == std::string_view::npos ? std::string_view() : start.substr(end + 1));
    }
    if (keyed::count_numbers(first)) return VectorFormat::kWord2vecText;
    if (by_name != VectorFormat::kAuto) return by_name;
    throw InvalidArgument(
        formatted("'{}' looks like none of the vector formats, and its name does not say which it "
                  "is: name the format",
                  path));
}

}  // namespace kith
