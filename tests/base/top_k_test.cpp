#include "base/top_k.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace kith {
namespace {

constexpr float kWorstRank = std::numeric_limits<float>::infinity();

std::vector<Candidate> kept(TopK& top) {
    const auto sorted = top.sorted();
    return {sorted.begin(), sorted.end()};
}

TEST(TopK, KeepsWhatSortingEverythingWouldPutFirst) {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        const std::size_t n = random() % 200;
        const std::size_t k = random() % 40;
        std::vector<Candidate> all;
        for (std::size_t i = 0; i < n; ++i) {
            // Few different ranks, so that ties are the rule.
            all.push_back({static_cast<float>(random() % 9) - 4, static_cast<Id>(i)});
        }
        std::shuffle(all.begin(), all.end(), random);
        TopK top(k);
        for (const Candidate& each : all) top.push(each.rank, each.id);
        std::sort(all.begin(), all.end());
        all.resize(std::min(n, k));
        EXPECT_EQ(kept(top), all);
    }
}

TEST(TopK, PushingAllAtOnceKeepsWhatPushingEachDoes) {
    std::mt19937 random(8);
    for (int round = 0; round < 300; ++round) {
        const std::size_t k = random() % 40;
        TopK one_by_one(k);
        TopK at_once(k);
        for (int block = 0; block < 3; ++block) {
            std::vector<float> ranks(random() % 50);
            std::vector<std::uint32_t> ids(ranks.size());
            for (std::size_t i = 0; i < ranks.size(); ++i) {
                ranks[i] =
                    random() % 20 == 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(random() % 9);
                ids[i] = static_cast<std::uint32_t>(random() % 1000);
                one_by_one.push(ranks[i], ids[i]);
            }
            at_once.push_all(ranks, ids);
            ASSERT_EQ(at_once.threshold(), one_by_one.threshold());
            if (random() % 2 == 0) break;
        }
        ASSERT_EQ(kept(at_once), kept(one_by_one));
    }
}

TEST(TopK, EqualRanksAreKeptAndOrderedById) {
    TopK top(2);
    for (const Id id : {9, 3, 5, 1, 7}) top.push(1.0F, id);
    EXPECT_EQ(kept(top), (std::vector<Candidate>{{1.0F, 1}, {1.0F, 3}}));
}

TEST(TopK, ThresholdIsTheWorstRankThatCanStillGetIn) {
    TopK top(2);
    EXPECT_EQ(top.threshold(), kWorstRank);
    top.push(5, 0);
    EXPECT_EQ(top.threshold(), kWorstRank);
    top.push(3, 1);
    EXPECT_EQ(top.threshold(), 5);
    top.push(1, 2);
    EXPECT_EQ(top.threshold(), 3);
}

TEST(TopK, KeepsNothingForKZero) {
    TopK top(0);
    top.push(-kWorstRank, 0);
    top.push(std::numeric_limits<float>::quiet_NaN(), 1);
    EXPECT_EQ(top.threshold(), -kWorstRank);
    EXPECT_TRUE(top.sorted().empty());
}

TEST(TopK, NaNComesLastInOrderOfId) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    TopK top(3);
    for (const Id id : {4, 2, 8, 6}) top.push(nan, id);
    top.push(1, 9);
    EXPECT_EQ(kept(top), (std::vector<Candidate>{{1, 9}, {kWorstRank, 2}, {kWorstRank, 4}}));
}

TEST(TopK, ResetForgetsAndMayChangeK) {
    TopK top(1);
    top.push(1, 1);
    (void)top.sorted();
    top.reset(3);
    top.push(2, 2);
    top.push(1, 3);
    EXPECT_EQ(kept(top), (std::vector<Candidate>{{1, 3}, {2, 2}}));
}

}  // namespace
}  // namespace kith
