#include "keyed/key_list.hpp"

#include <xxhash.h>

namespace kith::keyed {

std::uint64_t hash_of(std::string_view key) noexcept {
    return XXH3_64bits(key.data(), key.size());
}

KeyList::KeyList(std::span<const std::string_view> keys) {
    ends_.reserve(keys.size());
    hashes_.reserve(keys.size());
    for (const std::string_view key : keys) push_back(key);
}

void KeyList::push_back(std::string_view key) {
    bytes_.insert(bytes_.end(), key.begin(), key.end());
    ends_.push_back(bytes_.size());
    hashes_.push_back(hash_of(key));
}

}  // namespace kith::keyed
