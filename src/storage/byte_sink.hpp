// Writes a file atomically, gzip-compressed when its name ends in ".gz".
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace kith::storage {

// As AtomicFile: nothing at `path` before commit(), no trace without it. The same bytes written give the same
// file (no time stamp inside). Throws IoError.
class ByteSink {
public:
    explicit ByteSink(std::string path);
    ~ByteSink();
    ByteSink(ByteSink&& other) noexcept;
    ByteSink& operator=(ByteSink&& other) noexcept;

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    [[nodiscard]] const std::string& path() const noexcept;
    void commit();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::storage
