#include "embed/subsampling.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

TEST(Subsampling, IsTheFormulaOfWord2vec) {
    const double t = 1e-3 * 1'000'000;
    for (const std::uint64_t count : {3'000U, 10'000U, 60'000U}) {
        const double want = (std::sqrt(count / t) + 1) * t / static_cast<double>(count);
        EXPECT_NEAR(keep_probability(count, 1'000'000, 1e-3), want, 1e-12);
    }
}

TEST(Subsampling, KeepsRareWordsAlways) {
    EXPECT_EQ(keep_probability(1, 1'000'000, 1e-3), 1);
    EXPECT_EQ(keep_probability(2'618, 1'000'000, 1e-3), 1) << "the formula reaches 1 at t (3 + sqrt 5) / 2";
    EXPECT_LT(keep_probability(2'619, 1'000'000, 1e-3), 1);
}

TEST(Subsampling, ZeroTurnsItOff) {
    EXPECT_EQ(keep_probability(1'000'000, 1'000'000, 0), 1);
}

TEST(Subsampling, FromOneOnSampleIsACount) {
    // floor(10 * 2.618) = 26, whatever the size of the corpus.
    const double ratio = 26.0 / 1'000;
    EXPECT_NEAR(keep_probability(1'000, 5'000, 10), std::sqrt(ratio) + ratio, 1e-12);
    EXPECT_EQ(keep_probability(10, 5'000, 10), 1);
}

TEST(Subsampling, ThresholdsAreTheChancesInUnitsOf32Bits) {
    const std::vector<std::uint64_t> counts = {500'000, 10'000, 5};
    const auto thresholds = keep_thresholds(counts, 1'000'000, 1e-3);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        EXPECT_NEAR(thresholds[i] / 0x1p32, keep_probability(counts[i], 1'000'000, 1e-3), 1e-9);
    }
    EXPECT_EQ(thresholds[2], 0xFFFFFFFFU);
}

}  // namespace
}  // namespace kith::embed
