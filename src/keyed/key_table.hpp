// Keys and their rows: the keys' bytes one after the other, and a hash table from key to row. All three arrays are
// laid out as in a .kith file, so that a mapped file is searched where it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "keyed/key_list.hpp"
#include "storage/region.hpp"

namespace kith::keyed {

// Immutable; safe to use from any number of threads. The arrays may hold anything: no call reads outside them,
// whatever they say.
class KeyTable {
public:
    KeyTable() = default;

    // `offsets`: u64, one more than there are keys. `slots`: u64, a power of two of them; see KeyTableBuilder.
    // REQUIRES: both aligned for u64.
    KeyTable(storage::Region bytes, storage::Region offsets, storage::Region slots) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // REQUIRES: row < size(). Empty when the offsets make no sense.
    [[nodiscard]] std::string_view key(std::size_t row) const noexcept {
        const std::span<const std::uint64_t> offsets = offsets_.as<std::uint64_t>();
        const std::uint64_t first = offsets[row];
        const std::uint64_t last = offsets[row + 1];
        if (first > last || last > bytes_.size()) return {};
        return {reinterpret_cast<const char*>(bytes_.data()) + first, static_cast<std::size_t>(last - first)};
    }

    // Expected O(1); at most one pass over the slots.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view key) const noexcept;

    [[nodiscard]] const storage::Region& bytes() const noexcept { return bytes_; }
    [[nodiscard]] const storage::Region& offsets() const noexcept { return offsets_; }
    [[nodiscard]] const storage::Region& slots() const noexcept { return slots_; }

    // Whether so many slots can be a table.
    [[nodiscard]] static bool is_slot_count(std::size_t slots) noexcept;

private:
    storage::Region bytes_;
    storage::Region offsets_;
    storage::Region slots_;
    std::size_t size_ = 0;
};

// Collects keys. Linear probing over a power of two of slots, at most three quarters full. A slot is 0 when empty,
// else row + 1 in its low 40 bits and the high 24 bits of the key's XXH3-64 above them; probing starts at the
// hash's low bits.
class KeyTableBuilder {
public:
    KeyTableBuilder();

    void reserve(std::size_t keys, std::size_t bytes);

    // The key's row, and whether it is new. Throws InvalidArgument beyond 2^40 - 1 keys.
    std::pair<std::size_t, bool> add(std::string_view key);

    // Adds the keys of all lists in order, much faster than one by one for a large table, and gives the positions
    // among them of those that were there already, ascending. The table does not depend on `threads`, nor on how the
    // keys are shared out over lists.
    std::vector<std::size_t> add_all(std::span<const KeyList> lists, std::size_t threads = 1);

    [[nodiscard]] std::size_t size() const noexcept { return offsets_.size() - 1; }
    // REQUIRES: row < size(). Valid until the next add.
    [[nodiscard]] std::string_view key(std::size_t row) const noexcept;
    [[nodiscard]] std::optional<std::size_t> find(std::string_view key) const noexcept;

    // The builder is empty afterwards.
    [[nodiscard]] KeyTable finish();

private:
    [[nodiscard]] std::size_t slot_of(std::string_view key, std::uint64_t hash) const noexcept;
    [[nodiscard]] bool take_slots(std::span<const KeyList> lists, std::size_t first_row, std::size_t threads);
    std::pair<std::size_t, bool> insert(std::string_view key, std::uint64_t hash);
    void grow(std::size_t keys);
    void make_slots(std::size_t slots);

    std::vector<char> bytes_;
    std::vector<std::uint64_t> offsets_;
    storage::Buffer memory_;  // of slots_
    std::span<std::uint64_t> slots_;
};

}  // namespace kith::keyed
