// Lines, tokens and binary records out of a ByteSource.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "storage/byte_source.hpp"

namespace kith::storage {

// Views handed out are valid until the next call. For one thread at a time.
class StreamReader {
public:
    // No token or line may be longer than this: a damaged binary file must not be read into one string whole.
    static constexpr std::size_t kDefaultLimit = std::size_t{1} << 26;

    explicit StreamReader(std::string path, std::size_t chunk_size = ByteSource::kDefaultChunk)
        : source_(std::move(path), chunk_size) {}

    // Bytes up to the next `end`, which is consumed and left out. The file's last run need not have one. Nothing at
    // the end of the file. Throws CorruptFile when more than `limit` bytes have no `end` among them.
    [[nodiscard]] std::optional<std::string_view> until(char end, std::size_t limit = kDefaultLimit);

    // The next line without its end ("\n" or "\r\n").
    [[nodiscard]] std::optional<std::string_view> line(std::size_t limit = kDefaultLimit);

    // Fills `out`; the number of bytes read is smaller only at the end of the file.
    [[nodiscard]] std::size_t read(std::span<std::byte> out);

    // Fills `out` or throws CorruptFile saying that `what` ended too soon.
    void read_exactly(std::span<std::byte> out, std::string_view what);

    // The next byte without consuming it; nothing at the end of the file.
    [[nodiscard]] std::optional<char> peek();

    // REQUIRES: peek() gave a byte.
    void skip_byte() noexcept;

    // Of the next unread byte, in the unpacked stream.
    [[nodiscard]] std::uint64_t offset() const noexcept { return source_.offset() - chunk_.size(); }

    // Line ends that until() and line() have consumed: the number, from 1, of the line read last.
    [[nodiscard]] std::uint64_t line_number() const noexcept { return line_number_; }

    [[nodiscard]] const std::string& path() const noexcept { return source_.path(); }
    [[nodiscard]] const ByteSource& source() const noexcept { return source_; }

private:
    bool refill();

    ByteSource source_;
    std::span<const char> chunk_;  // what is left of the current one
    std::string joined_;           // a run that spans chunks
    std::uint64_t line_number_ = 0;
};

}  // namespace kith::storage
