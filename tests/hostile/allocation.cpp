#include "hostile/allocation.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> live = 0;
std::atomic<std::size_t> peak = 0;
std::atomic<std::size_t> calls = 0;

void* counted(void* memory) {
    if (memory == nullptr) throw std::bad_alloc();
    ++calls;
    const std::size_t now = live += malloc_usable_size(memory);
    std::size_t before = peak.load();
    while (now > before && !peak.compare_exchange_weak(before, now)) {
    }
    return memory;
}

void release(void* memory) noexcept {
    if (memory != nullptr) live -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    return counted(std::malloc(size == 0 ? 1 : size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto step = static_cast<std::size_t>(alignment);
    return counted(std::aligned_alloc(step, (size + step - 1) / step * step));
}
// The standard's own would do, but for sanitizers, whose memory free() must not be given.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    void* const memory = std::malloc(size == 0 ? 1 : size);
    return memory == nullptr ? nullptr : counted(memory);
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    release(memory);
}

namespace kith::hostile {

std::size_t live_bytes() noexcept {
    return live;
}
std::size_t peak_bytes() noexcept {
    return peak;
}
void reset_peak() noexcept {
    peak = live.load();
}
std::size_t allocations() noexcept {
    return calls;
}

}  // namespace kith::hostile
