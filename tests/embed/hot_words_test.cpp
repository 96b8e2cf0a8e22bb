#include "embed/hot_words.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

// As a reader uses it: in front of a table, with more words than have room.
TEST(HotWords, GivesTheTablesIdsAndEveryOccurrenceIsCountedOnce) {
    constexpr std::size_t kWords = 20'000;
    std::vector<std::string> words;
    for (std::size_t i = 0; i < kWords; ++i)
        words.push_back(std::to_string(i * i) + std::string(ShortWord::kMost, '\0'));
    std::mt19937_64 random(5);
    std::geometric_distribution<std::size_t> skewed(0.0005);
    HotWords hot;
    std::vector<std::uint64_t> counts(kWords);
    std::vector<std::uint64_t> want(kWords);
    std::size_t found = 0;
    constexpr std::size_t kDraws = 500'000;
    for (std::size_t draw = 0; draw < kDraws; ++draw) {
        const std::size_t id = std::min(skewed(random), kWords - 1);
        const std::string_view padded = words[id];
        const ShortWord word(padded.substr(0, padded.size() - ShortWord::kMost));
        ++want[id];
        const std::uint32_t got = hot.find(word);
        if (got == WordTable::kNone) {
            ++counts[id];
            hot.offer(word, static_cast<std::uint32_t>(id), counts);
        } else {
            ASSERT_EQ(got, id);
            ++found;
        }
        if (draw % 100'000 == 0) hot.tell(counts);
    }
    hot.tell(counts);
    hot.tell(counts);
    EXPECT_EQ(counts, want);
    EXPECT_GT(found, kDraws / 2) << "frequent words are at hand";
}

TEST(HotWords, TellsWordsApartThatDifferInZerosAtTheirEnd) {
    const std::string text = std::string("word") + std::string(20, '\0');
    HotWords hot;
    std::vector<std::uint64_t> counts(2);
    const ShortWord plain(std::string_view(text).substr(0, 4));
    const ShortWord zero(std::string_view(text).substr(0, 5));
    EXPECT_EQ(hot.find(plain), WordTable::kNone);
    hot.offer(plain, 1, counts);
    EXPECT_EQ(hot.find(plain), 1U);
    EXPECT_EQ(hot.find(zero), WordTable::kNone);
}

}  // namespace
}  // namespace kith::embed
