#include "embed/tokenizer.hpp"

#include <string>

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

}  // namespace
}  // namespace kith::embed
