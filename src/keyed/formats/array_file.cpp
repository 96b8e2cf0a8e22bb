#include "keyed/formats/array_file.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/parallel.hpp"
#include "storage/byte_source.hpp"

namespace kith::keyed {
namespace {

// Numbers converted by a thread at a time.
constexpr std::size_t kGrain = std::size_t{1} << 16;

}  // namespace

LoadedFile load_file(const std::string& path) {
    storage::ByteSource source(path);
    if (std::optional<storage::Region> mapped = source.mapped()) return {path, *std::move(mapped)};
    const auto bytes = std::make_shared<std::vector<char>>();
    for (;;) {
        const std::span<const char> chunk = source.next_chunk();
        if (chunk.empty()) break;
        bytes->insert(bytes->end(), chunk.begin(), chunk.end());
    }
    return {path, storage::Region(std::as_bytes(std::span(*bytes)), bytes)};
}

Parsed read_array(const LoadedFile& file, const ArrayLayout& layout, const ReadOptions& options) {
    Parsed parsed;
    parsed.rows = options.limit == 0 ? layout.rows : std::min<std::uint64_t>(layout.rows, options.limit);
    parsed.dim = layout.dim;
    parsed.numbers = storage::Buffer(parsed.rows * parsed.dim * sizeof(float));
    const std::span<float> numbers = parsed.numbers.as<float>();
    ReadMeter meter(options.progress, parsed.rows * layout.stride);
    const std::size_t grain = std::max<std::size_t>(kGrain / std::max<std::size_t>(parsed.dim, 1), 1);
    parallel_ranges(parsed.rows, grain, options.threads, [&](std::size_t first, std::size_t last, std::size_t) {
        for (std::size_t row = first; row < last; ++row) {
            const std::uint64_t offset = layout.offset + row * layout.stride;
            const auto bad = decode(layout.type, layout.order, file.bytes().data() + offset,
                                    numbers.subspan(row * parsed.dim, parsed.dim));
            if (bad) {
                throw CorruptFile(
                    file.path, offset + *bad * size_of(layout.type),
                    formatted("a finite number that float32 holds (row {}, column {})", row, *bad),
                    formatted("{} in {}", numbers[row * parsed.dim + *bad], std::string(name(layout.type))));
            }
        }
        meter.add((last - first) * layout.stride);
    });
    return parsed;
}

}  // namespace kith::keyed
