#include "embed/word_block.hpp"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include <kith/corpus.hpp>

namespace kith::embed {
namespace {

std::string some_text() {
    std::mt19937_64 random(8);
    std::geometric_distribution<int> skewed(0.0005);
    std::string text;
    while (text.size() < 300'000) {
        text += std::to_string(skewed(random)) + std::string(random() % 200 == 0 ? 30 : 0, 'x');
        text += random() % 20 == 0 ? '\n' : ' ';
    }
    return text;
}

// One piece after the other through three blocks, against words pushed one by one.
TEST(WordBlock, PiecesMakeWhatTheWholeTextMakes) {
    const std::string text = some_text();
    CorpusOptions options;
    options.max_sentence_length = 33;
    CorpusBuilder builder(options);
    builder.add_text(text);
    const Corpus want = builder.finish();

    CorpusData got(options);
    std::vector<WordBlock> blocks(3);
    std::string_view left = text;
    while (!left.empty()) {
        std::size_t filled = 0;
        for (; filled < blocks.size() && !left.empty(); ++filled) {
            const std::size_t end = std::min(left.find_first_of(" \n", 5'000), left.size() - 1) + 1;
            blocks[filled].begin(left.substr(0, end), got.words);
            left.remove_prefix(end);
        }
        for (std::size_t i = filled; i-- > 0;) blocks[i].tokenize(got.words, true);
        for (std::size_t i = 0; i < filled; ++i) blocks[i].merge(got);
        for (std::size_t i = filled; i-- > 0;) blocks[i].write(got);
    }
    for (const WordBlock& block : blocks) block.tell_counts(got.words);
    got.end_sentence();

    ASSERT_EQ(got.words.size(), want.types());
    for (std::size_t type = 0; type < want.types(); ++type) {
        ASSERT_EQ(got.words.word(type), want.word(type));
        ASSERT_EQ(got.words.count(type), want.count(type));
    }
    EXPECT_TRUE(std::equal(want.ids().begin(), want.ids().end(), got.ids.span().begin(), got.ids.span().end()));
    EXPECT_TRUE(std::equal(want.ends().begin(), want.ends().end(), got.ends.begin(), got.ends.end()));
}

}  // namespace
}  // namespace kith::embed
