#include <kith/corpus.hpp>

#include <gtest/gtest.h>

#include "embed/corpus_text.hpp"

namespace kith {
namespace {

using test::corpus_of;
using test::sentences_of;
using test::types_of;

TEST(Corpus, AnEmptyOneHasNothing) {
    const Corpus corpus;
    EXPECT_EQ(corpus.words() + corpus.sentences() + corpus.types(), 0U);
    EXPECT_TRUE(corpus.ids().empty() && corpus.ends().empty());
}

TEST(Corpus, NumbersTypesByFirstOccurrenceAndCountsThem) {
    const Corpus corpus = corpus_of("the cat saw the dog\nthe dog ran");
    EXPECT_EQ(types_of(corpus), "the=3 cat=1 saw=1 dog=2 ran=1 ");
    EXPECT_EQ(sentences_of(corpus), "the cat saw the dog\nthe dog ran\n");
    EXPECT_EQ(corpus.words(), 8U);
    EXPECT_EQ(corpus.sentences(), 2U);
}

TEST(Corpus, LineEndsAreSpacesWithoutSentenceBreaks) {
    CorpusOptions options;
    options.sentence_break = SentenceBreak::kNone;
    EXPECT_EQ(sentences_of(corpus_of("a b\nc\n\nd", options)), "a b c d\n");
}

TEST(Corpus, BlankLinesAreNotSentences) {
    EXPECT_EQ(sentences_of(corpus_of("\n\na\n  \n\nb\n\n")), "a\nb\n");
}

TEST(Corpus, LongSentencesAreCutAndLoseNothing) {
    CorpusOptions options;
    options.max_sentence_length = 3;
    EXPECT_EQ(sentences_of(corpus_of("a b c\nd e f g h\ni", options)), "a b c\nd e f\ng h\ni\n");
    options.max_sentence_length = 0;
    EXPECT_EQ(corpus_of(std::string(100'000, ' ').replace(0, 0, std::string(50'000, 'x'))).words(), 1U);
    std::string endless;
    for (int i = 0; i < 30'000; ++i) endless += "w ";
    EXPECT_EQ(corpus_of(endless, options).sentences(), 1U);
    EXPECT_EQ(corpus_of(endless).sentences(), 3U);
}

TEST(CorpusBuilder, TakesWordsAsTheyAre) {
    CorpusBuilder builder;
    const std::vector<std::string_view> sentence = {"New York", "", "\xff\x00\n"};
    builder.add_sentence(sentence);
    builder.add_sentence({});
    EXPECT_EQ(builder.words(), 3U);
    EXPECT_EQ(builder.sentences(), 2U);
    const Corpus corpus = builder.finish();
    EXPECT_EQ(corpus.word(0), "New York");
    EXPECT_EQ(corpus.word(1), "");
    EXPECT_EQ(corpus.word(2), sentence[2]);
    EXPECT_EQ(corpus.ends()[0], 3U);
    EXPECT_EQ(corpus.ends()[1], 3U);
}

TEST(CorpusBuilder, StartsAfreshAfterFinish) {
    CorpusBuilder builder;
    builder.add_text("a b");
    const Corpus first = builder.finish();
    builder.add_text("c");
    const Corpus second = builder.finish();
    EXPECT_EQ(types_of(first), "a=1 b=1 ");
    EXPECT_EQ(types_of(second), "c=1 ");
}

}  // namespace
}  // namespace kith
