#include <kith/vocabulary.hpp>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "embed/corpus_text.hpp"

namespace kith {
namespace {

using Counted = std::vector<std::pair<std::string, std::uint64_t>>;

std::string shown(const Vocabulary& vocabulary) {
    std::string out;
    for (std::size_t row = 0; row < vocabulary.size(); ++row) {
        out += std::string(vocabulary.word(row)) + '=' + std::to_string(vocabulary.count(row)) + ' ';
    }
    return out;
}

TEST(Vocabulary, IsSortedByCountAndOfEqualOnesTheLaterSeenIsFirst) {
    const Corpus corpus = test::corpus_of("a b c d b d c b e");
    EXPECT_EQ(shown(Vocabulary(corpus, {1, 0})), "b=3 d=2 c=2 e=1 a=1 ");
}

TEST(Vocabulary, MinCountLeavesOutRareWordsAndSaysHowMuch) {
    const Vocabulary vocabulary(test::corpus_of("a b c d b d c b e"), {2, 0});
    EXPECT_EQ(shown(vocabulary), "b=3 d=2 c=2 ");
    EXPECT_EQ(vocabulary.total(), 7U);
    EXPECT_EQ(vocabulary.dropped_types(), 2U);
    EXPECT_EQ(vocabulary.dropped_words(), 2U);
    EXPECT_EQ(vocabulary.effective_min_count(), 2U);
}

TEST(Vocabulary, MaxFinalVocabRaisesMinCountUntilItFits) {
    const Counted counted = {{"a", 9}, {"b", 5}, {"c", 5}, {"d", 5}, {"e", 1}};
    EXPECT_EQ(shown(Vocabulary(counted, {1, 5})), "a=9 d=5 c=5 b=5 e=1 ");
    EXPECT_EQ(shown(Vocabulary(counted, {1, 4})), "a=9 d=5 c=5 b=5 ");
    EXPECT_EQ(shown(Vocabulary(counted, {1, 3})), "a=9 ") << "of equals at the limit none stays";
    EXPECT_EQ(Vocabulary(counted, {1, 3}).effective_min_count(), 6U);
    EXPECT_EQ(shown(Vocabulary(counted, {7, 4})), "a=9 ") << "the larger of both rules counts";
    EXPECT_EQ(shown(Vocabulary(counted, {0, 0})), "a=9 d=5 c=5 b=5 e=1 ");
}

TEST(Vocabulary, FindsEveryWordAndNoOther) {
    const Vocabulary vocabulary(test::corpus_of("a b b c c c"), {1, 0});
    EXPECT_EQ(vocabulary.find("c"), 0U);
    EXPECT_EQ(vocabulary.find("b"), 1U);
    EXPECT_EQ(vocabulary.find("a"), 2U);
    EXPECT_FALSE(vocabulary.find("d"));
    EXPECT_EQ(vocabulary.words(), (std::vector<std::string>{"c", "b", "a"}));
}

TEST(Vocabulary, InOrderKeepsEveryWordInItsPlace) {
    const std::vector<std::pair<std::string, std::uint64_t>> counted = {{"rare", 1}, {"common", 9}, {"none", 0}};
    const Vocabulary vocabulary = Vocabulary::in_order(counted);
    EXPECT_EQ(vocabulary.words(), (std::vector<std::string>{"rare", "common", "none"}));
    EXPECT_EQ(vocabulary.count(1), 9U);
    EXPECT_EQ(vocabulary.find("none"), 2U);
    EXPECT_EQ(vocabulary.total(), 10U);
    EXPECT_THROW(static_cast<void>(Vocabulary::in_order({{counted[0], counted[0]}})), InvalidArgument);
}

TEST(Vocabulary, ExtendedKeepsRowsAddsCountsAndPutsNewWordsBehind) {
    const Vocabulary old(Counted{{"a", 9}, {"b", 5}}, {1, 0});
    const Vocabulary more = Vocabulary::in_order(Counted{{"new", 1}, {"b", 7}, {"newer", 30}});
    const Vocabulary both = old.extended(more);
    EXPECT_EQ(shown(both), "a=9 b=12 new=1 newer=30 ");
    EXPECT_EQ(both.total(), 52U);
    EXPECT_EQ(both.find("newer"), 3U);
    EXPECT_EQ(shown(old), "a=9 b=5 ") << "as it was";
    EXPECT_EQ(shown(Vocabulary().extended(old)), shown(old));
}

TEST(Vocabulary, AWordCountedTwiceIsRefused) {
    EXPECT_THROW(Vocabulary(Counted{{"a", 1}, {"a", 2}}), InvalidArgument);
}

TEST(Vocabulary, MayBeEmpty) {
    EXPECT_TRUE(Vocabulary().empty());
    EXPECT_TRUE(Vocabulary(Corpus()).empty());
    EXPECT_TRUE(Vocabulary(test::corpus_of("a b c")).empty()) << "min_count is 5";
}

}  // namespace
}  // namespace kith
