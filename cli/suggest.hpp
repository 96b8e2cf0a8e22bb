// "Did you mean …": the keys nearest to a word that is not there.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::cli {

// Insertions, deletions, substitutions and swaps of neighbouring bytes that turn `a` into `b` (Damerau's distance
// in its optimal-string-alignment form), or `limit` + 1 when more than `limit` are needed. Time O(|a| |b|).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// Up to `wanted` of the keys key_at(0) … key_at(count - 1) within a third of the word's length (at least 1),
// nearest first; at equal distance the earlier key comes first, which in word vectors is the more frequent one. A
// key that differs only in the case of ASCII letters counts as distance 0.
[[nodiscard]] std::vector<std::string> nearest_keys(std::string_view word, std::size_t count,
                                                    const std::function<std::string_view(std::size_t)>& key_at,
                                                    std::size_t wanted = 3);

// "; did you mean 'a', 'b' or 'c'?", or nothing when there is no suggestion.
[[nodiscard]] std::string did_you_mean(const std::vector<std::string>& suggestions);

}  // namespace kith::cli
