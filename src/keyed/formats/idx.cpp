// The IDX format of the MNIST database (Y. LeCun): big-endian throughout.
#include <array>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "keyed/formats/array_file.hpp"

namespace kith::keyed {
namespace {

constexpr std::array<std::pair<unsigned, NumberType>, 6> kTypes = {{
    {0x08, NumberType::kUint8},
    {0x09, NumberType::kInt8},
    {0x0b, NumberType::kInt16},
    {0x0c, NumberType::kInt32},
    {0x0d, NumberType::kFloat32},
    {0x0e, NumberType::kFloat64},
}};

constexpr unsigned kUnknown = 0xff;

unsigned code_of(NumberType type) noexcept {
    for (const auto& [code, known] : kTypes) {
        if (known == type) return code;
    }
    return kUnknown;
}

}  // namespace

ArrayLayout idx_layout(const LoadedFile& file) {
    const std::span<const std::byte> bytes = file.bytes();
    const auto byte = [&](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
    const std::size_t axes = bytes.size() < 4 ? 0 : byte(3);
    if (axes == 0 || byte(0) != 0 || byte(1) != 0) {
        throw CorruptFile(file.path, 0, "an IDX header: two zero bytes, a type and at least one dimension",
                          formatted("a file of {} bytes that starts otherwise", bytes.size()));
    }
    ArrayLayout layout{.dim = 1, .order = ByteOrder::kBig, .offset = 4 + 4 * axes};
    bool known = false;
    for (const auto& [code, type] : kTypes) {
        if (code != byte(2)) continue;
        layout.type = type;
        known = true;
    }
    if (!known) {
        throw CorruptFile(file.path, 2, "an element type 08, 09, 0b, 0c, 0d or 0e", formatted("{:02x}", byte(2)));
    }
    if (bytes.size() < layout.offset) {
        throw CorruptFile(file.path, bytes.size(), formatted("the sizes of {} dimensions", axes),
                          "the end of the file");
    }
    for (std::size_t axis = 0; axis < axes; ++axis) {
        std::uint64_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) length = length << 8 | byte(4 + 4 * axis + i);
        if (axis == 0) {
            layout.rows = length;
        } else {
            // Past kMaxDim the product only needs to stay above it.
            layout.dim = layout.dim > kMaxDim ? layout.dim : layout.dim * length;
        }
    }
    const std::uint64_t found = bytes.size() - layout.offset;
    const bool possible = layout.dim != 0 && layout.dim <= kMaxDim;
    layout.stride = possible ? layout.dim * size_of(layout.type) : 0;
    if (!possible || found % layout.stride != 0 || found / layout.stride != layout.rows) {
        throw CorruptFile(file.path, layout.offset,
                          formatted("{} rows of {} {} as the header says", layout.rows, layout.dim,
                                    std::string(name(layout.type))),
                          formatted("{} bytes", found));
    }
    return layout;
}

std::string idx_head(std::size_t rows, std::size_t dim, NumberType type) {
    const unsigned code = code_of(type);
    if (code == kUnknown) {
        throw InvalidArgument(
            formatted("IDX files hold no {}; they hold uint8, int8, int16, int32, float32 and "
                      "float64",
                      std::string(name(type))));
    }
    std::string head = {0, 0, static_cast<char>(code), 2};
    for (const std::uint64_t length : {std::uint64_t{rows}, std::uint64_t{dim}}) {
        if (length > 0xffffffffU) throw InvalidArgument(formatted("IDX files cannot hold {} rows", length));
        for (int shift = 24; shift >= 0; shift -= 8) head.push_back(static_cast<char>(length >> shift));
    }
    return head;
}

}  // namespace kith::keyed
