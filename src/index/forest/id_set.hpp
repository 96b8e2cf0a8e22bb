// A set of ids that forgets repetitions and gives its members in ascending order: a bitmap with a summary bitmap
// over its words. Adding costs two bits; draining costs what was added and one word per 4,096 ids.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kith::index {

class IdSet {
public:
    // Ids below `limit` can be added. Empties nothing: a drained set is empty.
    void resize(std::size_t limit) {
        const std::size_t words = (limit + 63) / 64;
        if (words > bits_.size()) {
            bits_.resize(words);
            summary_.resize((words + 63) / 64);
        }
        summary_words_ = (words + 63) / 64;
    }

    void add(std::uint32_t id) noexcept {
        bits_[id >> 6] |= std::uint64_t{1} << (id & 63);
        summary_[id >> 12] |= std::uint64_t{1} << (id >> 6 & 63);
    }

    // Appends the members to `out`, ascending, and removes them.
    void drain(std::vector<std::uint32_t>& out) {
        for (std::size_t s = 0; s < summary_words_; ++s) {
            for (std::uint64_t words = summary_[s]; words != 0; words &= words - 1) {
                const std::size_t word = s * 64 + static_cast<std::size_t>(std::countr_zero(words));
                for (std::uint64_t bits = bits_[word]; bits != 0; bits &= bits - 1) {
                    out.push_back(static_cast<std::uint32_t>(word * 64) +
                                  static_cast<std::uint32_t>(std::countr_zero(bits)));
                }
                bits_[word] = 0;
            }
            summary_[s] = 0;
        }
    }

private:
    std::vector<std::uint64_t> bits_;
    std::vector<std::uint64_t> summary_;
    std::size_t summary_words_ = 0;
};

}  // namespace kith::index
