#include "embed/random.hpp"

#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

TEST(Random, StreamsOfDifferentItemsDiffer) {
    std::set<std::uint64_t> first;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (std::uint64_t a = 0; a < 20; ++a) {
            for (std::uint64_t b = 0; b < 20; ++b) first.insert(Random(seed, a, b).next());
        }
    }
    EXPECT_EQ(first.size(), 8'000U);
}

TEST(Random, NumbersBelowABoundAreUniform) {
    Random random(1);
    std::vector<int> seen(10);
    for (int i = 0; i < 100'000; ++i) ++seen.at(random.below(10));
    for (const int count : seen) EXPECT_NEAR(count, 10'000, 5 * std::sqrt(9'000.0));
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
}  // namespace kith::embed
