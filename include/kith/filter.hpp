// Which items a search may answer with: some ids, all but some, a bitmap, or a condition.
//
//     const auto in_stock = kith::IdFilter::allow(ids, index.size());
//     const kith::Neighbors near = index.search(query, {.k = 10, .filter = &in_stock});
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <kith/types.hpp>

namespace kith {

// Made once, used for any number of searches, from any number of threads; searches copy and allocate nothing for it.
// A set of ids takes a bit for each item of the index.
class IdFilter {
public:
    // Only these ids of an index of `size` items; repetitions do no harm. Throws OutOfRange naming the first id that
    // such an index does not have.
    [[nodiscard]] static IdFilter allow(std::span<const Id> ids, std::size_t size);

    // All ids but these. Throws as allow.
    [[nodiscard]] static IdFilter deny(std::span<const Id> ids, std::size_t size);

    // The ids whose byte is not 0, of an index of mask.size() items.
    [[nodiscard]] static IdFilter mask(std::span<const std::uint8_t> mask);

    // The ids whose bit is set: bit id % 64 of word id / 64. Throws InvalidArgument unless there are as many words
    // as `size` bits take.
    [[nodiscard]] static IdFilter bitmap(std::span<const std::uint64_t> words, std::size_t size);

    // The ids for which `condition` holds. Searches call it for the items they meet, several threads at once if they
    // search at once; it must not throw, and say the same of an id whenever asked. What is cheaper to look up than to
    // ask again is better made a bitmap. Throws InvalidArgument when `condition` is empty.
    [[nodiscard]] static IdFilter where(std::function<bool(Id)> condition);

    // REQUIRES: id >= 0.
    [[nodiscard]] bool allows(Id id) const {
        if (condition_) return condition_(id);
        const auto at = static_cast<std::size_t>(id);
        return at < size_ && (words_[at / 64] >> (at % 64) & 1) != 0;
    }

    [[nodiscard]] bool is_condition() const noexcept { return static_cast<bool>(condition_); }

    // Unless it is a condition: the number of items of the indexes it is for, how many of them it allows, and the
    // bitmap. 0 and empty for a condition.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::span<const std::uint64_t> words() const noexcept { return words_; }

private:
    IdFilter() = default;

    std::vector<std::uint64_t> words_;
    std::size_t size_ = 0;
    std::size_t count_ = 0;
    std::function<bool(Id)> condition_;
};

}  // namespace kith
