// Where a builder keeps its nodes: in memory, or in a file that may be larger.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "storage/growing_memory.hpp"
#include "storage/mapped_file.hpp"

namespace kith::index {

class NodeStore {
public:
    NodeStore() = default;
    explicit NodeStore(const std::string& path) { file_.emplace(path); }

    [[nodiscard]] std::byte* data() noexcept { return file_ ? file_->data() : memory_.data(); }
    [[nodiscard]] const std::byte* data() const noexcept { return file_ ? file_->data() : memory_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return file_ ? file_->size() : memory_.size(); }

    // As GrowingMemory and GrowingFile.
    void resize(std::size_t size) { file_ ? file_->resize(size) : memory_.resize(size); }

    // The file, to be committed; null in memory.
    [[nodiscard]] storage::GrowingFile* file() noexcept { return file_ ? &*file_ : nullptr; }

private:
    storage::GrowingMemory memory_;
    std::optional<storage::GrowingFile> file_;
};

}  // namespace kith::index
