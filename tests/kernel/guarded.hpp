// Memory whose end is the end of a page that may be read: one byte further is a crash.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <stdexcept>

namespace kith::test {

class Guarded {
public:
    explicit Guarded(std::size_t capacity) {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        usable_ = (capacity + page - 1) / page * page;
        length_ = usable_ + 2 * page;
        void* const memory = mmap(nullptr, length_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::runtime_error("mmap failed");
        start_ = static_cast<unsigned char*>(memory);
        if (mprotect(start_ + page, usable_, PROT_READ | PROT_WRITE) != 0)
            throw std::runtime_error("mprotect failed");
        end_ = start_ + page + usable_;
    }
    ~Guarded() { munmap(start_, length_); }
    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;

    // The last `bytes` bytes.
    [[nodiscard]] unsigned char* last(std::size_t bytes) const {
        if (bytes > usable_) throw std::runtime_error("guarded buffer is too small");
        return end_ - bytes;
    }
    // The first bytes: one byte before them is a crash too.
    [[nodiscard]] unsigned char* first() const { return end_ - usable_; }

private:
    std::size_t usable_ = 0;
    std::size_t length_ = 0;
    unsigned char* start_ = nullptr;
    unsigned char* end_ = nullptr;
};

}  // namespace kith::test
