// Ids met so far, so that each is taken once: a bitmap that is emptied by what was put into it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kith::index {

class IdSet {
public:
    // Ids below `limit` can be added from now on. REQUIRES: the set is empty.
    void resize(std::size_t limit) {
        if (const std::size_t words = (limit + 63) / 64; words > bits_.size()) bits_.resize(words);
    }

    // Whether the id is new.
    bool add(std::uint32_t id) noexcept {
        std::uint64_t& word = bits_[id / 64];
        const std::uint64_t bit = std::uint64_t{1} << (id % 64);
        const bool added = (word & bit) == 0;
        word |= bit;
        return added;
    }

    // REQUIRES: the id could be added.
    [[nodiscard]] bool contains(std::uint32_t id) const noexcept { return (bits_[id / 64] >> (id % 64) & 1) != 0; }

    // Empties the set, whose members are these.
    void clear(std::span<const std::uint32_t> ids) noexcept {
        if (ids.size() > bits_.size() / 4) {
            std::fill(bits_.begin(), bits_.end(), 0);
        } else {
            for (const std::uint32_t id : ids) bits_[id / 64] = 0;
        }
    }

private:
    std::vector<std::uint64_t> bits_;
};

}  // namespace kith::index
