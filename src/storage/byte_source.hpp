// Bytes from a plain or gzip-compressed file, a chunk at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "storage/region.hpp"

namespace kith::storage {

// Reads any file that can be opened, pipes included. Compression is told by the first two bytes (1f 8b), not by the
// name; concatenated gzip members are one stream, as for gzip itself. Memory: two chunks at most, whatever
// the file unpacks to. For one thread at a time.
class ByteSource {
public:
    static constexpr std::size_t kDefaultChunk = std::size_t{1} << 18;

    // Throws IoError when the file cannot be opened or is a folder.
    explicit ByteSource(std::string path, std::size_t chunk_size = kDefaultChunk);
    ~ByteSource();
    ByteSource(ByteSource&& other) noexcept;
    ByteSource& operator=(ByteSource&& other) noexcept;

    // The next unpacked bytes, at most chunk_size; empty at the end, and from then on. Valid until the next call.
    // Throws IoError; CorruptFile, whose offset is one in the compressed file, for a truncated or damaged stream.
    [[nodiscard]] std::span<const char> next_chunk();

    // The whole file, mapped, when it is a plain regular file: the quick way for parsers that can work on ranges in
    // parallel. Independent of next_chunk().
    [[nodiscard]] std::optional<Region> mapped() const;

    [[nodiscard]] const std::string& path() const noexcept;
    [[nodiscard]] bool compressed() const noexcept;

    // Unpacked bytes handed out by next_chunk() so far.
    [[nodiscard]] std::uint64_t offset() const noexcept;

    // For progress: bytes of the file read so far, and its size (0 when it has none, as a pipe).
    [[nodiscard]] std::uint64_t file_bytes_read() const noexcept;
    [[nodiscard]] std::uint64_t file_size() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::storage
