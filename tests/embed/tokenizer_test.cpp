#include "embed/tokenizer.hpp"

#include <random>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

std::string shown(std::string_view text) {
    std::string out;
    tokenize(
        text, [&](std::string_view word) { out.append("[").append(word).append("]"); }, [&] { out += '|'; });
    return out;
}

TEST(Tokenizer, SplitsOnEveryAsciiSpaceAndTellsLineEnds) {
    EXPECT_EQ(shown(""), "");
    EXPECT_EQ(shown("word"), "[word]");
    EXPECT_EQ(shown("  a\tb\r\nc\v\fd\n\n"), "[a][b]|[c][d]||");
}

TEST(Tokenizer, EveryOtherByteBelongsToAWord) {
    for (int c = 0; c < 256; ++c) {
        const std::string text = {'a', static_cast<char>(c), 'b'};
        const bool space = c == ' ' || (c >= 9 && c <= 13);
        EXPECT_EQ(shown(text), space ? (c == '\n' ? "[a]|[b]" : "[a][b]") : "[" + text + "]") << c;
    }
}

// Words and spaces of every length across the borders of what is looked at together.
TEST(Tokenizer, CutsLongTextsAsTheyAreCutByteByByte) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (std::size_t size = random() % 400; text.size() < size;) {
            text.append(random() % (random() % 7 == 0 ? 150 : 9), 'a' + static_cast<char>(random() % 26));
            text.append(random() % (random() % 7 == 0 ? 150 : 3), " \n\t"[random() % 3]);
        }
        std::string want;
        std::string word;
        for (const char c : text) {
            if (!is_space(c)) {
                word += c;
                continue;
            }
            if (!word.empty()) want += '[' + std::exchange(word, {}) + ']';
            if (c == '\n') want += '|';
        }
        if (!word.empty()) want += '[' + word + ']';
        ASSERT_EQ(shown(text), want);
    }
}

}  // namespace
}  // namespace kith::embed
