#include "embed/huffman.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

std::vector<std::uint64_t> random_counts(std::size_t words, std::mt19937_64& random) {
    std::vector<std::uint64_t> counts(words);
    for (auto& count : counts) count = 1 + random() % (1 + random() % 10'000);
    std::sort(counts.rbegin(), counts.rend());
    return counts;
}

std::uint64_t cost(const HuffmanTree& tree, const std::vector<std::uint64_t>& counts) {
    std::uint64_t total = 0;
    for (std::size_t word = 0; word < counts.size(); ++word) total += counts[word] * tree.path(word).size();
    return total;
}

// The textbook algorithm: merge the two lightest; the cost is the sum of all merged weights.
std::uint64_t least_cost(const std::vector<std::uint64_t>& counts) {
    std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> heap(counts.begin(),
                                                                                        counts.end());
    std::uint64_t total = 0;
    while (heap.size() > 1) {
        const std::uint64_t a = heap.top();
        heap.pop();
        const std::uint64_t b = heap.top();
        heap.pop();
        heap.push(a + b);
        total += a + b;
    }
    return total;
}

TEST(HuffmanTree, HasTheLeastPossibleCost) {
    std::mt19937_64 random(1);
    for (std::size_t words = 2; words < 300; words += 7) {
        const auto counts = random_counts(words, random);
        EXPECT_EQ(cost(HuffmanTree(counts), counts), least_cost(counts)) << words;
    }
}

TEST(HuffmanTree, TheOrderOfTheWordsDoesNotMatterToTheCost) {
    std::mt19937_64 random(3);
    auto counts = random_counts(200, random);
    std::shuffle(counts.begin(), counts.end(), random);
    EXPECT_EQ(cost(HuffmanTree(counts), counts), least_cost(counts));
}

TEST(HuffmanTree, CodesAreFreeOfPrefixesAndPathsFollowThem) {
    std::mt19937_64 random(2);
    auto counts = random_counts(500, random);
    std::shuffle(counts.begin(), counts.end(), random);
    const HuffmanTree tree(counts);
    std::set<std::string> codes;
    // A node is reached by one code only, whichever word's path passes it.
    std::vector<std::string> reached_by(tree.nodes(), "?");
    for (std::size_t word = 0; word < counts.size(); ++word) {
        const auto path = tree.path(word);
        const auto labels = tree.labels(word);
        ASSERT_EQ(path.size(), labels.size());
        ASSERT_LE(path.size(), tree.longest());
        EXPECT_EQ(path.front(), tree.nodes() - 1) << "the root is the last node";
        std::string code;
        for (std::size_t i = 0; i < path.size(); ++i) {
            ASSERT_TRUE(reached_by[path[i]] == "?" || reached_by[path[i]] == code);
            reached_by[path[i]] = code;
            code += labels[i] == 1 ? '0' : '1';
        }
        codes.insert(code);
    }
    EXPECT_EQ(codes.size(), counts.size());
    for (auto code = codes.begin(); std::next(code) != codes.end(); ++code) {
        EXPECT_FALSE(std::next(code)->starts_with(*code));
    }
}

TEST(HuffmanTree, FrequentWordsAreNearerToTheRoot) {
    std::mt19937_64 random(3);
    const auto counts = random_counts(400, random);
    const HuffmanTree tree(counts);
    for (std::size_t word = 1; word < counts.size(); ++word) {
        if (counts[word] < counts[word - 1]) {
            EXPECT_LE(tree.path(word - 1).size(), tree.path(word).size());
        }
    }
}

TEST(HuffmanTree, OneWordNeedsNoChoice) {
    const std::vector<std::uint64_t> one = {5};
    EXPECT_EQ(HuffmanTree(one).nodes(), 0U);
    EXPECT_TRUE(HuffmanTree(one).path(0).empty());
    EXPECT_EQ(HuffmanTree().nodes(), 0U);
}

}  // namespace
}  // namespace kith::embed
