#include "storage/growing_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

namespace kith::storage {
namespace {

constexpr std::size_t kHugePage = std::size_t{1} << 21;

std::byte* reserve(std::size_t capacity) {
    const std::size_t size = capacity + kHugePage;
    void* const mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    auto* const start = static_cast<std::byte*>(mapped);
    const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(start) % kHugePage) % kHugePage;
    if (before != 0) ::munmap(start, before);
    if (before != kHugePage) ::munmap(start + before + capacity, kHugePage - before);
#if defined(MADV_HUGEPAGE)
    (void)::madvise(start + before, capacity, MADV_HUGEPAGE);
#endif
    return start + before;
}

}  // namespace

GrowingMemory::~GrowingMemory() {
    if (data_ != nullptr) ::munmap(data_, capacity_);
}

void GrowingMemory::grow(std::size_t capacity) {
    if (capacity > std::numeric_limits<std::size_t>::max() / 2) throw std::bad_alloc();
    capacity = (capacity + kHugePage - 1) / kHugePage * kHugePage;
    std::byte* const larger = reserve(capacity);
    if (data_ != nullptr) {
#if defined(__linux__)
        if (::mremap(data_, capacity_, capacity_, MREMAP_MAYMOVE | MREMAP_FIXED, larger) == MAP_FAILED) {
            ::munmap(larger, capacity);
            throw std::bad_alloc();
        }
#else
        std::memcpy(larger, data_, size_);
        ::munmap(data_, capacity_);
#endif
    }
    data_ = larger;
    capacity_ = capacity;
}

void GrowingMemory::resize(std::size_t size) {
    if (size > capacity_) {
        const std::size_t ahead = capacity_ + capacity_ / 2;
        try {
            grow(std::max(size, ahead));
        } catch (const std::bad_alloc&) {
            if (size >= ahead) throw;
            grow(size);
        }
    }
    if (size > size_ && touched_ > size_) std::memset(data_ + size_, 0, std::min(size, touched_) - size_);
    size_ = size;
    touched_ = std::max(touched_, size);
}

}  // namespace kith::storage
