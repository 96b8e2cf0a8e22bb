// A growing array of 32-bit ids that moves from memory to a temporary file when it outgrows a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "storage/mapped_file.hpp"

namespace kith::embed {

class IdArray {
public:
    // `memory_limit`: bytes. `spill_folder`: empty for the system's temporary folder.
    IdArray(std::uint64_t memory_limit, std::string spill_folder);

    void push_back(std::uint32_t id) {
        if (size_ == capacity_) grow(size_ + 1);
        data_[size_++] = id;
    }

    // Makes room for `count` ids at the end and gives the first of them. Throws IoError, std::bad_alloc.
    std::uint32_t* extend(std::size_t count) {
        if (count > capacity_ - size_) grow(size_ + count);
        size_ += count;
        return data_ + (size_ - count);
    }

    // Gives back what was reserved for growth.
    void shrink_to_fit();

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint32_t* data() noexcept { return data_; }
    [[nodiscard]] std::span<const std::uint32_t> span() const noexcept { return {data_, size_}; }
    [[nodiscard]] bool in_file() const noexcept { return file_ != nullptr; }

private:
    struct Free {
        void operator()(std::uint32_t* data) const noexcept { std::free(data); }
    };

    void grow(std::size_t needed);
    void set_capacity(std::size_t capacity);
    void move_to_file(std::size_t capacity);

    std::uint64_t memory_limit_;
    std::string spill_folder_;
    std::unique_ptr<std::uint32_t, Free> heap_;
    std::unique_ptr<storage::GrowingFile> file_;
    std::uint32_t* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace kith::embed
