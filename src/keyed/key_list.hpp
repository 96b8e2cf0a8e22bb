// Keys on their way into a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kith::keyed {

// What a KeyTable finds a key by: its XXH3-64.
[[nodiscard]] std::uint64_t hash_of(std::string_view key) noexcept;

// Keys one after the other with their hashes, cheap to append to from one thread. Keys may repeat.
class KeyList {
public:
    KeyList() = default;
    explicit KeyList(std::span<const std::string_view> keys);

    void push_back(std::string_view key);

    [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
    // REQUIRES: i < size(). Valid until the next push_back.
    [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
        const std::size_t first = i == 0 ? 0 : ends_[i - 1];
        return {bytes_.data() + first, ends_[i] - first};
    }

    [[nodiscard]] std::span<const char> bytes() const noexcept { return bytes_; }
    // Where each key ends in bytes().
    [[nodiscard]] std::span<const std::size_t> ends() const noexcept { return ends_; }
    [[nodiscard]] std::span<const std::uint64_t> hashes() const noexcept { return hashes_; }

private:
    std::vector<char> bytes_;
    std::vector<std::size_t> ends_;
    std::vector<std::uint64_t> hashes_;
};

}  // namespace kith::keyed
