#include "index/forest/frontier.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace kith::index {
namespace {

TEST(Frontier, GivesTheGreatestFirst) {
    std::mt19937_64 random(1);
    std::vector<std::uint64_t> keys(1000);
    std::generate(keys.begin(), keys.end(), [&] { return random() % 500; });
    Frontier frontier;
    for (const std::uint64_t key : keys) frontier.push(key);
    std::sort(keys.rbegin(), keys.rend());
    for (const std::uint64_t key : keys) {
        EXPECT_EQ(frontier.top(), key);
        EXPECT_EQ(frontier.pop(), key);
    }
    EXPECT_TRUE(frontier.empty());
}

TEST(Frontier, ReplacingTheTopIsPoppingAndPushing) {
    std::mt19937_64 random(4);
    Frontier replaced;
    Frontier expected;
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t key = random() % 1000;
        replaced.push(key);
        expected.push(key);
    }
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t key = random() % 1000;
        const std::uint64_t top = expected.pop();
        expected.push(key);
        ASSERT_EQ(replaced.replace_top(key), top);
        ASSERT_EQ(replaced.top(), expected.top());
    }
}

// What a walk in order of keys would have met before it stopped.
std::vector<std::uint64_t> met_in_order(std::vector<ReachedLeaf> leaves, std::size_t wanted) {
    std::sort(leaves.begin(), leaves.end(), std::greater<>());
    std::vector<std::uint64_t> met;
    std::size_t total = 0;
    for (const ReachedLeaf& leaf : leaves) {
        if (total >= wanted) break;
        if (leaf.count == 0) continue;
        met.push_back(leaf.key);
        total += leaf.count;
    }
    return met;
}

TEST(LeafSet, HoldsWhatAWalkInOrderMeetsWhateverTheOrderOfAdding) {
    std::mt19937 random(2);
    for (int round = 0; round < 200; ++round) {
        std::vector<ReachedLeaf> leaves;
        for (std::uint64_t i = 0; i < 60; ++i)
            leaves.push_back({i * 10 + 1, static_cast<std::uint32_t>(random() % 20)});
        std::shuffle(leaves.begin(), leaves.end(), random);
        const std::size_t wanted = 1 + random() % 700;
        LeafSet set;
        set.reset(wanted);
        for (const ReachedLeaf& leaf : leaves) set.add(leaf.key, leaf.count);
        std::vector<std::uint64_t> kept;
        for (const ReachedLeaf& leaf : set.leaves()) kept.push_back(leaf.key);
        std::sort(kept.rbegin(), kept.rend());
        EXPECT_EQ(kept, met_in_order(leaves, wanted));
        EXPECT_EQ(set.floor(), set.total() >= wanted ? kept.back() : 0);
        EXPECT_EQ(set.missing(), wanted - std::min(wanted, set.total()));
        set.sort();
        EXPECT_TRUE(std::is_sorted(set.leaves().begin(), set.leaves().end(), std::greater<>()));
    }
}

TEST(LeafSet, HandsOverWhatItGivesUp) {
    LeafSet set;
    set.reset(10);
    std::vector<std::uint64_t> lost;
    for (const std::uint64_t key : {3UL, 9UL, 1UL, 7UL, 5UL, 2UL}) {
        set.add(key, 4, [&](const ReachedLeaf& leaf) { lost.push_back(leaf.key); });
    }
    EXPECT_EQ(lost, (std::vector<std::uint64_t>{1, 3, 2}));
    EXPECT_EQ(set.total(), 12U);
}

}  // namespace
}  // namespace kith::index
