#include "embed/text_blocks.hpp"

#include <algorithm>
#include <utility>

#include "embed/tokenizer.hpp"
#include "storage/mapped_file.hpp"

namespace kith::embed {
namespace {

constexpr std::size_t kFirst = std::size_t{64} << 10;

}  // namespace

TextBlocks::TextBlocks(const std::string& path, std::size_t block_size)
    : source_(path),
      block_size_(std::max<std::size_t>(block_size, 1)),
      next_size_(std::min(block_size_, kFirst)),
      region_(source_.mapped()) {
    if (region_) storage::advise(region_->bytes(), storage::AccessPattern::kSequential);
}

std::uint64_t TextBlocks::bytes_read() const noexcept {
    return region_ ? offset_ : source_.file_bytes_read();
}

std::string_view TextBlocks::next(std::string& storage) {
    const std::size_t size = std::exchange(next_size_, std::min(next_size_ * 2, block_size_));
    if (region_) return next_mapped(size);
    storage = std::exchange(rest_, {});
    std::size_t searched = 0;
    for (auto chunk = source_.next_chunk(); !chunk.empty(); chunk = source_.next_chunk()) {
        storage.append(chunk.data(), chunk.size());
        if (storage.size() < size) continue;
        const auto last =
            std::find_if(storage.rbegin(), storage.rend() - static_cast<std::ptrdiff_t>(searched), is_space);
        if (last == storage.rend() - static_cast<std::ptrdiff_t>(searched)) {
            searched = storage.size();
            continue;
        }
        rest_.assign(last.base(), storage.end());
        storage.erase(last.base(), storage.end());
        break;
    }
    return storage;
}

void TextBlocks::give_back() noexcept {
    if (!region_) return;
    storage::advise(region_->bytes().subspan(kept_, offset_ - kept_), storage::AccessPattern::kDone);
    kept_ = offset_;
}

std::string_view TextBlocks::next_mapped(std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(region_->data()), region_->size());
    const std::size_t first = offset_;
    std::size_t last = std::min(first + size, text.size());
    if (last != text.size()) {
        const auto* const cut = std::find_if(text.begin() + last - 1, text.end(), is_space);
        last = cut == text.end() ? text.size() : static_cast<std::size_t>(cut - text.begin()) + 1;
    }
    offset_ = last;
    return text.substr(first, last - first);
}

}  // namespace kith::embed
