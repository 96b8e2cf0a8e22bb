#include "storage/region.hpp"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include "storage/growing_memory.hpp"

namespace kith::storage {
namespace {

// Bytes from which huge pages pay: filling them costs fewer faults, reading them at random fewer misses of the TLB.
constexpr std::size_t kLarge = std::size_t{1} << 22;

}  // namespace

Buffer::Buffer(std::size_t size) {
    if (size == 0) return;
    // No object can be larger than a difference of pointers can tell.
    if (size > std::numeric_limits<std::ptrdiff_t>::max() - kAlignment) throw std::bad_alloc();
    if (size >= kLarge) {
        auto memory = std::make_shared<GrowingMemory>();
        memory->resize(size);
        bytes_ = {memory->data(), size};
        memory_ = std::move(memory);
        return;
    }
    // calloc, because it gets fresh pages from the system zeroed and untouched.
    void* const memory = std::calloc(size + kAlignment, 1);
    if (memory == nullptr) throw std::bad_alloc();
    memory_ = std::shared_ptr<void>(memory, std::free);
    void* aligned = memory;
    std::size_t space = size + kAlignment;
    std::align(kAlignment, size, aligned, space);
    bytes_ = {static_cast<std::byte*>(aligned), size};
}

Region Buffer::freeze() && {
    Region region(bytes_, std::move(memory_));
    bytes_ = {};
    return region;
}

Region copy_of(std::span<const std::byte> bytes) {
    Buffer buffer(bytes.size());
    if (!bytes.empty()) std::memcpy(buffer.data(), bytes.data(), bytes.size());
    return std::move(buffer).freeze();
}

}  // namespace kith::storage
