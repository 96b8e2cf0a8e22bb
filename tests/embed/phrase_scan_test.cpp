#include "embed/phrase_scan.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

std::vector<std::string> split(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

const std::vector<std::string> kOf = {"of", "the"};

// Pairs in brackets, words as they come.
std::string pairs_of(const std::string& text) {
    const auto words = split(text);
    const std::vector<std::string_view> views(words.begin(), words.end());
    std::string out;
    std::string pair;
    scan_pairs(
        views, Connectors(kOf), [&](std::string_view word) { out += std::string(word) + ' '; },
        [&](Words candidate) {
            join(candidate, "_", pair);
            out += '[' + pair + "] ";
        });
    return out;
}

std::string phrases_of(const std::string& text, const std::vector<std::string>& phrases) {
    const auto words = split(text);
    const std::vector<std::string_view> views(words.begin(), words.end());
    std::string out;
    std::string joined;
    scan_phrases(
        views, Connectors(kOf),
        [&](Words candidate) {
            join(candidate, "_", joined);
            return std::find(phrases.begin(), phrases.end(), joined) != phrases.end();
        },
        [&](Words) { out += joined + ' '; }, [&](std::string_view word) { out += std::string(word) + ' '; });
    return out;
}

TEST(PhraseScan, PairsAreNeighboursWithConnectorsBetween) {
    EXPECT_EQ(pairs_of("bank of the america is big"),
              "bank america [bank_of_the_america] is [america_is] big [is_big] ");
    EXPECT_EQ(pairs_of("of bank of"), "bank ");
    EXPECT_EQ(pairs_of(""), "");
}

TEST(PhraseScan, PhrasesAreTakenFromLeftToRightWithoutOverlap) {
    EXPECT_EQ(phrases_of("a b c", {"a_b", "b_c"}), "a_b c ");
    EXPECT_EQ(phrases_of("x a b a b", {"a_b"}), "x a_b a_b ");
}

TEST(PhraseScan, EveryWordComesOutInOrder) {
    EXPECT_EQ(phrases_of("the bank of america of the", {}), "the bank of america of the ");
    EXPECT_EQ(phrases_of("the bank of america of the", {"bank_of_america"}), "the bank_of_america of the ");
    EXPECT_EQ(phrases_of("of the bank of us", {"us_x"}), "of the bank of us ");
    EXPECT_EQ(phrases_of("", {}), "");
}

}  // namespace
}  // namespace kith::embed
