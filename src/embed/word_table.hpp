// Words and how often each was seen: a hash table from a word's bytes to a dense id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace kith::embed {

__extension__ using Wide = unsigned __int128;

// 32 well-mixed bits of a short string: two words at a time through a 64 x 64 -> 128 bit product, folded.
[[nodiscard]] inline std::uint32_t hash_word(const char* data, std::size_t size) noexcept {
    const auto read = [](const char* p, std::size_t n) {
        std::uint64_t value = 0;
        std::memcpy(&value, p, n);
        return value;
    };
    const auto fold = [](std::uint64_t a, std::uint64_t b) {
        const auto product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    constexpr std::uint64_t kA = 0x9E3779B97F4A7C15U;
    constexpr std::uint64_t kB = 0xD1B54A32D192ED03U;
    std::uint64_t state = kA ^ size;
    for (; size > 16; data += 16, size -= 16) state = fold(read(data, 8) ^ state, read(data + 8, 8) ^ kB);
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    if (size >= 8) {
        low = read(data, 8);
        high = read(data + size - 8, 8);
    } else if (size >= 4) {
        low = read(data, 4);
        high = read(data + size - 4, 4);
    } else if (size > 0) {
        low = static_cast<unsigned char>(data[0]) |
              static_cast<std::uint64_t>(static_cast<unsigned char>(data[size / 2])) << 8 |
              static_cast<std::uint64_t>(static_cast<unsigned char>(data[size - 1])) << 16;
    }
    const std::uint64_t mixed = fold(fold(low ^ state, high ^ kB), kA);
    return static_cast<std::uint32_t>(mixed ^ (mixed >> 32));
}

class WordTable {
public:
    WordTable();

    // Counts one more occurrence and gives the word's id; a new word takes the smallest id never used, or one that
    // prune() freed. Throws Unsupported beyond 2^32 - 2 words or for a word of 4 GiB.
    std::uint32_t add(std::string_view word, std::uint64_t occurrences = 1) {
        const std::uint32_t hash = hash_word(word.data(), word.size());
        for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
            const Slot slot = slots_[at];
            if (slot.id_plus_1 == 0) return insert(word, hash, at, occurrences);
            if (slot.hash == hash) {
                Entry& entry = entries_[slot.id_plus_1 - 1];
                if (same(entry, word)) {
                    entry.count += occurrences;
                    return slot.id_plus_1 - 1;
                }
            }
        }
    }

    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view word) const noexcept;

    // Ids run from 0 to size() - 1; after prune() some of them stand for no word and have count 0.
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t live() const noexcept { return entries_.size() - free_.size(); }

    [[nodiscard]] std::string_view word(std::size_t id) const noexcept {
        return {arena_.data() + entries_[id].offset, entries_[id].length};
    }
    [[nodiscard]] std::uint64_t count(std::size_t id) const noexcept { return entries_[id].count; }

    // Forgets the words seen at most `count` times.
    void prune(std::uint64_t count);

    // Renumbers: word order[i] gets id i; words not in `order` are forgotten.
    void reorder(const std::vector<std::uint32_t>& order);

    void shrink_to_fit();

private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t id_plus_1 = 0;  // 0: empty
    };
    struct Entry {
        std::uint64_t offset = 0;  // in arena_
        std::uint64_t count = 0;
        std::uint32_t length = 0;
        std::uint32_t hash = 0;
    };

    [[nodiscard]] bool same(const Entry& entry, std::string_view word) const noexcept {
        return entry.length == word.size() &&
               (word.empty() || std::memcmp(arena_.data() + entry.offset, word.data(), word.size()) == 0);
    }
    std::uint32_t insert(std::string_view word, std::uint32_t hash, std::size_t at, std::uint64_t occurrences);
    void rebuild_slots(std::size_t slots);
    void rebuild_arena();

    std::vector<Slot> slots_;
    std::size_t mask_ = 0;
    std::vector<Entry> entries_;
    std::vector<char> arena_;
    std::vector<std::uint32_t> free_;
};

}  // namespace kith::embed
