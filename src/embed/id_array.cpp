#include "embed/id_array.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <new>
#include <utility>

namespace kith::embed {

IdArray::IdArray(std::uint64_t memory_limit, std::string spill_folder)
    : memory_limit_(memory_limit), spill_folder_(std::move(spill_folder)) {}

void IdArray::grow(std::size_t needed) {
    constexpr std::size_t kFirst = std::size_t{1} << 16;
    set_capacity(std::max({needed, capacity_ + capacity_ / 2, kFirst}));
}

void IdArray::set_capacity(std::size_t capacity) {
    if (file_ != nullptr) {
        file_->resize(capacity * sizeof(std::uint32_t));
        data_ = reinterpret_cast<std::uint32_t*>(file_->data());
    } else if (capacity * sizeof(std::uint32_t) > memory_limit_) {
        move_to_file(capacity);
    } else {
        // realloc moves large blocks by remapping pages: no copy, and never both old and new in memory.
        auto* const moved = static_cast<std::uint32_t*>(
            std::realloc(heap_.get(), std::max<std::size_t>(capacity, 1) * sizeof(*data_)));
        if (moved == nullptr) throw std::bad_alloc();
        static_cast<void>(heap_.release());
        heap_.reset(moved);
        data_ = moved;
    }
    capacity_ = capacity;
}

void IdArray::move_to_file(std::size_t capacity) {
    namespace fs = std::filesystem;
    const fs::path folder = spill_folder_.empty() ? fs::temp_directory_path() : fs::path(spill_folder_);
    auto file = std::make_unique<storage::GrowingFile>((folder / "kith-corpus").string());
    file->resize(capacity * sizeof(std::uint32_t));
    if (size_ != 0) std::memcpy(file->data(), data_, size_ * sizeof(std::uint32_t));
    heap_.reset();
    file_ = std::move(file);
    data_ = reinterpret_cast<std::uint32_t*>(file_->data());
}

void IdArray::shrink_to_fit() {
    if (capacity_ > size_) set_capacity(size_);
}

}  // namespace kith::embed
