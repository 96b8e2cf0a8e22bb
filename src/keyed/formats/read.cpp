// read_keyed_vectors, read_matrix, read_ivecs.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>
#include <kith/vector_formats.hpp>

#include "base/format.hpp"
#include "keyed/formats/array_file.hpp"
#include "keyed/formats/binary_reader.hpp"
#include "keyed/formats/parsed.hpp"
#include "keyed/formats/text_reader.hpp"
#include "keyed/formats/text_row.hpp"
#include "keyed/key_table.hpp"
#include "keyed/store.hpp"
#include "storage/stream_reader.hpp"

namespace kith {
namespace {

using keyed::KeyTable;
using keyed::KeyTableBuilder;
using keyed::Parsed;

// Warnings of one sort that are given one by one; what follows is only counted.
constexpr std::size_t kMaxWarnings = 10;

class Warnings {
public:
    Warnings(const ReadOptions& options, std::string sort) : warn_(options.on_warning), sort_(std::move(sort)) {}

    void add(const std::string& message) {
        if (warn_ && ++count_ <= kMaxWarnings) warn_(message);
    }
    void finish() const {
        if (warn_ && count_ > kMaxWarnings) warn_(formatted("{} {} in all", count_, sort_));
    }

private:
    const std::function<void(std::string_view)>& warn_;
    std::string sort_;
    std::size_t count_ = 0;
};

Parsed parse(const std::string& path, VectorFormat format, const ReadOptions& options) {
    switch (format) {
        case VectorFormat::kWord2vecBinary: return keyed::read_binary(path, options);
        case VectorFormat::kWord2vecText: return keyed::read_text(path, options);
        default: break;
    }
    const keyed::LoadedFile file = keyed::load_file(path);
    const keyed::ArrayLayout layout = [&] {
        switch (format) {
            case VectorFormat::kNpy: return keyed::npy_layout(file);
            case VectorFormat::kIdx: return keyed::idx_layout(file);
            case VectorFormat::kFvecs: return keyed::vecs_layout(file, NumberType::kFloat32);
            case VectorFormat::kBvecs: return keyed::vecs_layout(file, NumberType::kUint8);
            case VectorFormat::kIvecs: return keyed::vecs_layout(file, NumberType::kInt32);
            default: throw InvalidArgument(formatted("format is {}, which is none", static_cast<int>(format)));
        }
    }();
    return keyed::read_array(file, layout, options);
}

VectorFormat format_of(const std::string& path, const ReadOptions& options) {
    return options.format == VectorFormat::kAuto ? detect_format(path) : options.format;
}

// The table of keys; rows whose key was there already are taken out of `parsed`.
KeyTable unique_keys(Parsed& parsed, const std::string& path, const ReadOptions& options) {
    KeyTableBuilder builder;
    const std::vector<std::size_t> repeated = builder.add_all(parsed.keys, options.threads);
    if (repeated.empty()) return builder.finish();

    std::vector<std::string_view> keys;
    for (const keyed::KeyList& list : parsed.keys) {
        for (std::size_t i = 0; i < list.size(); ++i) keys.push_back(list[i]);
    }
    Warnings warnings(options, "rows with duplicate keys");
    float* const numbers = parsed.numbers.as<float>().data();
    const std::size_t row_bytes = parsed.dim * sizeof(float);
    std::size_t kept = repeated.front();
    std::size_t next = 0;
    for (std::size_t row = kept; row < parsed.rows; ++row) {
        if (next < repeated.size() && repeated[next] == row) {
            warnings.add(formatted("'{}': row {} has the key '{}' again; the first stays", path, row, keys[row]));
            ++next;
            continue;
        }
        std::memmove(numbers + kept * parsed.dim, numbers + row * parsed.dim, row_bytes);
        ++kept;
    }
    parsed.rows = kept;
    parsed.norms = {};
    warnings.finish();
    return builder.finish();
}

// Counts from a file of "key count" lines, by row.
storage::Region read_counts(const KeyTable& keys, const ReadOptions& options) {
    storage::Buffer buffer(keys.size() * sizeof(std::uint64_t));
    const std::span<std::uint64_t> counts = buffer.as<std::uint64_t>();
    std::vector<bool> counted(keys.size());
    storage::StreamReader reader(options.vocab_path);
    for (;;) {
        const std::uint64_t offset = reader.offset();
        std::optional<std::string_view> line = reader.line();
        if (!line) break;
        while (!line->empty() && keyed::is_trailing(line->back())) line->remove_suffix(1);
        const std::size_t gap = line->find_last_of(" \t");
        std::uint64_t count = 0;
        const std::string_view digits = gap == std::string_view::npos ? std::string_view() : line->substr(gap + 1);
        const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (error != std::errc() || last != digits.data() + digits.size()) {
            throw CorruptFile(options.vocab_path, offset,
                              formatted("a key and its count on line {}", reader.line_number()),
                              keyed::shown(*line));
        }
        const std::string key =
            keyed::checked_key(line->substr(0, gap), options.invalid_utf8, options.vocab_path, offset);
        if (const std::optional<std::size_t> row = keys.find(key)) {
            counts[*row] = count;
            counted[*row] = true;
        }
    }
    Warnings warnings(options, "keys without a count");
    for (std::size_t row = 0; row < keys.size(); ++row) {
        if (!counted[row]) {
            warnings.add(formatted("'{}' has no count for the key '{}'", options.vocab_path, keys.key(row)));
        }
    }
    warnings.finish();
    return std::move(buffer).freeze();
}

KeyedVectors open_kith(const std::string& path, const ReadOptions& options) {
    KeyedVectors all = KeyedVectors::open(path);
    if (options.limit == 0 || options.limit >= all.size()) return all;
    std::vector<std::size_t> rows(options.limit);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return all.select(rows);
}

}  // namespace

KeyedVectors read_keyed_vectors(const std::string& path, const ReadOptions& options) {
    const VectorFormat format = format_of(path, options);
    if (format == VectorFormat::kKith) return open_kith(path, options);
    Parsed parsed = parse(path, format, options);
    KeyTable keys = parsed.has_keys ? unique_keys(parsed, path, options) : keyed::number_keys(parsed.rows);
    storage::Region counts = options.vocab_path.empty() ? storage::Region() : read_counts(keys, options);
    const std::size_t bytes = parsed.rows * parsed.dim * sizeof(float);
    storage::Region numbers = std::move(parsed.numbers).freeze().slice(0, bytes);
    if (parsed.norms.size() == 0) {
        return keyed::make_keyed_vectors(std::move(keys), std::move(numbers), parsed.dim, std::move(counts),
                                         options.threads);
    }
    return keyed::make_keyed_vectors(std::move(keys), std::move(numbers), parsed.dim, std::move(counts),
                                     std::move(parsed.norms).freeze());
}

Matrix read_matrix(const std::string& path, const ReadOptions& options) {
    const VectorFormat format = format_of(path, options);
    if (format == VectorFormat::kKith) {
        const KeyedVectors vectors = open_kith(path, options);
        Matrix matrix(vectors.size(), vectors.dim());
        for (std::size_t row = 0; row < vectors.size(); ++row) {
            std::ranges::copy(vectors.vector(row), matrix.row(row).begin());
        }
        return matrix;
    }
    Parsed parsed = parse(path, format, options);
    Matrix matrix(parsed.rows, parsed.dim);
    std::ranges::copy(parsed.numbers.as<float>(), matrix.data());
    return matrix;
}

IntMatrix read_ivecs(const std::string& path) {
    const keyed::LoadedFile file = keyed::load_file(path);
    const keyed::ArrayLayout layout = keyed::vecs_layout(file, NumberType::kInt32);
    IntMatrix matrix{.rows = layout.rows, .cols = layout.dim, .values = {}};
    matrix.values.resize(layout.rows * layout.dim);
    for (std::size_t row = 0; row < matrix.rows; ++row) {
        std::memcpy(matrix.values.data() + row * matrix.cols,
                    file.bytes().data() + layout.offset + row * layout.stride, matrix.cols * sizeof(std::int32_t));
    }
    return matrix;
}

}  // namespace kith
