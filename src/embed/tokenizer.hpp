// Cutting text into words.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace kith::embed {

// ASCII white space: tab, line feed, vertical tab, form feed, carriage return, space. Every other byte is part of a
// word.
[[nodiscard]] constexpr bool is_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Bit i tells whether is(text[i]), i < 64. A loop over bytes, which compilers make vector instructions of.
template <class Is>
[[nodiscard]] std::uint64_t mask_of_64(const char* text, Is is) noexcept {
    static_assert(std::endian::native == std::endian::little);
    std::array<std::uint8_t, 64> flags;
    for (std::size_t i = 0; i < flags.size(); ++i) flags[i] = is(text[i]) ? 1 : 0;
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < flags.size(); i += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, flags.data() + i, 8);
        mask |= (eight * 0x0102040810204080U) >> 56 << i;  // the product's top byte gathers the eight low bits
    }
    return mask;
}

// Calls on_word(string_view) for every word and on_line_end() for every line feed, in order. The ends of words are found 64
// bytes at a time, so that no branch has to guess how long a word is.
template <class OnWord, class OnLineEnd>
void tokenize(std::string_view text, OnWord&& on_word, OnLineEnd&& on_line_end) {
    constexpr std::size_t kStep = 64;
    bool in_word = false;
    const char* word = text.data();
    for (std::size_t at = 0; at < text.size(); at += kStep) {
        const char* const block = text.data() + at;
        const char* bytes = block;
        std::array<char, kStep> last;
        if (text.size() - at < kStep) {
            last.fill(' ');
            std::copy_n(block, text.size() - at, last.data());
            bytes = last.data();
        }
        const std::uint64_t spaces = mask_of_64(bytes, is_space);
        const std::uint64_t lines = mask_of_64(bytes, [](char c) { return c == '\n'; });
        const std::uint64_t after_word = ~spaces << 1 | (in_word ? 1U : 0U);
        std::uint64_t starts = ~spaces & ~after_word;
        const auto next_word = [&] {
            word = block + std::countr_zero(starts);
            starts &= starts - 1;
        };
        if (!in_word) next_word();
        for (std::uint64_t left = (spaces & after_word) | lines; left != 0; left &= left - 1) {
            const std::uint64_t bit = left & -left;
            if ((spaces & after_word & bit) != 0) {
                on_word(std::string_view(word, static_cast<std::size_t>(block + std::countr_zero(left) - word)));
                next_word();
            }
            if ((lines & bit) != 0) on_line_end();
        }
        in_word = (spaces >> (kStep - 1)) == 0;
    }
    if (in_word) on_word(std::string_view(word, static_cast<std::size_t>(text.data() + text.size() - word)));
}

}  // namespace kith::embed
