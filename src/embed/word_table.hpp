// Words and how often each was seen: a hash table from a word's bytes to a dense id.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace kith::embed {

__extension__ using Wide = unsigned __int128;

// A word of up to 16 bytes, as nearly all are, in two numbers.
struct ShortWord {
    static constexpr std::size_t kMost = 16;

    ShortWord() = default;

    // REQUIRES: word.size() <= kMost, and kMost bytes can be read.
    explicit ShortWord(std::string_view word) noexcept : size(static_cast<std::uint32_t>(word.size())) {
        static_assert(std::endian::native == std::endian::little);
        std::memcpy(&low, word.data(), sizeof low);
        std::memcpy(&high, word.data() + sizeof low, sizeof high);
        low &= kMasks[size][0];
        high &= kMasks[size][1];
    }

    bool operator==(const ShortWord&) const = default;

    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint32_t size = 0;

private:
    // The bits that so many bytes have.
    static constexpr auto kMasks = [] {
        std::array<std::array<std::uint64_t, 2>, kMost + 1> masks{};
        for (std::size_t length = 1; length < masks.size(); ++length) {
            masks[length] = masks[length - 1];
            std::uint64_t& half = masks[length][length > 8 ? 1 : 0];
            half = half << 8 | 0xFF;
        }
        return masks;
    }();
};

// A word, and what finding it takes.
struct WordKey {
    WordKey() = default;
    explicit WordKey(std::string_view text) noexcept : WordKey(text, text.size()) {}

    // `readable`: how many bytes from the word's first on can be read, its own and others.
    WordKey(std::string_view text, std::size_t readable) noexcept;

    std::string_view word;
    ShortWord last;          // all of a short word, the end of a longer one
    std::uint32_t hash = 0;  // well mixed
};

// Two numbers at a time go through a 64 x 64 -> 128 bit product, folded.
inline WordKey::WordKey(std::string_view text, std::size_t readable) noexcept : word(text) {
    const auto fold = [](std::uint64_t a, std::uint64_t b) {
        const auto product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    constexpr std::uint64_t kA = 0x9E3779B97F4A7C15U;
    constexpr std::uint64_t kB = 0xD1B54A32D192ED03U;
    std::uint64_t state = kA ^ text.size();
    for (; text.size() > ShortWord::kMost; text.remove_prefix(ShortWord::kMost), readable -= ShortWord::kMost) {
        const ShortWord part(text.substr(0, ShortWord::kMost));
        state = fold(part.low ^ state, part.high ^ kB);
    }
    if (readable >= ShortWord::kMost) {
        last = ShortWord(text);
    } else {
        std::array<char, ShortWord::kMost> bytes{};
        std::copy(text.begin(), text.end(), bytes.begin());
        last = ShortWord(std::string_view(bytes.data(), text.size()));
    }
    const std::uint64_t mixed = fold(fold(last.low ^ state, last.high ^ kB), kA);
    hash = static_cast<std::uint32_t>(mixed ^ (mixed >> 32));
}

class WordTable {
public:
    WordTable();

    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    // Counts one more occurrence and gives the word's id; a new word takes the smallest id never used, or one that
    // prune() freed. Throws Unsupported beyond 2^32 - 2 words or for a word of 4 GiB.
    std::uint32_t add(const WordKey& key, std::uint64_t occurrences = 1) {
        const std::size_t at = slot_of(key);
        const std::uint32_t id = slots_[at].id_plus_1 - 1;
        if (id == kNone) return insert(key, at, occurrences);
        entries_[id].count += occurrences;
        return id;
    }
    std::uint32_t add(std::string_view word, std::uint64_t occurrences = 1) {
        return add(WordKey(word), occurrences);
    }

    // A word's id, or kNone.
    [[nodiscard]] std::uint32_t id_of(const WordKey& key) const noexcept {
        return slots_[slot_of(key)].id_plus_1 - 1;
    }
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view word) const noexcept;

    // For whoever looks up many words at a time: each calls for what the next one reads, so that words wait for memory
    // together and not in turn.
    void fetch_slot(const WordKey& key) const noexcept { __builtin_prefetch(&slots_[key.hash & mask_]); }
    void fetch_entry(const WordKey& key) const noexcept {
        const Slot slot = slots_[key.hash & mask_];
        if (slot.id_plus_1 != 0) __builtin_prefetch(&entries_[slot.id_plus_1 - 1]);
    }
    void fetch_bytes(const WordKey& key) const noexcept {
        const Slot slot = slots_[key.hash & mask_];
        if (slot.id_plus_1 != 0) __builtin_prefetch(arena_.data() + entries_[slot.id_plus_1 - 1].offset);
    }

    // Counts so many more of a word that is known.
    void count_more(std::size_t id, std::uint64_t occurrences) noexcept { entries_[id].count += occurrences; }

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

    // Gives back spare memory.
    void shrink_to_fit();

    // The same, and what finds words: from now on there are numbers, words and counts. REQUIRES: no add(), find(), prune() or
    // reorder() after it.
    void keep_words_only();

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

    // Where the word is, or the empty slot where it would be.
    [[nodiscard]] std::size_t slot_of(const WordKey& key) const noexcept {
        std::size_t at = key.hash & mask_;
        while (slots_[at].id_plus_1 != 0 &&
               (slots_[at].hash != key.hash || !same(entries_[slots_[at].id_plus_1 - 1], key))) {
            at = (at + 1) & mask_;
        }
        return at;
    }
    [[nodiscard]] bool same(const Entry& entry, const WordKey& key) const noexcept {
        if (entry.length != key.word.size()) return false;
        const std::string_view mine(arena_.data() + entry.offset, entry.length);
        return mine.size() <= ShortWord::kMost ? ShortWord(mine) == key.last : mine == key.word;
    }
    std::uint32_t insert(const WordKey& key, std::size_t at, std::uint64_t occurrences);
    void rebuild_slots(std::size_t slots);
    void rebuild_arena();

    std::vector<Slot> slots_;
    std::size_t mask_ = 0;
    std::vector<Entry> entries_;
    std::vector<char> arena_;  // all words' bytes, and as many behind them as a ShortWord reads
    std::vector<std::uint32_t> free_;
};

}  // namespace kith::embed
