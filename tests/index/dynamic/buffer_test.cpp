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
