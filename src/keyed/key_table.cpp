#include "keyed/key_table.hpp"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <memory>

#include <kith/error.hpp>

#include "base/parallel.hpp"

namespace kith::keyed {
namespace {

constexpr unsigned kRowBits = 40;
constexpr std::uint64_t kRowMask = (std::uint64_t{1} << kRowBits) - 1;
constexpr std::size_t kMinSlots = 8;

// Slots that add_all asks for before it needs them: enough to hide a miss of every cache.
constexpr std::size_t kAhead = 16;

// Keys that a thread hashes at a time.
constexpr std::size_t kGrain = 16384;

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

KeyTableBuilder::KeyTableBuilder()
    : offsets_{0}, memory_(kMinSlots * sizeof(std::uint64_t)), slots_(memory_.as<std::uint64_t>()) {}

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

std::vector<std::size_t> KeyTableBuilder::add_all(std::span<const std::string_view> keys, std::size_t threads) {
    const std::size_t before = size();
    std::uint64_t bytes = bytes_.size();
    for (const std::string_view key : keys) bytes += key.size();
    reserve(before + keys.size(), bytes);
    // As if all were new: their bytes go where they belong, by all threads.
    for (const std::string_view key : keys) offsets_.push_back(offsets_.back() + key.size());
    bytes_.resize(bytes);
    std::vector<std::uint64_t> hashes(keys.size());
    parallel_ranges(keys.size(), kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        for (std::size_t i = first; i < last; ++i) {
            hashes[i] = hash_of(keys[i]);
            std::ranges::copy(keys[i], bytes_.begin() + static_cast<std::ptrdiff_t>(offsets_[before + i]));
        }
    });
    const auto prefetch = [&](std::size_t i) {
        if (i < keys.size()) __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)], 1);
    };
    std::size_t i = 0;
    for (; i < std::min(keys.size(), kAhead); ++i) prefetch(i);
    for (i = 0; i < keys.size() && take_slot(keys[i], hashes[i], before + i); ++i) prefetch(i + kAhead);
    // From the first key that was there already, one by one.
    std::vector<std::size_t> repeated;
    offsets_.resize(before + i + 1);
    bytes_.resize(offsets_.back());
    for (; i < keys.size(); ++i) {
        prefetch(i + kAhead);
        if (!insert(keys[i], hashes[i]).second) repeated.push_back(i);
    }
    return repeated;
}

KeyTable KeyTableBuilder::finish() {
    KeyTable table(region_of(std::move(bytes_)), region_of(std::move(offsets_)), std::move(memory_).freeze());
    *this = KeyTableBuilder();
    return table;
}

// The slot that holds the key, or the empty one that it belongs into.
std::uint64_t& KeyTableBuilder::slot_of(std::string_view key, std::uint64_t hash) noexcept {
    const auto key_of = [this](std::uint64_t row) { return std::optional(this->key(row)); };
    return slots_[probe(slots_, key, hash, key_of)];
}

// False when the key is there already.
bool KeyTableBuilder::take_slot(std::string_view key, std::uint64_t hash, std::size_t row) {
    std::uint64_t& slot = slot_of(key, hash);
    if (slot != 0) return false;
    if (row >= kRowMask) throw InvalidArgument("more than 2^40 - 1 keys");
    slot = tag_of(hash) | (row + 1);
    return true;
}

std::pair<std::size_t, bool> KeyTableBuilder::insert(std::string_view key, std::uint64_t hash) {
    const std::size_t row = size();
    if (!take_slot(key, hash, row)) return {(slot_of(key, hash) & kRowMask) - 1, false};
    bytes_.insert(bytes_.end(), key.begin(), key.end());
    offsets_.push_back(bytes_.size());
    return {row, true};
}

// Makes room for so many keys at three quarters of the slots.
void KeyTableBuilder::grow(std::size_t keys) {
    const std::size_t wanted = std::bit_ceil(std::max(kMinSlots, keys + keys / 3 + 1));
    if (wanted <= slots_.size()) return;
    storage::Buffer memory(wanted * sizeof(std::uint64_t));
    const std::span<std::uint64_t> slots = memory.as<std::uint64_t>();
    for (std::size_t row = 0; row < size(); ++row) {
        const std::uint64_t hash = hash_of(key(row));
        std::size_t at = hash & (wanted - 1);
        while (slots[at] != 0) at = (at + 1) & (wanted - 1);
        slots[at] = tag_of(hash) | (row + 1);
    }
    memory_ = std::move(memory);
    slots_ = slots;
}

}  // namespace kith::keyed
