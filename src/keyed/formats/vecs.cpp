// The .fvecs, .bvecs and .ivecs of the TEXMEX corpora (http://corpus-texmex.irisa.fr): every row starts with its
// length.
#include <cstring>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "keyed/formats/array_file.hpp"

namespace kith::keyed {

ArrayLayout vecs_layout(const LoadedFile& file, NumberType type) {
    const std::span<const std::byte> bytes = file.bytes();
    ArrayLayout layout{.type = type, .offset = sizeof(std::int32_t)};
    if (bytes.empty()) throw CorruptFile(file.path, 0, "rows that start with their length", "an empty file");
    for (std::uint64_t at = 0; at < bytes.size(); ++layout.rows) {
        if (bytes.size() - at < sizeof(std::int32_t)) {
            throw CorruptFile(file.path, at, formatted("the length of row {}", layout.rows), "the end of the file");
        }
        std::int32_t length = 0;
        std::memcpy(&length, bytes.data() + at, sizeof length);
        if (layout.rows == 0) {
            if (length < 1) throw CorruptFile(file.path, 0, "a row length of at least 1", std::to_string(length));
            layout.dim = static_cast<std::uint64_t>(length);
            layout.stride = sizeof length + layout.dim * size_of(type);
        }
        if (length < 0 || static_cast<std::uint64_t>(length) != layout.dim) {
            throw CorruptFile(file.path, at,
                              formatted("the length {} of every row (row {})", layout.dim, layout.rows),
                              std::to_string(length));
        }
        if (bytes.size() - at < layout.stride) {
            throw CorruptFile(file.path, bytes.size(), formatted("{} numbers of row {}", layout.dim, layout.rows),
                              "the end of the file");
        }
        at += layout.stride;
    }
    return layout;
}

}  // namespace kith::keyed
