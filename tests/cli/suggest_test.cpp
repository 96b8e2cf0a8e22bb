#include "suggest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

namespace kith::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The textbook recursion, to compare with.
std::size_t oracle(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return std::max(a.size(), b.size());
    const std::size_t different = a.back() == b.back() ? 0 : 1;
    const auto head = [](std::string_view text, std::size_t less) { return text.substr(0, text.size() - less); };
    std::size_t best = std::min(
        {oracle(head(a, 1), b) + 1, oracle(a, head(b, 1)) + 1, oracle(head(a, 1), head(b, 1)) + different});
    if (a.size() > 1 && b.size() > 1 && a[a.size() - 1] == b[b.size() - 2] && a[a.size() - 2] == b[b.size() - 1]) {
        best = std::min(best, oracle(head(a, 2), head(b, 2)) + 1);
    }
    return best;
}

TEST(EditDistance, IsTheTextbooksForRandomWordsAndEveryLimit) {
    std::mt19937 random(7);
    for (int round = 0; round < 400; ++round) {
        const auto word = [&] {
            std::string text(random() % 7, ' ');
            for (char& c : text) c = static_cast<char>('a' + random() % 3);
            return text;
        };
        const std::string a = word();
        const std::string b = word();
        const std::size_t expected = oracle(a, b);
        for (std::size_t limit = 0; limit < 8; ++limit) {
            EXPECT_EQ(edit_distance(a, b, limit), std::min(expected, limit + 1)) << a << " " << b << " " << limit;
        }
    }
}

std::vector<std::string> suggest(std::string_view word) {
    static constexpr std::array<std::string_view, 8> kKeys = {"the",   "science", "sciences", "silence",
                                                              "Paris", "seance",  "sconce",   ""};
    return nearest_keys(word, kKeys.size(), [](std::size_t i) { return kKeys[i]; });
}

TEST(NearestKeys, AreSortedByDistanceThenByRank) {
    EXPECT_THAT(suggest("sciense"), ElementsAre("science", "sciences"));
    EXPECT_THAT(suggest("paris"), ElementsAre("Paris"));
    EXPECT_THAT(suggest("hte"), ElementsAre("the"));
}

TEST(NearestKeys, SayNothingWhenNothingIsNear) {
    EXPECT_THAT(suggest("xylophone"), IsEmpty());
    EXPECT_EQ(did_you_mean({}), "");
    EXPECT_EQ(did_you_mean({"a"}), "; did you mean 'a'?");
    EXPECT_EQ(did_you_mean({"a", "b", "c"}), "; did you mean 'a', 'b' or 'c'?");
}

}  // namespace
}  // namespace kith::cli
