#include <kith/filter.hpp>

#include <algorithm>
#include <bit>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"

namespace kith {
namespace {

constexpr std::size_t kWordBits = 64;

std::size_t words_of(std::size_t size) noexcept {
    return (size + kWordBits - 1) / kWordBits;
}

std::size_t bits_in(std::span<const std::uint64_t> words) noexcept {
    std::size_t count = 0;
    for (const std::uint64_t word : words) count += static_cast<std::size_t>(std::popcount(word));
    return count;
}

// Bits beyond `size` mean nothing and are 0.
void clear_rest(std::vector<std::uint64_t>& words, std::size_t size) noexcept {
    if (size % kWordBits != 0) words.back() &= (std::uint64_t{1} << (size % kWordBits)) - 1;
}

std::vector<std::uint64_t> bitmap_of(std::span<const Id> ids, std::size_t size) {
    std::vector<std::uint64_t> words(words_of(size));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (ids[i] < 0 || static_cast<std::size_t>(ids[i]) >= size) {
            throw OutOfRange(size == 0
                                 ? formatted("filter[{}] is id {}; the index is empty", i, ids[i])
                                 : formatted("filter[{}] is id {}; ids run from 0 to {}", i, ids[i], size - 1));
        }
        const auto id = static_cast<std::size_t>(ids[i]);
        words[id / kWordBits] |= std::uint64_t{1} << (id % kWordBits);
    }
    return words;
}

}  // namespace

IdFilter IdFilter::allow(std::span<const Id> ids, std::size_t size) {
    IdFilter filter;
    filter.words_ = bitmap_of(ids, size);
    filter.size_ = size;
    filter.count_ = bits_in(filter.words_);
    return filter;
}

IdFilter IdFilter::deny(std::span<const Id> ids, std::size_t size) {
    IdFilter filter = allow(ids, size);
    for (std::uint64_t& word : filter.words_) word = ~word;
    clear_rest(filter.words_, size);
    filter.count_ = size - filter.count_;
    return filter;
}

IdFilter IdFilter::mask(std::span<const std::uint8_t> mask) {
    IdFilter filter;
    filter.words_.resize(words_of(mask.size()));
    for (std::size_t id = 0; id < mask.size(); ++id) {
        filter.words_[id / kWordBits] |= std::uint64_t{mask[id] != 0} << (id % kWordBits);
    }
    filter.size_ = mask.size();
    filter.count_ = bits_in(filter.words_);
    return filter;
}

IdFilter IdFilter::bitmap(std::span<const std::uint64_t> words, std::size_t size) {
    if (words.size() != words_of(size)) {
        throw InvalidArgument(
            formatted("the bitmap has {} words; {} bits take {}", words.size(), size, words_of(size)));
    }
    IdFilter filter;
    filter.words_.assign(words.begin(), words.end());
    clear_rest(filter.words_, size);
    filter.size_ = size;
    filter.count_ = bits_in(filter.words_);
    return filter;
}

IdFilter IdFilter::where(std::function<bool(Id)> condition) {
    if (!condition) throw InvalidArgument("the condition of the filter is empty");
    IdFilter filter;
    filter.condition_ = std::move(condition);
    return filter;
}

}  // namespace kith
