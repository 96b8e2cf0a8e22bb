#include "keyed/key_table.hpp"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <memory>

#include <kith/error.hpp>

namespace kith::keyed {
namespace {

constexpr unsigned kRowBits = 40;
constexpr std::uint64_t kRowMask = (std::uint64_t{1} << kRowBits) - 1;
constexpr std::size_t kMinSlots = 8;

// Slots that add_all asks for before it needs them: enough to hide a miss of every cache.
constexpr std::size_t kAhead = 16;

std::uint64_t hash_of(std::string_view key) noexcept {
    return XXH3_64bits(key.data(), key.size());
}

constexpr std::uint64_t tag_of(std::uint64_t hash) noexcept {
    return hash & ~kRowMask;
}

// Walks from the hash's slot to the one that holds the key or to the first empty one, at most once around.
// `key_of` gives the key of a row, or nothing for a row that does not exist.
template <class KeyOf>
std::size_t probe(std::span<const std::uint64_t> slots, std::string_view key, std::uint64_t hash, KeyOf key_of) {
    const std::size_t mask = slots.size() - 1;
    std::size_t at = hash & mask;
    for (std::size_t steps = 0; steps < slots.size(); ++steps, at = (at + 1) & mask) {
        const std::uint64_t slot = slots[at];
        if (slot == 0) return at;
        if (tag_of(slot) == tag_of(hash) && (slot & kRowMask) != 0) {
            const std::optional<std::string_view> there = key_of((slot & kRowMask) - 1);
            if (there && *there == key) return at;
        }
    }
    return slots.size();
}

template <class T>
storage::Region region_of(std::vector<T>&& values) {
    const auto owner = std::make_shared<const std::vector<T>>(std::move(values));
    return {std::as_bytes(std::span(*owner)), owner};
}

}  // namespace

KeyTable::KeyTable(storage::Region bytes, storage::Region offsets, storage::Region slots) noexcept
    : bytes_(std::move(bytes)), offsets_(std::move(offsets)), slots_(std::move(slots)) {
    const std::size_t numbers = offsets_.as<std::uint64_t>().size();
    size_ = numbers == 0 ? 0 : numbers - 1;
}

std::optional<std::size_t> KeyTable::find(std::string_view key) const noexcept {
    const std::span<const std::uint64_t> slots = slots_.as<std::uint64_t>();
    if (!is_slot_count(slots.size())) return std::nullopt;
    const auto key_of = [this](std::uint64_t row) {
        return row < size_ ? std::optional(this->key(row)) : std::nullopt;
    };
    const std::size_t at = probe(slots, key, hash_of(key), key_of);
    if (at == slots.size() || slots[at] == 0) return std::nullopt;
    return (slots[at] & kRowMask) - 1;
}

bool KeyTable::is_slot_count(std::size_t slots) noexcept {
    return std::has_single_bit(slots);
}

KeyTableBuilder::KeyTableBuilder() : offsets_{0}, slots_(kMinSlots) {}

void KeyTableBuilder::reserve(std::size_t keys, std::size_t bytes) {
    offsets_.reserve(keys + 1);
    bytes_.reserve(bytes);
    grow(keys);
}

std::string_view KeyTableBuilder::key(std::size_t row) const noexcept {
    return {bytes_.data() + offsets_[row], static_cast<std::size_t>(offsets_[row + 1] - offsets_[row])};
}

std::optional<std::size_t> KeyTableBuilder::find(std::string_view key) const noexcept {
    const auto key_of = [this](std::uint64_t row) { return std::optional(this->key(row)); };
    const std::uint64_t slot = slots_[probe(slots_, key, hash_of(key), key_of)];
    return slot == 0 ? std::nullopt : std::optional<std::size_t>((slot & kRowMask) - 1);
}

std::pair<std::size_t, bool> KeyTableBuilder::add(std::string_view key) {
    grow(size() + 1);
    return insert(key, hash_of(key));
}

std::vector<std::size_t> KeyTableBuilder::add_all(std::span<const std::string_view> keys) {
    std::size_t bytes = bytes_.size();
    for (const std::string_view key : keys) bytes += key.size();
    reserve(size() + keys.size(), bytes);
    std::vector<std::size_t> repeated;
    std::uint64_t hashes[kAhead];
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t first = 0; first < keys.size(); first += kAhead) {
        const std::size_t count = std::min(kAhead, keys.size() - first);
        for (std::size_t i = 0; i < count; ++i) {
            hashes[i] = hash_of(keys[first + i]);
            __builtin_prefetch(&slots_[hashes[i] & mask], 1);
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (!insert(keys[first + i], hashes[i]).second) repeated.push_back(first + i);
        }
    }
    return repeated;
}

KeyTable KeyTableBuilder::finish() {
    KeyTable table(region_of(std::move(bytes_)), region_of(std::move(offsets_)), region_of(std::move(slots_)));
    *this = KeyTableBuilder();
    return table;
}

std::pair<std::size_t, bool> KeyTableBuilder::insert(std::string_view key, std::uint64_t hash) {
    const auto key_of = [this](std::uint64_t row) { return std::optional(this->key(row)); };
    const std::size_t at = probe(slots_, key, hash, key_of);
    if (slots_[at] != 0) return {(slots_[at] & kRowMask) - 1, false};
    const std::size_t row = size();
    if (row >= kRowMask) throw InvalidArgument("more than 2^40 - 1 keys");
    bytes_.insert(bytes_.end(), key.begin(), key.end());
    offsets_.push_back(bytes_.size());
    slots_[at] = tag_of(hash) | (row + 1);
    return {row, true};
}

// Makes room for so many keys at three quarters of the slots.
void KeyTableBuilder::grow(std::size_t keys) {
    const std::size_t wanted = std::bit_ceil(std::max(kMinSlots, keys + keys / 3 + 1));
    if (wanted <= slots_.size()) return;
    std::vector<std::uint64_t> slots(wanted);
    for (std::size_t row = 0; row < size(); ++row) {
        const std::uint64_t hash = hash_of(key(row));
        std::size_t at = hash & (wanted - 1);
        while (slots[at] != 0) at = (at + 1) & (wanted - 1);
        slots[at] = tag_of(hash) | (row + 1);
    }
    slots_ = std::move(slots);
}

}  // namespace kith::keyed
