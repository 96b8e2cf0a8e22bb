#include "keyed/formats/text_reader.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <future>
#include <limits>
#include <optional>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/parallel.hpp"
#include "keyed/formats/text_blocks.hpp"
#include "keyed/store.hpp"
#include "storage/byte_source.hpp"

namespace kith::keyed {
namespace {

// Text handed to a thread at a time.
constexpr std::size_t kPiece = std::size_t{1} << 20;

// A longer line than this is none in a compressed file: what is no text must not be unpacked into memory whole.
constexpr std::size_t kMaxLine = std::size_t{1} << 27;

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

std::size_t limit_of(const ReadOptions& options) noexcept {
    return options.limit == 0 ? kNoLimit : options.limit;
}

[[noreturn]] void throw_empty(const std::string& path) {
    throw CorruptFile(path, 0, "lines of a key and numbers", "an empty file");
}

[[noreturn]] void throw_too_few(const std::string& path, std::uint64_t end, std::uint64_t promised,
                                std::uint64_t found) {
    throw CorruptFile(path, end, formatted("{} rows as the header on line 1 says", promised),
                      formatted("the end of the file after {}", found));
}

[[noreturn]] void throw_too_many(const std::string& path, std::uint64_t offset, std::uint64_t promised) {
    throw CorruptFile(path, offset,
                      formatted("the end of the file after {} rows as the header on line 1 says (a limit of {} "
                                "reads just those)",
                                promised, promised),
                      "another line");
}

Parsed with_keys(std::size_t rows, std::size_t dim) {
    Parsed parsed;
    parsed.rows = rows;
    parsed.dim = dim;
    parsed.numbers = storage::Buffer(rows * dim * sizeof(float));
    parsed.has_keys = true;
    return parsed;
}

// Pieces of about kPiece bytes that end where lines end.
std::vector<TextBlock> cut(std::string_view text, std::uint64_t offset) {
    std::vector<TextBlock> pieces;
    while (!text.empty()) {
        std::size_t end = text.size() <= kPiece ? text.size() : text.find('\n', kPiece);
        end = end == std::string_view::npos || end == text.size() ? text.size() : end + 1;
        pieces.push_back({.lines = text.substr(0, end), .offset = offset});
        offset += end;
        text.remove_prefix(end);
    }
    return pieces;
}

// Numbers the lines of all pieces; gives how many rows there are, `limit` at most.
std::size_t number_lines(std::vector<TextBlock>& pieces, std::uint64_t first_line, std::size_t limit,
                         std::size_t threads) {
    std::vector<std::size_t> counts(pieces.size());
    if (limit == kNoLimit) {
        parallel_for(pieces.size(), threads,
                     [&](std::size_t i, std::size_t) { counts[i] = count_lines(pieces[i].lines); });
    }
    std::size_t rows = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (rows == limit) {
            pieces.resize(i);
            break;
        }
        if (limit != kNoLimit) counts[i] = std::min(count_lines(pieces[i].lines), limit - rows);
        pieces[i].first_line = first_line + rows;
        rows += counts[i];
    }
    return rows;
}

Parsed parse_mapped(std::string_view file, const ReadOptions& options, const std::string& path) {
    const std::string_view text = without_empty_end(file);
    if (text.empty()) throw_empty(path);
    const TextShape shape = shape_of(text.substr(0, text.find('\n')), options.header, path);
    const std::size_t skipped = std::min(shape.header_bytes, text.size());
    const std::string_view body = text.substr(skipped);
    const std::uint64_t first_line = shape.header_bytes == 0 ? 1 : 2;
    std::vector<TextBlock> pieces = cut(body, skipped);
    const std::size_t limit = limit_of(options);
    const std::size_t rows = number_lines(pieces, first_line, limit, options.threads);
    if (!can_hold(body.size() + rows, rows, shape.dim)) {
        throw_first_error({body, skipped, first_line}, shape.dim, options.invalid_utf8, path);
    }

    Parsed parsed = with_keys(rows, shape.dim);
    parsed.keys.resize(pieces.size());
    parsed.norms = storage::Buffer(rows * sizeof(float));
    const std::span<float> numbers = parsed.numbers.as<float>();
    const std::span<float> norms = parsed.norms.as<float>();
    ReadMeter meter(options.progress, file.size());
    meter.add(skipped);
    std::vector<std::exception_ptr> errors(pieces.size());
    parallel_for(pieces.size(), options.threads, [&](std::size_t i, std::size_t) {
        const std::size_t row = pieces[i].first_line - first_line;
        try {
            float* const first = numbers.data() + row * shape.dim;
            parse_block(pieces[i], rows - row, shape.dim, options.invalid_utf8, path, first, parsed.keys[i]);
            write_norms({first, parsed.keys[i].size(), shape.dim}, row, norms.subspan(row));
        } catch (const Error&) {
            errors[i] = std::current_exception();
        }
        meter.add(pieces[i].lines.size());
    });
    for (const std::exception_ptr& error : errors) {
        if (error) std::rethrow_exception(error);
    }
    if (shape.promised_rows && rows < limit && rows != *shape.promised_rows) {
        if (rows < *shape.promised_rows) throw_too_few(path, file.size(), *shape.promised_rows, rows);
        throw_too_many(path, skipped + first_lines(body, *shape.promised_rows).size(), *shape.promised_rows);
    }
    return parsed;
}

// What came of one block of a stream.
struct StreamBlock {
    std::vector<float> numbers;
    KeyList keys;
};

class StreamParser {
public:
    StreamParser(const std::string& path, const ReadOptions& options)
        : path_(path), options_(options), source_(path), threads_(resolve_threads(options.threads)) {}

    Parsed run();

private:
    bool fill();
    void start(std::vector<char> text);
    void finish_one();
    Parsed assemble();

    const std::string& path_;
    const ReadOptions& options_;
    storage::ByteSource source_;
    std::size_t threads_;
    std::vector<char> pending_;  // read, not yet handed out
    std::uint64_t offset_ = 0;   // of pending_ in the unpacked file
    std::optional<TextShape> shape_;
    std::uint64_t next_line_ = 1;
    std::size_t rows_ = 0;  // handed out
    std::deque<std::future<StreamBlock>> running_;
    std::vector<StreamBlock> done_;
};

// Reads on until pending_ holds a piece and the end of a line; false at the end of the file.
bool StreamParser::fill() {
    bool has_line = false;
    while (pending_.size() < kPiece || !has_line) {
        const std::span<const char> chunk = source_.next_chunk();
        if (chunk.empty()) return false;
        pending_.insert(pending_.end(), chunk.begin(), chunk.end());
        has_line = has_line || std::ranges::find(chunk, '\n') != chunk.end();
        if (pending_.size() > kMaxLine) {
            throw CorruptFile(path_, offset_, formatted("a line of at most {} bytes", kMaxLine), "a longer one");
        }
    }
    return true;
}

// Hands the first lines of `text` to a thread, as many as the limit leaves.
void StreamParser::start(std::vector<char> text) {
    std::string_view lines(text.data(), text.size());
    std::size_t header = 0;
    if (!shape_) {
        shape_ = shape_of(lines.substr(0, lines.find('\n')), options_.header, path_);
        header = std::min(shape_->header_bytes, lines.size());
        lines.remove_prefix(header);
        next_line_ += header == 0 ? 0 : 1;
    }
    const std::size_t rows = std::min(count_lines(lines), limit_of(options_) - rows_);
    const std::uint64_t offset = offset_ + header;
    const std::uint64_t first_line = next_line_;
    if (shape_->promised_rows && options_.limit == 0 && rows_ + rows > *shape_->promised_rows) {
        const std::size_t fitting = first_lines(lines, *shape_->promised_rows - rows_).size();
        throw_too_many(path_, offset + fitting, *shape_->promised_rows);
    }
    offset_ += text.size();
    next_line_ += rows;
    rows_ += rows;
    auto work = [this, header, rows, offset, first_line, owned = std::move(text)]() mutable {
        StreamBlock block;
        const std::string_view all(owned.data(), owned.size());
        const TextBlock where{all.substr(header), offset, first_line};
        if (!can_hold(where.lines.size() + rows, rows, shape_->dim)) {
            throw_first_error(where, shape_->dim, options_.invalid_utf8, path_);
        }
        block.numbers.resize(rows * shape_->dim);
        parse_block(where, rows, shape_->dim, options_.invalid_utf8, path_, block.numbers.data(), block.keys);
        return block;
    };
    // This thread is busy unpacking: with one thread it parses in between.
    if (running_.size() + 1 >= std::max<std::size_t>(threads_, 2)) finish_one();
    running_.push_back(std::async(threads_ == 1 ? std::launch::deferred : std::launch::async, std::move(work)));
}

void StreamParser::finish_one() {
    std::future<StreamBlock> first = std::move(running_.front());
    running_.pop_front();
    done_.push_back(first.get());
}

Parsed StreamParser::run() {
    ReadMeter meter(options_.progress, source_.file_size());
    std::uint64_t reported = 0;
    bool more = true;
    while (more && rows_ < limit_of(options_)) {
        more = fill();
        meter.add(source_.file_bytes_read() - reported);
        reported = source_.file_bytes_read();
        const std::string_view text(pending_.data(), pending_.size());
        // Empty lines wait for what follows: at the end of the file they do not count, before it they are errors.
        const std::size_t size = without_empty_end(more ? text.substr(0, text.rfind('\n') + 1) : text).size();
        if (size == 0) continue;
        std::vector<char> rest(pending_.begin() + static_cast<std::ptrdiff_t>(size), pending_.end());
        pending_.resize(size);
        start(std::exchange(pending_, std::move(rest)));
    }
    while (!running_.empty()) finish_one();
    if (!shape_) throw_empty(path_);
    if (shape_->promised_rows && rows_ < limit_of(options_) && rows_ < *shape_->promised_rows) {
        throw_too_few(path_, offset_, *shape_->promised_rows, rows_);
    }
    return assemble();
}

Parsed StreamParser::assemble() {
    Parsed parsed = with_keys(rows_, shape_->dim);
    float* at = parsed.numbers.as<float>().data();
    for (StreamBlock& block : done_) {
        at = std::copy(block.numbers.begin(), block.numbers.end(), at);
        block.numbers = {};
        parsed.keys.push_back(std::move(block.keys));
    }
    return parsed;
}

}  // namespace

Parsed read_text(const std::string& path, const ReadOptions& options) {
    const std::optional<storage::Region> mapped = storage::ByteSource(path).mapped();
    if (!mapped) return StreamParser(path, options).run();
    const std::span<const char> bytes = mapped->as<char>();
    return parse_mapped({bytes.data(), bytes.size()}, options, path);
}

}  // namespace kith::keyed
