// The parts of words that FastText has vectors for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <kith/vocabulary.hpp>

namespace kith::embed {

// 32-bit FNV-1a, with bytes widened as signed numbers: Facebook's fastText hashes so, and models depend on it.
[[nodiscard]] constexpr std::uint32_t subword_hash(std::string_view text) noexcept {
    std::uint32_t hash = 2166136261U;
    for (const char c : text) {
        hash ^= static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<signed char>(c)));
        hash *= 16777619U;
    }
    return hash;
}

struct SubwordRule {
    std::size_t min_n = 3;
    std::size_t max_n = 6;
    std::size_t bucket = 2'000'000;

    // Appends the buckets of a word's parts.
    void buckets(std::string_view word, std::vector<std::uint32_t>& out) const;
};

// The parts of every word of a vocabulary.
class SubwordTable {
public:
    SubwordTable() = default;
    SubwordTable(const Vocabulary& vocabulary, const SubwordRule& rule);

    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t word) const noexcept {
        return std::span(buckets_).subspan(first_[word], first_[word + 1] - first_[word]);
    }

private:
    std::vector<std::uint64_t> first_;
    std::vector<std::uint32_t> buckets_;
};

}  // namespace kith::embed
