// Writing a file so that readers see the old one or the new one, whole, whatever happens in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/temp_file.hpp"

namespace kith::storage {

// Buffered writing under a temporary name; nothing is at `path` before commit(). Every call throws IoError on
// failure. Destroyed without commit(): no trace.
class AtomicFile {
public:
    explicit AtomicFile(std::string path);
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    void write_zeros(std::size_t count);

    // Overwrites bytes written before. REQUIRES: offset + bytes.size() <= size(); not for pipes.
    void write_at(std::uint64_t offset, std::span<const std::byte> bytes);

    // Bytes written so far.
    [[nodiscard]] std::uint64_t size() const noexcept { return flushed_ + buffer_.size(); }
    [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }

    // Makes the file durable and gives it its name. Nothing may be written afterwards.
    void commit();

private:
    void flush();
    void write_through(const std::byte* data, std::size_t size);

    TempFile file_;
    std::vector<std::byte> buffer_;
    std::uint64_t flushed_ = 0;
};

}  // namespace kith::storage
