// write_keyed_vectors, write_matrix, write_ivecs.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>
#include <kith/vector_formats.hpp>

#include "base/format.hpp"
#include "base/parallel.hpp"
#include "keyed/formats/array_file.hpp"
#include "keyed/formats/elements.hpp"
#include "keyed/formats/print.hpp"
#include "keyed/formats/text_row.hpp"
#include "keyed/store.hpp"
#include "storage/byte_sink.hpp"

namespace kith {
namespace {

using storage::ByteSink;

// Rows made into bytes by one thread at a time.
constexpr std::size_t kRows = 1024;

// The rows to write, in order, and how to call them.
struct Rows {
    MatrixView<const float> matrix;
    std::vector<std::size_t> order;
    std::function<std::string(std::size_t row)> key;

    [[nodiscard]] std::size_t size() const noexcept { return order.size(); }
};

VectorFormat format_for(const std::string& path, const WriteOptions& options) {
    const VectorFormat format = options.format == VectorFormat::kAuto ? format_of_name(path) : options.format;
    if (format == VectorFormat::kAuto) {
        throw InvalidArgument(formatted("'{}' does not end in the name of a vector format: name the format", path));
    }
    return format;
}

// What would end a key, or disappear from it, when the file is read again.
void check_key(const std::string& key, std::size_t row, VectorFormat format) {
    const bool spaced = key.find_first_of(" \t\n\r\v\f") != std::string::npos;
    if (!spaced) return;
    throw InvalidArgument(
        formatted("the key '{}' of row {} has white space in it, which the format {} cannot hold; "
                  "the format kith can",
                  key, row, name(format)));
}

// Makes the bytes of all rows, a block of them per thread at once, and writes them in order.
template <class Append>
void write_rows(ByteSink& sink, std::size_t rows, std::size_t threads, const Append& append) {
    threads = resolve_threads(threads);
    std::vector<std::vector<std::byte>> blocks(2 * threads);
    for (std::size_t at = 0; at < rows; at += blocks.size() * kRows) {
        const std::size_t count = std::min(blocks.size(), (rows - at + kRows - 1) / kRows);
        parallel_for(count, threads, [&](std::size_t block, std::size_t) {
            blocks[block].clear();
            const std::size_t first = at + block * kRows;
            for (std::size_t i = first; i < std::min(first + kRows, rows); ++i) append(i, blocks[block]);
        });
        for (std::size_t block = 0; block < count; ++block) sink.write(blocks[block]);
    }
}

void append_bytes(std::vector<std::byte>& out, std::string_view text) {
    const auto* const bytes = reinterpret_cast<const std::byte*>(text.data());
    out.insert(out.end(), bytes, bytes + text.size());
}

void append_numbers(std::vector<std::byte>& out, std::span<const float> row, std::size_t index, NumberType type,
                    keyed::ByteOrder order) {
    const std::optional<std::size_t> bad = keyed::encode(type, order, row, out);
    if (bad) {
        throw InvalidArgument(formatted("row {}, column {} is {}, which {} cannot hold", index, *bad, row[*bad],
                                        std::string(name(type))));
    }
}

void write_words(ByteSink& sink, const Rows& rows, VectorFormat format, const WriteOptions& options) {
    const bool text = format == VectorFormat::kWord2vecText;
    if (options.header || !text) sink.write(formatted("{} {}\n", rows.size(), rows.matrix.cols()));
    write_rows(sink, rows.size(), options.threads, [&](std::size_t i, std::vector<std::byte>& out) {
        const std::string key = options.prefix + rows.key(rows.order[i]);
        check_key(key, rows.order[i], format);
        const std::span<const float> row = rows.matrix.row(rows.order[i]);
        append_bytes(out, key);
        if (text) {
            for (const float value : row) {
                char printed[keyed::kMaxPrinted + 1] = {' '};
                const char* const end = keyed::print_float(value, printed + 1);
                append_bytes(out, {printed, static_cast<std::size_t>(end - printed)});
            }
            append_bytes(out, "\n");
        } else {
            append_bytes(out, " ");
            append_numbers(out, row, rows.order[i], NumberType::kFloat32, keyed::ByteOrder::kLittle);
            if (options.newline_after_row) append_bytes(out, "\n");
        }
    });
}

void write_array(ByteSink& sink, const Rows& rows, VectorFormat format, const WriteOptions& options) {
    const std::size_t dim = rows.matrix.cols();
    NumberType type = options.type;
    keyed::ByteOrder order = keyed::ByteOrder::kLittle;
    std::string before_row;
    switch (format) {
        case VectorFormat::kNpy: sink.write(keyed::npy_head(rows.size(), dim, type)); break;
        case VectorFormat::kIdx:
            sink.write(keyed::idx_head(rows.size(), dim, type));
            order = keyed::ByteOrder::kBig;
            break;
        case VectorFormat::kFvecs: type = NumberType::kFloat32; break;
        case VectorFormat::kBvecs: type = NumberType::kUint8; break;
        case VectorFormat::kIvecs: type = NumberType::kInt32; break;
        default: throw InvalidArgument(formatted("format is {}, which is none", static_cast<int>(format)));
    }
    if (format != VectorFormat::kNpy && format != VectorFormat::kIdx) {
        if (dim > 0x7fffffffU) throw InvalidArgument(formatted("{} dimensions are too many for the format", dim));
        for (int shift = 0; shift < 32; shift += 8) before_row.push_back(static_cast<char>(dim >> shift));
    }
    write_rows(sink, rows.size(), options.threads, [&](std::size_t i, std::vector<std::byte>& out) {
        append_bytes(out, before_row);
        append_numbers(out, rows.matrix.row(rows.order[i]), rows.order[i], type, order);
    });
}

void write(const std::string& path, const Rows& rows, VectorFormat format, const WriteOptions& options) {
    ByteSink sink(path);
    if (format == VectorFormat::kWord2vecText || format == VectorFormat::kWord2vecBinary) {
        write_words(sink, rows, format, options);
    } else {
        write_array(sink, rows, format, options);
    }
    sink.commit();
}

std::vector<std::size_t> order_of(const KeyedVectors& vectors, const WriteOptions& options) {
    std::vector<std::size_t> order(vectors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (options.sort_by_count) {
        const std::span<const std::uint64_t> counts = vectors.counts();
        std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
    }
    return order;
}

void write_vocabulary(const KeyedVectors& vectors, const std::vector<std::size_t>& order,
                      const WriteOptions& options) {
    ByteSink sink(options.vocab_path);
    for (const std::size_t row : order) {
        const std::string key = options.prefix + std::string(vectors.key(row));
        check_key(key, row, VectorFormat::kWord2vecText);
        sink.write(formatted("{} {}\n", key, vectors.counts()[row]));
    }
    sink.commit();
}

}  // namespace

void write_keyed_vectors(const std::string& path, const KeyedVectors& vectors, const WriteOptions& options) {
    const VectorFormat format = format_for(path, options);
    if (vectors.counts().empty() && !vectors.empty() && (options.sort_by_count || !options.vocab_path.empty())) {
        throw InvalidArgument("the vectors have no counts to sort by or to write");
    }
    Rows rows{vectors.vectors(), order_of(vectors, options),
              [&](std::size_t row) { return std::string(vectors.key(row)); }};
    if (!options.vocab_path.empty()) write_vocabulary(vectors, rows.order, options);
    if (format == VectorFormat::kKith) {
        if (!options.prefix.empty()) throw InvalidArgument("prefix is for the word2vec formats only");
        (options.sort_by_count ? vectors.sorted_by_count() : vectors).save(path);
        return;
    }
    write(path, rows, format, options);
}

void write_matrix(const std::string& path, MatrixView<const float> vectors, const WriteOptions& options) {
    const VectorFormat format = format_for(path, options);
    if (options.sort_by_count || !options.vocab_path.empty()) {
        throw InvalidArgument("a matrix has no counts to sort by or to write");
    }
    keyed::check_finite(vectors, options.threads);
    Rows rows{vectors, std::vector<std::size_t>(vectors.rows()),
              [](std::size_t row) { return formatted("{}", row); }};
    std::iota(rows.order.begin(), rows.order.end(), std::size_t{0});
    if (format == VectorFormat::kKith) {
        std::vector<std::string> keys;
        for (const std::size_t row : rows.order) keys.push_back(options.prefix + rows.key(row));
        KeyedVectors(keys, vectors).save(path);
        return;
    }
    write(path, rows, format, options);
}

void write_ivecs(const std::string& path, const IntMatrix& matrix) {
    if (matrix.cols == 0 || matrix.cols > 0x7fffffffU || matrix.values.size() != matrix.rows * matrix.cols) {
        throw InvalidArgument(
            formatted("matrix has {} values for {} rows of {}", matrix.values.size(), matrix.rows, matrix.cols));
    }
    ByteSink sink(path);
    const auto length = static_cast<std::int32_t>(matrix.cols);
    for (std::size_t row = 0; row < matrix.rows; ++row) {
        sink.write(std::as_bytes(std::span(&length, 1)));
        sink.write(std::as_bytes(std::span(matrix.values).subspan(row * matrix.cols, matrix.cols)));
    }
    sink.commit();
}

}  // namespace kith
