#include "embed/subwords.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

using Buckets = std::vector<std::uint32_t>;

Buckets of(std::string_view word, const SubwordRule& rule) {
    Buckets out;
    rule.buckets(word, out);
    return out;
}

// The numbers are gensim's (ft_ngram_hashes), which agree with Facebook's.
TEST(Subwords, AreThoseOfFacebookAlsoBeyondAscii) {
    const SubwordRule usual;
    EXPECT_EQ(of("test", usual),
              (Buckets{1484008, 627201, 1078831, 854851, 26195, 1673445, 663617, 1343271, 460379, 1880500}));
    EXPECT_EQ(of("na\u00efve", usual), (Buckets{1806890, 1907692, 878190, 933201, 1590546, 1719404, 832043, 156687,
                                                356832, 1223007, 1505331, 1711570, 1788548, 1088654}));
    EXPECT_EQ(of("\u65e5\u672c\u8a9e", usual), (Buckets{758587, 4581, 524609, 35559, 928923, 1674355}));
    EXPECT_EQ(of("a", usual), (Buckets{1087600}));
    const SubwordRule small{1, 2, 1'000};
    EXPECT_EQ(of("test", small), (Buckets{941, 267, 994, 744, 65, 362, 922, 267, 615}));
    EXPECT_EQ(of("\u65e5\u672c\u8a9e", small), (Buckets{687, 749, 409, 417, 575, 283, 255}));
    EXPECT_EQ(of("a", small), (Buckets{750, 220, 806}));
}

TEST(Subwords, ThereAreNoneWhereTheRuleOrTheWordHasNone) {
    EXPECT_TRUE(of("test", {3, 2, 1'000}).empty());
    EXPECT_TRUE(of("test", {3, 6, 0}).empty());
    EXPECT_TRUE(of("</s>", {3, 6, 1'000}).empty());
    EXPECT_TRUE(of("a", {4, 6, 1'000}).empty());
    EXPECT_EQ(of("", {1, 6, 1'000}).size(), 1U) << "both ends together";
    EXPECT_FALSE(of("\x80\xff broken", {1, 3, 1'000}).empty());
}

TEST(SubwordTable, HoldsThePartsOfEveryWord) {
    const std::vector<std::pair<std::string, std::uint64_t>> counted = {{"test", 3}, {"</s>", 2}, {"a", 1}};
    const Vocabulary vocabulary = Vocabulary::in_order(counted);
    const SubwordRule rule;
    const SubwordTable table(vocabulary, rule);
    for (std::size_t word = 0; word < 3; ++word) {
        const auto parts = table.of(word);
        EXPECT_EQ(Buckets(parts.begin(), parts.end()), of(vocabulary.word(word), rule));
    }
}

}  // namespace
}  // namespace kith::embed
