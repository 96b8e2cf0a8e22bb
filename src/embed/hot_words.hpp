// The words of a text that are met most, at hand.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "embed/word_table.hpp"

namespace kith::embed {

// A table of a fixed size, small enough to stay in a core's cache, in front of a WordTable: most words of a text are among a few
// thousand. It counts what it finds. A word takes another's place when it has been missed as often as the other was found since.
class HotWords {
public:
    // Counts one more occurrence and gives the word's id, or WordTable::kNone. REQUIRES: word.size > 0.
    [[nodiscard]] std::uint32_t find(const ShortWord& word) noexcept {
        Cell& cell = cells_[place(word)];
        const std::uint64_t other = (cell.low ^ word.low) | (cell.high ^ word.high) | (cell.size ^ word.size);
        // Without a branch: nobody can guess which words are here.
        const std::uint32_t here = other == 0 ? 1 : 0;
        cell.count += here;
        cell.credit += here;
        return cell.id | (here - 1);
    }

    // A word that find() has missed. The counts of one that makes room go to `counts`, which has a place for every id.
    void offer(const ShortWord& word, std::uint32_t id, std::vector<std::uint64_t>& counts) noexcept {
        Cell& cell = cells_[place(word)];
        if (cell.credit > 0) {
            --cell.credit;
            return;
        }
        if (cell.count != 0) counts[cell.id] += cell.count;
        cell = {word.low, word.high, word.size, id, 0, 1};
    }

    // Adds what was found since the last call.
    void tell(std::vector<std::uint64_t>& counts) noexcept {
        for (Cell& cell : cells_) {
            if (cell.count != 0) counts[cell.id] += std::exchange(cell.count, 0);
        }
    }

private:
    struct alignas(32) Cell {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
        std::uint32_t size = 0;  // no word of a text is empty
        std::uint32_t id = 0;
        std::uint32_t count = 0;
        std::uint32_t credit = 0;
    };
    static constexpr std::size_t kBits = 12;

    [[nodiscard]] static std::size_t place(const ShortWord& word) noexcept {
        return (word.low ^ std::rotl(word.high, 23)) * 0x9E3779B97F4A7C15U >> (64 - kBits);
    }

    std::vector<Cell> cells_ = std::vector<Cell>(std::size_t{1} << kBits);
};

}  // namespace kith::embed
