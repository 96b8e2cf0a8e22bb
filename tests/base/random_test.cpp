#include "base/random.hpp"

#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace kith {
namespace {

TEST(Random, StreamsOfDifferentItemsDiffer) {
    std::set<std::uint64_t> first;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (std::uint64_t item = 0; item < 20; ++item) {
            first.insert(Random::stream(seed, item).next());
            for (std::uint64_t series = 0; series < 20; ++series) {
                first.insert(Random::stream(seed, series, item).next());
            }
        }
    }
    EXPECT_EQ(first.size(), 8'400U);
}

// Indexes and trained vectors are reproducible only as long as these stay.
TEST(Random, StreamsAreTheSameEverywhereAndForEver) {
    EXPECT_EQ(Random(0).next(), 0xE220A8397B1DCDAFU);
    EXPECT_EQ(Random::stream(7, 3).next(), 0x6D0F9BEF22C01AF8U);
    EXPECT_EQ(Random::stream(7, 3, 5).next(), 0x2214640245668BEFU);
    EXPECT_EQ(Random::stream(7, 3, 5).next32(), 0x22146402U);
}

TEST(Random, NumbersBelowABoundAreUniform) {
    Random random(1);
    std::vector<int> seen(10);
    std::vector<int> seen32(10);
    for (int i = 0; i < 100'000; ++i) {
        ++seen.at(random.below(10));
        ++seen32.at(random.below32(10));
    }
    for (const int count : seen) EXPECT_NEAR(count, 10'000, 5 * std::sqrt(9'000.0));
    for (const int count : seen32) EXPECT_NEAR(count, 10'000, 5 * std::sqrt(9'000.0));
}

TEST(Random, FractionsFillTheUnitInterval) {
    Random random(2);
    double sum = 0;
    for (int i = 0; i < 100'000; ++i) {
        const double x = random.uniform();
        ASSERT_GE(x, 0);
        ASSERT_LT(x, 1);
        sum += x;
    }
    EXPECT_NEAR(sum / 100'000, 0.5, 0.005);
}

}  // namespace
}  // namespace kith
