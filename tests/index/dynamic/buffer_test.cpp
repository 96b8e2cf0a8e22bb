#include "index/dynamic/buffer.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace kith::index {
namespace {

TEST(WaitingItems, CopiesSeeTheirOwnNumberOfRows) {
    WaitingItems first(Metric::kEuclidean, 2, 4);
    first.append(9, std::vector<float>{1, 2});
    WaitingItems second = first;
    second.append(3, std::vector<float>{3, 4});
    second.remove(0);
    EXPECT_EQ(first.size(), 1u);
    EXPECT_EQ(first.row_of(9), 0u);
    EXPECT_EQ(first.row_of(3), std::nullopt);
    EXPECT_EQ(second.row_of(9), std::nullopt);
    EXPECT_EQ(second.row_of(3), 1u);
    EXPECT_EQ(second.count(), 1u);
    ItemRows items;
    items.dim = 2;
    second.append_to(items);
    EXPECT_EQ(items.ids, std::vector<Id>{3});
    EXPECT_EQ(items.rows, (std::vector<float>{3, 4}));
}

TEST(WaitingItems, MemoryGrowsWithTheItemsAndCopiesKeepTheirs) {
    constexpr std::size_t kDim = 1000;
    WaitingItems waiting(Metric::kEuclidean, kDim, std::size_t{1} << 25);
    std::vector<float> row(kDim);
    waiting.append(0, row);
    const WaitingItems before = waiting;
    for (Id id = 1; id < 1000; ++id) {
        row[5] = static_cast<float>(id);
        waiting.append(id, row);
    }
    EXPECT_EQ(before.size(), 1u);
    EXPECT_EQ(before.row_of(1), std::nullopt);
    ItemRows items;
    items.dim = kDim;
    before.append_to(items);
    waiting.append_to(items);
    ASSERT_EQ(items.ids.size(), 1001u);
    for (std::size_t i = 1; i < items.ids.size(); ++i) {
        EXPECT_EQ(items.ids[i], static_cast<Id>(i - 1));
        EXPECT_EQ(items.rows[i * kDim + 5], static_cast<float>(i - 1));
    }
}

TEST(WaitingItems, BitsArePacked) {
    WaitingItems waiting(Metric::kHamming, 70, 4);
    std::vector<float> bits(70);
    bits[69] = 1;
    waiting.append(0, bits);
    ItemRows items;
    items.dim = 70;
    waiting.append_to(items);
    EXPECT_EQ(items.rows, bits);
}

TEST(WaitingItems, FewerWaitTheLargerTheyAre) {
    EXPECT_EQ(buffer_capacity(Metric::kEuclidean, 8), 2048u);
    EXPECT_EQ(buffer_capacity(Metric::kEuclidean, 100'000), 128u);
    EXPECT_LT(buffer_capacity(Metric::kEuclidean, 784), buffer_capacity(Metric::kEuclidean, 100));
}

}  // namespace
}  // namespace kith::index
