#include "keyed/key_table.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>

#include <kith/error.hpp>

#include "base/parallel.hpp"

namespace kith::keyed {
namespace {

constexpr unsigned kRowBits = 40;
constexpr std::uint64_t kRowMask = (std::uint64_t{1} << kRowBits) - 1;
constexpr std::size_t kMinSlots = 8;

// Slots that one thread fills at a time: few enough to stay in its cache.
constexpr std::size_t kStretch = std::size_t{1} << 14;

constexpr std::uint64_t tag_of(std::uint64_t hash) noexcept {
    return hash & ~kRowMask;
}

// Walks at most `steps` slots from `at` on, around the end, to the first that is empty or holds a row that has the
// hash and of which `same` is true; gives slots.size() when there is none.
template <class Same>
std::size_t probe(std::span<const std::uint64_t> slots, std::size_t at, std::size_t steps, std::uint64_t hash,
                  Same same) {
    const std::size_t mask = slots.size() - 1;
    for (; steps != 0; --steps, at = (at + 1) & mask) {
        const std::uint64_t slot = slots[at];
        if (slot == 0) return at;
        if (tag_of(slot) == tag_of(hash) && (slot & kRowMask) != 0 && same((slot & kRowMask) - 1)) return at;
    }
    return slots.size();
}

template <class Same>
std::size_t probe(std::span<const std::uint64_t> slots, std::uint64_t hash, Same same) {
    return probe(slots, hash & (slots.size() - 1), slots.size(), hash, same);
}

// A row that has yet to get its slot.
struct Waiting {
    std::uint64_t hash;
    std::uint64_t row;
};

// The keys of many lists sorted by the stretch of slots that they belong into, in order within each.
class Sorted {
public:
    Sorted(std::span<const KeyList> lists, std::size_t first_row, std::size_t slots, std::size_t threads);

    [[nodiscard]] std::size_t stretches() const noexcept { return begins_.size() - 1; }
    [[nodiscard]] std::span<const Waiting> of(std::size_t stretch) noexcept {
        return rows_.as<Waiting>().subspan(begins_[stretch], begins_[stretch + 1] - begins_[stretch]);
    }

private:
    std::vector<std::size_t> begins_;
    storage::Buffer rows_;
};

Sorted::Sorted(std::span<const KeyList> lists, std::size_t first_row, std::size_t slots, std::size_t threads)
    : begins_(std::max<std::size_t>(1, slots / kStretch) + 1) {
    const std::size_t parts = stretches();
    const auto stretch_of = [&](std::uint64_t hash) { return (hash & (slots - 1)) / kStretch; };
    std::vector<std::vector<std::size_t>> places(lists.size(), std::vector<std::size_t>(parts));
    parallel_for(lists.size(), threads, [&](std::size_t i, std::size_t) {
        for (const std::uint64_t hash : lists[i].hashes()) ++places[i][stretch_of(hash)];
    });
    std::size_t at = 0;
    for (std::size_t part = 0; part < parts; ++part) {
        begins_[part] = at;
        for (std::vector<std::size_t>& place : places) at += std::exchange(place[part], at);
    }
    begins_.back() = at;
    std::vector<std::size_t> first_rows;
    for (const KeyList& list : lists) {
        first_rows.push_back(first_row);
        first_row += list.size();
    }
    rows_ = storage::Buffer(at * sizeof(Waiting));
    const std::span<Waiting> rows = rows_.as<Waiting>();
    parallel_for(lists.size(), threads, [&](std::size_t i, std::size_t) {
        std::uint64_t row = first_rows[i];
        for (const std::uint64_t hash : lists[i].hashes()) rows[places[i][stretch_of(hash)]++] = {hash, row++};
    });
}

void check_rows(std::size_t rows) {
    if (rows > kRowMask) throw InvalidArgument("more than 2^40 - 1 keys");
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
    const auto same = [&](std::uint64_t row) { return row < size_ && this->key(row) == key; };
    const std::size_t at = probe(slots, hash_of(key), same);
    if (at == slots.size() || slots[at] == 0) return std::nullopt;
    return (slots[at] & kRowMask) - 1;
}

bool KeyTable::is_slot_count(std::size_t slots) noexcept {
    return std::has_single_bit(slots);
}

KeyTableBuilder::KeyTableBuilder() : offsets_{0} {
    make_slots(kMinSlots);
}

void KeyTableBuilder::reserve(std::size_t keys, std::size_t bytes) {
    offsets_.reserve(keys + 1);
    bytes_.reserve(bytes);
    grow(keys);
}

std::string_view KeyTableBuilder::key(std::size_t row) const noexcept {
    return {bytes_.data() + offsets_[row], static_cast<std::size_t>(offsets_[row + 1] - offsets_[row])};
}

std::optional<std::size_t> KeyTableBuilder::find(std::string_view key) const noexcept {
    const std::uint64_t slot = slots_[slot_of(key, hash_of(key))];
    return slot == 0 ? std::nullopt : std::optional<std::size_t>((slot & kRowMask) - 1);
}

std::pair<std::size_t, bool> KeyTableBuilder::add(std::string_view key) {
    grow(size() + 1);
    return insert(key, hash_of(key));
}

std::vector<std::size_t> KeyTableBuilder::add_all(std::span<const KeyList> lists, std::size_t threads) {
    const std::size_t before = size();
    const std::uint64_t bytes = bytes_.size();
    std::size_t keys = 0;
    std::size_t more_bytes = 0;
    for (const KeyList& list : lists) {
        keys += list.size();
        more_bytes += list.bytes().size();
    }
    check_rows(before + keys);
    reserve(before + keys, bytes + more_bytes);
    for (const KeyList& list : lists) {
        const std::uint64_t first = bytes_.size();
        bytes_.insert(bytes_.end(), list.bytes().begin(), list.bytes().end());
        for (const std::size_t end : list.ends()) offsets_.push_back(first + end);
    }
    if (take_slots(lists, before, threads)) return {};

    // Some key repeats: one by one.
    offsets_.resize(before + 1);
    bytes_.resize(bytes);
    make_slots(slots_.size());
    std::vector<std::size_t> repeated;
    std::size_t position = 0;
    for (const KeyList& list : lists) {
        for (std::size_t i = 0; i < list.size(); ++i, ++position) {
            if (!insert(list[i], list.hashes()[i]).second) repeated.push_back(position);
        }
    }
    return repeated;
}

KeyTable KeyTableBuilder::finish() {
    KeyTable table(region_of(std::move(bytes_)), region_of(std::move(offsets_)), std::move(memory_).freeze());
    *this = KeyTableBuilder();
    return table;
}

// The slot that holds the key, or the empty one that it belongs into.
std::size_t KeyTableBuilder::slot_of(std::string_view key, std::uint64_t hash) const noexcept {
    return probe(slots_, hash, [&](std::uint64_t row) { return this->key(row) == key; });
}

// Gives the rows from `first_row` on, which are those of `lists`, their slots; false when a key was there already,
// which leaves the slots half filled. Threads fill stretches of slots; who finds his full up to its end waits for
// all others, so that the result is a function of the keys.
bool KeyTableBuilder::take_slots(std::span<const KeyList> lists, std::size_t first_row, std::size_t threads) {
    Sorted sorted(lists, first_row, slots_.size(), threads);
    const auto take = [this](const Waiting& one, std::size_t at) {
        if (slots_[at] != 0) return false;
        slots_[at] = tag_of(one.hash) | (one.row + 1);
        return true;
    };
    const auto same_as = [this](const Waiting& one) {
        return [this, row = one.row](std::uint64_t other) { return key(other) == key(row); };
    };
    std::atomic<bool> all_new = true;
    std::vector<std::vector<Waiting>> late(sorted.stretches());
    parallel_for(sorted.stretches(), threads, [&](std::size_t stretch, std::size_t) {
        const std::size_t end = std::min(slots_.size(), (stretch + 1) * kStretch);
        for (const Waiting& one : sorted.of(stretch)) {
            const std::size_t home = one.hash & (slots_.size() - 1);
            const std::size_t at = probe(slots_, home, end - home, one.hash, same_as(one));
            if (at == slots_.size()) {
                late[stretch].push_back(one);
            } else if (!take(one, at)) {
                all_new = false;
            }
        }
    });
    for (const std::vector<Waiting>& rows : late) {
        for (const Waiting& one : rows) {
            if (!take(one, probe(slots_, one.hash, same_as(one)))) all_new = false;
        }
    }
    return all_new;
}

std::pair<std::size_t, bool> KeyTableBuilder::insert(std::string_view key, std::uint64_t hash) {
    const std::size_t row = size();
    std::uint64_t& slot = slots_[slot_of(key, hash)];
    if (slot != 0) return {(slot & kRowMask) - 1, false};
    check_rows(row + 1);
    slot = tag_of(hash) | (row + 1);
    bytes_.insert(bytes_.end(), key.begin(), key.end());
    offsets_.push_back(bytes_.size());
    return {row, true};
}

// Makes room for so many keys at three quarters of the slots.
void KeyTableBuilder::grow(std::size_t keys) {
    const std::size_t wanted = std::bit_ceil(std::max(kMinSlots, keys + keys / 3 + 1));
    if (wanted > slots_.size()) make_slots(wanted);
}

// So many slots, taken by the keys that are there.
void KeyTableBuilder::make_slots(std::size_t slots) {
    memory_ = storage::Buffer(slots * sizeof(std::uint64_t));
    slots_ = memory_.as<std::uint64_t>();
    for (std::size_t row = 0; row < size(); ++row) {
        const std::uint64_t hash = hash_of(key(row));
        slots_[probe(slots_, hash, [](std::uint64_t) { return false; })] = tag_of(hash) | (row + 1);
    }
}

}  // namespace kith::keyed
