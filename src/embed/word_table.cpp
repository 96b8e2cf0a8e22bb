#include "embed/word_table.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <kith/error.hpp>

namespace kith::embed {
namespace {

constexpr std::size_t kFirstSlots = 1024;

// Puts bytes before the padding at the end, and says where.
std::size_t append(std::vector<char>& arena, std::string_view word) {
    const std::size_t offset = arena.size() - ShortWord::kMost;
    arena.resize(arena.size() + word.size());
    std::ranges::copy(word, arena.data() + offset);
    return offset;
}

}  // namespace

WordTable::WordTable() : slots_(kFirstSlots), mask_(kFirstSlots - 1), arena_(ShortWord::kMost) {}

std::optional<std::uint32_t> WordTable::find(std::string_view word) const noexcept {
    const std::uint32_t id = id_of(WordKey(word));
    return id == kNone ? std::nullopt : std::optional(id);
}

std::uint32_t WordTable::insert(const WordKey& key, std::size_t at, std::uint64_t occurrences) {
    if (key.word.size() > std::numeric_limits<std::uint32_t>::max()) {
        throw Unsupported("a word of " + std::to_string(key.word.size()) + " bytes; the longest possible is 4 GiB");
    }
    std::uint32_t id = 0;
    if (!free_.empty()) {
        id = free_.back();
        free_.pop_back();
    } else {
        if (entries_.size() >= kNone - 1)
            throw Unsupported("more than 2^32 - 2 different words; set max_vocab_size");
        id = static_cast<std::uint32_t>(entries_.size());
        entries_.emplace_back();
    }
    entries_[id] = {append(arena_, key.word), occurrences, static_cast<std::uint32_t>(key.word.size()), key.hash};
    slots_[at] = {key.hash, id + 1};
    if (live() * 2 > slots_.size()) rebuild_slots(slots_.size() * 2);
    return id;
}

void WordTable::rebuild_slots(std::size_t slots) {
    slots_.assign(slots, Slot{});
    mask_ = slots - 1;
    for (std::size_t id = 0; id < entries_.size(); ++id) {
        if (entries_[id].count == 0) continue;
        std::size_t at = entries_[id].hash & mask_;
        while (slots_[at].id_plus_1 != 0) at = (at + 1) & mask_;
        slots_[at] = {entries_[id].hash, static_cast<std::uint32_t>(id + 1)};
    }
}

void WordTable::rebuild_arena() {
    std::vector<char> kept(ShortWord::kMost);
    for (Entry& entry : entries_) entry.offset = append(kept, {arena_.data() + entry.offset, entry.length});
    arena_ = std::move(kept);
}

void WordTable::prune(std::uint64_t count) {
    for (std::size_t id = 0; id < entries_.size(); ++id) {
        Entry& entry = entries_[id];
        if (entry.count == 0 || entry.count > count) continue;
        entry = Entry{};
        free_.push_back(static_cast<std::uint32_t>(id));
    }
    rebuild_arena();
    rebuild_slots(slots_.size());
}

void WordTable::reorder(const std::vector<std::uint32_t>& order) {
    std::vector<Entry> entries(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) entries[i] = entries_[order[i]];
    entries_ = std::move(entries);
    free_.clear();
    rebuild_arena();
    rebuild_slots(slots_.size());
}

void WordTable::keep_words_only() {
    slots_ = std::vector<Slot>(1);
    mask_ = 0;
    free_ = {};
    shrink_to_fit();
}

void WordTable::shrink_to_fit() {
    entries_.shrink_to_fit();
    arena_.shrink_to_fit();
}

}  // namespace kith::embed
