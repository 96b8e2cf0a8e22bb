// A run of bytes together with whatever keeps them alive: a heap buffer or a mapped file. Readers never ask which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace kith::storage {

// Every buffer and every section of a file starts at a multiple of this, so that rows can be read a cache line at
// a time.
inline constexpr std::size_t kAlignment = 64;

// Immutable bytes. Copies share them; they live as long as the last copy.
class Region {
public:
    Region() noexcept = default;

    // `owner` keeps `bytes` alive; null when the caller does.
    Region(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) noexcept
        : bytes_(bytes), owner_(std::move(owner)) {}

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
    [[nodiscard]] const std::byte* data() const noexcept { return bytes_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
    [[nodiscard]] const std::shared_ptr<const void>& owner() const noexcept { return owner_; }

    // REQUIRES: offset + size <= size().
    [[nodiscard]] Region slice(std::size_t offset, std::size_t size) const {
        return {bytes_.subspan(offset, size), owner_};
    }

    // The bytes as whole elements; a remainder shorter than one element is left out.
    // REQUIRES: data() is aligned for T, as every buffer and every section is.
    template <class T>
    [[nodiscard]] std::span<const T> as() const noexcept {
        return {reinterpret_cast<const T*>(bytes_.data()), bytes_.size() / sizeof(T)};
    }

private:
    std::span<const std::byte> bytes_;
    std::shared_ptr<const void> owner_;
};

// Zeroed, writable bytes on the heap, aligned to kAlignment, that become a Region once written.
class Buffer {
public:
    Buffer() noexcept = default;

    // Large buffers cost nothing until touched. Throws std::bad_alloc.
    explicit Buffer(std::size_t size);

    Buffer(Buffer&& other) noexcept { *this = std::move(other); }
    Buffer& operator=(Buffer&& other) noexcept {
        memory_ = std::exchange(other.memory_, nullptr);
        bytes_ = std::exchange(other.bytes_, {});
        return *this;
    }

    [[nodiscard]] std::span<std::byte> bytes() noexcept { return bytes_; }
    [[nodiscard]] std::byte* data() noexcept { return bytes_.data(); }
    [[nodiscard]] const std::byte* data() const noexcept { return bytes_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

    // The bytes as whole elements. REQUIRES: T is an arithmetic type, or a struct of such.
    template <class T>
    [[nodiscard]] std::span<T> as() noexcept {
        return {reinterpret_cast<T*>(bytes_.data()), bytes_.size() / sizeof(T)};
    }

    // Ends the writing; the buffer is empty afterwards.
    [[nodiscard]] Region freeze() &&;

private:
    std::shared_ptr<void> memory_;
    std::span<std::byte> bytes_;
};

// An aligned copy of `bytes`.
[[nodiscard]] Region copy_of(std::span<const std::byte> bytes);

}  // namespace kith::storage
