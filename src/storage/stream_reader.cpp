#include "storage/stream_reader.hpp"

#include <algorithm>
#include <cstring>

#include <kith/error.hpp>

namespace kith::storage {
namespace {

std::string printable(char c) {
    if (c == '\n') return "a line end";
    if (c == ' ') return "a space";
    return "byte " + std::to_string(static_cast<unsigned char>(c));
}

}  // namespace

// False at the end of the file.
bool StreamReader::refill() {
    if (chunk_.empty()) chunk_ = source_.next_chunk();
    return !chunk_.empty();
}

std::optional<std::string_view> StreamReader::until(char end, std::size_t limit) {
    if (!refill()) return std::nullopt;
    if (end == '\n') ++line_number_;
    const std::uint64_t start = offset();
    joined_.clear();
    do {
        const void* const hit = std::memchr(chunk_.data(), end, chunk_.size());
        const auto length = hit == nullptr
                                ? chunk_.size()
                                : static_cast<std::size_t>(static_cast<const char*>(hit) - chunk_.data());
        if (length > limit || joined_.size() > limit - length) {
            throw CorruptFile(path(), start, printable(end) + " within " + std::to_string(limit) + " bytes",
                              "none");
        }
        const std::string_view run(chunk_.data(), length);
        chunk_ = chunk_.subspan(hit == nullptr ? length : length + 1);
        if (hit != nullptr && joined_.empty()) return run;
        joined_ += run;
        if (hit != nullptr) break;
    } while (refill());
    return joined_;
}

std::optional<std::string_view> StreamReader::line(std::size_t limit) {
    std::optional<std::string_view> text = until('\n', limit);
    if (text && text->ends_with('\r')) text->remove_suffix(1);
    return text;
}

std::size_t StreamReader::read(std::span<std::byte> out) {
    std::size_t filled = 0;
    while (filled < out.size() && refill()) {
        const std::size_t part = std::min(out.size() - filled, chunk_.size());
        std::memcpy(out.data() + filled, chunk_.data(), part);
        chunk_ = chunk_.subspan(part);
        filled += part;
    }
    return filled;
}

void StreamReader::read_exactly(std::span<std::byte> out, std::string_view what) {
    const std::size_t filled = read(out);
    if (filled < out.size()) {
        throw CorruptFile(path(), offset(), std::to_string(out.size()) + " bytes of " + std::string(what),
                          "the end of the file after " + std::to_string(filled));
    }
}

std::optional<char> StreamReader::peek() {
    if (!refill()) return std::nullopt;
    return chunk_.front();
}

void StreamReader::skip_byte() noexcept {
    chunk_ = chunk_.subspan(1);
}

}  // namespace kith::storage
