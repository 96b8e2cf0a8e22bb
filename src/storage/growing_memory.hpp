// Memory that grows without being copied: what is built before its size is known.
#pragma once

#include <cstddef>

namespace kith::storage {

// Zeroed, writable bytes, aligned to a huge page and backed by huge pages where the system has them, because what
// is built in here is read at random afterwards. Not safe for use from several threads at once, except for using
// the bytes between two calls of resize().
class GrowingMemory {
public:
    GrowingMemory() noexcept = default;
    ~GrowingMemory();
    GrowingMemory(const GrowingMemory&) = delete;
    GrowingMemory& operator=(const GrowingMemory&) = delete;

    [[nodiscard]] std::byte* data() noexcept { return data_; }
    [[nodiscard]] const std::byte* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // Changes the size; what is new reads as zero. data() may move, in constant time on Linux. Pages take up memory
    // once they are written to. Throws std::bad_alloc, after which everything is as before.
    void resize(std::size_t size);

private:
    void grow(std::size_t capacity);

    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::size_t touched_ = 0;  // bytes from here on have never been handed out
};

}  // namespace kith::storage
