#include "storage/atomic_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <kith/error.hpp>

namespace kith::storage {
namespace {

constexpr std::size_t kBufferSize = std::size_t{1} << 18;

}  // namespace

AtomicFile::AtomicFile(std::string path) : file_(std::move(path)) {
    buffer_.reserve(kBufferSize);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    if (bytes.size() > kBufferSize - buffer_.size()) flush();
    if (bytes.size() >= kBufferSize) {
        write_through(bytes.data(), bytes.size());
    } else {
        buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    }
}

void AtomicFile::write(std::string_view text) {
    write(std::as_bytes(std::span(text)));
}

void AtomicFile::write_zeros(std::size_t count) {
    static constexpr std::array<std::byte, 4096> kZeros{};
    while (count > 0) {
        const std::size_t part = std::min(count, kZeros.size());
        write(std::span(kZeros).first(part));
        count -= part;
    }
}

void AtomicFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
    flush();
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(file_.fd(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw IoError("cannot write", path(), errno);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
}

void AtomicFile::commit() {
    flush();
    file_.commit();
}

void AtomicFile::flush() {
    write_through(buffer_.data(), buffer_.size());
    buffer_.clear();
}

void AtomicFile::write_through(const std::byte* data, std::size_t size) {
    while (size > 0) {
        const ssize_t n = ::write(file_.fd(), data, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw IoError("cannot write", path(), errno);
        data += n;
        size -= static_cast<std::size_t>(n);
        flushed_ += static_cast<std::uint64_t>(n);
    }
}

}  // namespace kith::storage
