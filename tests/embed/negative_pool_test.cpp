#include "embed/negative_pool.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

TEST(NegativePool, DrawsEveryWordAsOftenAsItsSampler) {
    const std::vector<std::uint64_t> counts = {1000, 500, 200, 100, 50, 20, 10, 5, 2, 1};
    const NegativeSampler sampler(counts, 0.75);
    NegativePool pool(sampler);
    constexpr int kDraws = 8'000'000;
    std::vector<int> seen(counts.size());
    Random random(7);
    for (int i = 0; i < kDraws; ++i) ++seen.at(pool.draw(random));
    double total = 0;
    for (const std::uint64_t count : counts) total += std::pow(static_cast<double>(count), 0.75);
    for (std::size_t word = 0; word < counts.size(); ++word) {
        const double chance = std::pow(static_cast<double>(counts[word]), 0.75) / total;
        // A word that has come once comes some four times, so that as many draws tell as much as a quarter of them.
        const double deviation = std::sqrt(kDraws * 2.0 * NegativePool::kStay * chance * (1 - chance));
        EXPECT_NEAR(seen[word], kDraws * chance, 5 * deviation) << "word " << word;
    }
}

TEST(NegativePool, KeepsWordsForAWhileAndNoLonger) {
    const std::vector<std::uint64_t> counts(1'000'000, 1);
    const NegativeSampler sampler(counts, 0.75);
    NegativePool pool(sampler);
    Random random(11);
    constexpr int kDraws = 200'000;
    std::vector<bool> seen(counts.size());
    int different = 0;
    for (int i = 0; i < kDraws; ++i) {
        const std::uint32_t word = pool.draw(random);
        different += seen[word] ? 0 : 1;
        seen[word] = true;
    }
    EXPECT_NEAR(different, kDraws / static_cast<int>(NegativePool::kStay), kDraws / 50);
}

TEST(NegativePool, DependsOnTheStreamAloneOnceCleared) {
    const std::vector<std::uint64_t> counts(1000, 3);
    const NegativeSampler sampler(counts, 0.75);
    NegativePool fresh(sampler);
    NegativePool used(sampler);
    Random other(5);
    for (int i = 0; i < 1000; ++i) static_cast<void>(used.draw(other));
    used.clear();
    Random a(1);
    Random b(1);
    for (int i = 0; i < 5000; ++i) ASSERT_EQ(fresh.draw(a), used.draw(b));
}

}  // namespace
}  // namespace kith::embed
