#include "keyed/formats/binary_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/parallel.hpp"
#include "keyed/formats/text_row.hpp"
#include "storage/byte_source.hpp"

namespace kith::keyed {
namespace {

constexpr std::size_t kMaxHeader = 100;
constexpr std::size_t kMaxKey = std::size_t{1} << 20;

// Rows copied by a thread at a time.
constexpr std::size_t kGrain = 4096;

struct Shape {
    std::uint64_t rows = 0;
    std::size_t dim = 0;
    std::size_t header_bytes = 0;
};

// REQUIRES: `start` holds kMaxHeader bytes, or the whole file.
Shape shape_of(std::string_view start, const std::string& path) {
    const std::string_view line = start.substr(0, kMaxHeader);
    const std::size_t end = line.find('\n');
    const std::optional<TextHeaderLine> header = parse_header(line.substr(0, end));
    if (end == std::string_view::npos || !header || header->dim == 0 || header->dim > kMaxDim) {
        throw CorruptFile(path, 0, formatted("a header line 'count dimensions' with 1 to {} dimensions", kMaxDim),
                          shown(line.substr(0, end)));
    }
    return {header->rows, header->dim, end + 1};
}

struct Row {
    std::string_view key;
    const char* numbers;
};

enum class Ending { kMore, kLast };

// The row at `at`, which is moved behind it; nothing when its bytes are not all there yet (kMore).
std::optional<Row> take_row(std::string_view bytes, std::size_t& at, std::uint64_t offset, const Shape& shape,
                            std::uint64_t row, Ending ending, const std::string& path) {
    const auto cut = [&](const std::string& expected) -> std::optional<Row> {
        if (ending == Ending::kMore) return std::nullopt;
        throw CorruptFile(path, offset + bytes.size(), formatted("{} of row {} of {}", expected, row, shape.rows),
                          "the end of the file");
    };
    std::size_t first = at;
    // word2vec.c ends rows with a newline.
    while (first < bytes.size() && bytes[first] == '\n') ++first;
    const std::string_view window = bytes.substr(first, kMaxKey);
    const std::size_t space = window.find(' ');
    if (space == std::string_view::npos) {
        if (window.size() == kMaxKey) {
            throw CorruptFile(path, offset + first, formatted("a key and a space (row {})", row), shown(window));
        }
        return cut("the key");
    }
    const std::size_t numbers = first + space + 1;
    if ((bytes.size() - numbers) / sizeof(float) < shape.dim) return cut(formatted("{} numbers", shape.dim));
    at = numbers + shape.dim * sizeof(float);
    return Row{bytes.substr(first, space), bytes.data() + numbers};
}

void copy_numbers(const char* from, std::size_t dim, float* to, std::uint64_t offset, const std::string& path) {
    std::memcpy(to, from, dim * sizeof(float));
    for (std::size_t i = 0; i < dim; ++i) {
        if (!std::isfinite(to[i])) {
            throw CorruptFile(path, offset + i * sizeof(float), formatted("a finite number as value {}", i + 1),
                              formatted("{}", to[i]));
        }
    }
}

void check_end(std::string_view bytes, std::size_t at, std::uint64_t offset, const Shape& shape,
               const std::string& path) {
    while (at < bytes.size() && bytes[at] == '\n') ++at;
    if (at == bytes.size()) return;
    throw CorruptFile(path, offset + at,
                      formatted("the end of the file after {} rows as the header says (a limit of {} reads just "
                                "those)",
                                shape.rows, shape.rows),
                      "more bytes");
}

std::uint64_t wanted_rows(const Shape& shape, const ReadOptions& options) {
    return options.limit == 0 ? shape.rows : std::min<std::uint64_t>(shape.rows, options.limit);
}

Parsed parse_mapped(std::string_view bytes, const ReadOptions& options, const std::string& path) {
    const Shape shape = shape_of(bytes, path);
    const std::uint64_t rows = wanted_rows(shape, options);
    const std::uint64_t room = (bytes.size() - shape.header_bytes) / (shape.dim * sizeof(float) + 1);
    if (rows > room) {
        throw CorruptFile(path, bytes.size(), formatted("{} rows of {} numbers", rows, shape.dim),
                          formatted("the end of the file, which has room for {}", room));
    }
    Parsed parsed;
    parsed.rows = rows;
    parsed.dim = shape.dim;
    parsed.has_keys = true;
    parsed.keys.resize(1);
    std::vector<const char*> starts(rows);
    std::size_t at = shape.header_bytes;
    for (std::uint64_t row = 0; row < rows; ++row) {
        const Row found = *take_row(bytes, at, 0, shape, row, Ending::kLast, path);
        push_checked(parsed.keys[0], found.key, options.invalid_utf8, path,
                     static_cast<std::uint64_t>(found.key.data() - bytes.data()));
        starts[row] = found.numbers;
    }
    if (rows == shape.rows) check_end(bytes, at, 0, shape, path);
    parsed.numbers = storage::Buffer(rows * shape.dim * sizeof(float));
    float* const out = parsed.numbers.as<float>().data();
    ReadMeter meter(options.progress, at);
    parallel_ranges(rows, kGrain, options.threads, [&](std::size_t first, std::size_t last, std::size_t) {
        for (std::size_t row = first; row < last; ++row) {
            copy_numbers(starts[row], shape.dim, out + row * shape.dim,
                         static_cast<std::uint64_t>(starts[row] - bytes.data()), path);
        }
        meter.add((last - first) * shape.dim * sizeof(float));
    });
    return parsed;
}

// The rows of a stream; memory grows with what has really come.
Parsed parse_stream(storage::ByteSource source, const ReadOptions& options) {
    const std::string& path = source.path();
    std::vector<char> pending;
    std::uint64_t offset = 0;
    const auto read_more = [&] {
        const std::span<const char> chunk = source.next_chunk();
        pending.insert(pending.end(), chunk.begin(), chunk.end());
        return !chunk.empty();
    };
    bool more = true;
    while (more && pending.size() < kMaxHeader) more = read_more();
    const Shape shape = shape_of({pending.data(), pending.size()}, path);
    const std::uint64_t rows = wanted_rows(shape, options);
    ReadMeter meter(options.progress, source.file_size());
    std::uint64_t reported = 0;
    std::vector<float> numbers;
    KeyList keys;
    std::size_t at = shape.header_bytes;
    while (keys.size() < rows) {
        const std::string_view bytes(pending.data(), pending.size());
        const auto row =
            take_row(bytes, at, offset, shape, keys.size(), more ? Ending::kMore : Ending::kLast, path);
        if (!row) {
            pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(at));
            offset += std::exchange(at, 0);
            more = read_more();
            meter.add(source.file_bytes_read() - std::exchange(reported, source.file_bytes_read()));
            continue;
        }
        const auto position = [&](const char* byte) {
            return offset + static_cast<std::uint64_t>(byte - pending.data());
        };
        push_checked(keys, row->key, options.invalid_utf8, path, position(row->key.data()));
        numbers.resize(numbers.size() + shape.dim);
        copy_numbers(row->numbers, shape.dim, numbers.data() + numbers.size() - shape.dim, position(row->numbers),
                     path);
    }
    while (more && pending.size() - at < kMaxHeader) more = read_more();
    if (rows == shape.rows) check_end({pending.data(), pending.size()}, at, offset, shape, path);

    Parsed parsed;
    parsed.rows = rows;
    parsed.dim = shape.dim;
    parsed.has_keys = true;
    parsed.keys.push_back(std::move(keys));
    parsed.numbers = storage::Buffer(numbers.size() * sizeof(float));
    std::ranges::copy(numbers, parsed.numbers.as<float>().begin());
    return parsed;
}

}  // namespace

Parsed read_binary(const std::string& path, const ReadOptions& options) {
    storage::ByteSource source(path);
    const std::optional<storage::Region> mapped = source.mapped();
    if (!mapped) return parse_stream(std::move(source), options);
    const std::span<const char> bytes = mapped->as<char>();
    return parse_mapped({bytes.data(), bytes.size()}, options, path);
}

}  // namespace kith::keyed
