// Cutting text into words.
#pragma once

#include <array>
#include <string_view>

namespace kith::embed {

// ASCII white space: tab, line feed, vertical tab, form feed, carriage return, space. Every other byte is part of a
// word.
[[nodiscard]] constexpr bool is_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

inline constexpr auto kIsSpace = [] {
    std::array<bool, 256> table{};
    for (int c = 0; c < 256; ++c) table[static_cast<std::size_t>(c)] = is_space(static_cast<char>(c));
    return table;
}();

// Calls on_word(string_view) for every word and on_line_end() for every line feed, in order.
template <class OnWord, class OnLineEnd>
void tokenize(std::string_view text, OnWord&& on_word, OnLineEnd&& on_line_end) {
    const auto space = [](char c) { return kIsSpace[static_cast<unsigned char>(c)]; };
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        for (; at != end && space(*at); ++at) {
            if (*at == '\n') on_line_end();
        }
        if (at == end) return;
        const char* const word = at;
        do ++at;
        while (at != end && !space(*at));
        on_word(std::string_view(word, static_cast<std::size_t>(at - word)));
    }
}

}  // namespace kith::embed
