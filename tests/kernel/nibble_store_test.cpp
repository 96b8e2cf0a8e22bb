#include "kernel/nibble_store.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

#include "support/brute_force.hpp"

namespace kith::kernel {
namespace {

class NibbleStoreTest : public ::testing::Test {
protected:
    static constexpr std::size_t kRows = 5000;
    static constexpr std::size_t kDim = 16;

    const Matrix rows_ = test::random_matrix(kRows, kDim, 1);
    const FloatRowsView view_{reinterpret_cast<const std::byte*>(rows_.data()), kDim * sizeof(float), kRows, kDim};
};

TEST_F(NibbleStoreTest, MakesCodesOnceTheyPay) {
    const NibbleStore store;
    EXPECT_EQ(store.serve(view_, Metric::kEuclidean, 3), nullptr);
    EXPECT_EQ(store.bytes(), 0u);
    if (!can_use_nibbles()) GTEST_SKIP();
    const NibbleRows* const made = store.serve(view_, Metric::kEuclidean, 100);
    ASSERT_NE(made, nullptr);
    EXPECT_EQ(made->header().count, kRows);
    EXPECT_EQ(store.bytes(), nibble_bytes(kRows, kDim));
    EXPECT_EQ(store.serve(view_, Metric::kEuclidean, 1), made);
}

TEST_F(NibbleStoreTest, HasNoneForMetricsWithoutABound) {
    const NibbleStore store;
    EXPECT_EQ(store.serve(view_, Metric::kManhattan, 1000), nullptr);
}

TEST_F(NibbleStoreTest, GivesTheSameBytesWheneverAsked) {
    const NibbleStore store;
    const auto first = store.make(view_, Metric::kAngular);
    const auto second = store.make(view_, Metric::kAngular);
    EXPECT_EQ(first.data(), second.data());
    std::vector<std::byte> expected(nibble_bytes(kRows, kDim));
    encode_nibbles(view_, Metric::kAngular, 1, expected);
    ASSERT_EQ(first.size(), expected.size());
    EXPECT_EQ(std::memcmp(first.data(), expected.data(), expected.size()), 0);
    const NibbleStore opened(first);
    EXPECT_EQ(opened.bytes(), first.size());
}

TEST_F(NibbleStoreTest, ThreadsThatAskAtOnceGetTheSame) {
    const NibbleStore store;
    std::vector<const NibbleRows*> found(4);
    {
        std::vector<std::jthread> threads;
        for (auto& each : found) {
            threads.emplace_back([&] { each = store.serve(view_, Metric::kEuclidean, 1000); });
        }
    }
    for (const NibbleRows* each : found) EXPECT_EQ(each, found[0]);
}

}  // namespace
}  // namespace kith::kernel
