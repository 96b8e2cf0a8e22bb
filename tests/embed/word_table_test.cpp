#include "embed/word_table.hpp"

#include <map>
#include <random>
#include <string>
#include <unordered_set>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

std::string random_word(std::mt19937_64& random) {
    std::string word(random() % 40, '\0');
    for (char& c : word) c = static_cast<char>(random() % 3);
    return word;
}

TEST(WordTable, CountsAsAMapDoesAndNumbersByFirstOccurrence) {
    std::mt19937_64 random(1);
    WordTable table;
    std::map<std::string, std::pair<std::uint32_t, std::uint64_t>> model;
    for (int i = 0; i < 200'000; ++i) {
        const std::string word = random_word(random);
        const auto [at, fresh] = model.try_emplace(word, static_cast<std::uint32_t>(model.size()), 0);
        ++at->second.second;
        ASSERT_EQ(table.add(word), at->second.first);
    }
    ASSERT_EQ(table.size(), model.size());
    for (const auto& [word, entry] : model) {
        ASSERT_EQ(table.find(word), entry.first);
        ASSERT_EQ(table.word(entry.first), word);
        ASSERT_EQ(table.count(entry.first), entry.second);
    }
    EXPECT_FALSE(table.find("not there"));
}

TEST(WordTable, PruningForgetsRareWordsAndReusesTheirIds) {
    WordTable table;
    for (const char* const word : {"a", "b", "a", "c", "c", "c", "d"}) table.add(word);
    table.prune(1);
    EXPECT_EQ(table.live(), 2U);
    EXPECT_FALSE(table.find("b"));
    EXPECT_FALSE(table.find("d"));
    EXPECT_EQ(table.find("a"), 0U);
    EXPECT_EQ(table.find("c"), 2U);
    const auto again = table.add("b");
    EXPECT_TRUE(again == 1 || again == 3);
    EXPECT_EQ(table.count(again), 1U);
    EXPECT_EQ(table.word(again), "b");
    EXPECT_EQ(table.size(), 4U);
}

TEST(WordTable, ReorderingRenumbers) {
    WordTable table;
    for (const char* const word : {"a", "b", "c"}) table.add(word);
    table.reorder({2, 0});
    EXPECT_EQ(table.size(), 2U);
    EXPECT_EQ(table.find("c"), 0U);
    EXPECT_EQ(table.find("a"), 1U);
    EXPECT_FALSE(table.find("b"));
    EXPECT_EQ(table.word(1), "a");
}

TEST(WordKey, TellsApartWordsThatDifferInOneByte) {
    for (std::size_t size = 1; size <= 40; ++size) {
        std::string word(size, 'x');
        std::unordered_set<std::uint32_t> seen = {WordKey(word).hash};
        for (std::size_t at = 0; at < size; ++at) {
            word[at] = 'y';
            seen.insert(WordKey(word).hash);
            word[at] = 'x';
        }
        EXPECT_EQ(seen.size(), size + 1);
    }
}

TEST(WordKey, DoesNotDependOnWhatStandsBehindTheWord) {
    for (std::size_t size = 0; size <= 40; ++size) {
        const std::string word(size, 'x');
        const std::string in_text = word + " and something that is longer than any word";
        const WordKey alone(word);
        const WordKey within(std::string_view(in_text).substr(0, size), in_text.size());
        EXPECT_EQ(alone.hash, within.hash) << size;
        EXPECT_EQ(alone.last, within.last) << size;
    }
}

TEST(WordTable, KeepsItsWordsWhenItFindsThemNoMore) {
    WordTable table;
    for (const char* const word : {"a", "a word that is longer than sixteen bytes", "a"}) table.add(word);
    table.count_more(1, 5);
    table.keep_words_only();
    EXPECT_EQ(table.word(0), "a");
    EXPECT_EQ(table.word(1), "a word that is longer than sixteen bytes");
    EXPECT_EQ(table.count(0), 2U);
    EXPECT_EQ(table.count(1), 6U);
}

}  // namespace
}  // namespace kith::embed
