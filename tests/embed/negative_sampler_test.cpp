#include "embed/negative_sampler.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

// Every word within five standard deviations of its share.
void expect_distribution(const std::vector<std::uint64_t>& counts, double exponent) {
    const NegativeSampler sampler(counts, exponent);
    std::vector<double> weights;
    for (const std::uint64_t count : counts) {
        weights.push_back(count == 0 ? 0 : std::pow(static_cast<double>(count), exponent));
    }
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    constexpr int kDraws = 2'000'000;
    std::vector<int> seen(counts.size());
    Random random(7);
    for (int i = 0; i < kDraws; ++i) ++seen.at(sampler.draw(random));
    for (std::size_t word = 0; word < counts.size(); ++word) {
        const double chance = weights[word] / total;
        const double deviation = std::sqrt(kDraws * chance * (1 - chance));
        EXPECT_NEAR(seen[word], kDraws * chance, 5 * deviation) << "word " << word << ", exponent " << exponent;
    }
}

TEST(NegativeSampler, DrawsInProportionToThePowerOfTheCount) {
    std::vector<std::uint64_t> zipf;
    for (std::uint64_t i = 1; i <= 200; ++i) zipf.push_back(1'000'000 / i);
    for (const double exponent : {0.75, 1.0, 0.0, -0.5}) expect_distribution(zipf, exponent);
    expect_distribution({1'000'000'000'000, 1, 1}, 0.75);
    expect_distribution({5, 0, 5}, 0.75);
    expect_distribution({3}, 0.75);
}

TEST(NegativeSampler, IsAFunctionOfTheStream) {
    const std::vector<std::uint64_t> counts = {5, 4, 3, 2, 1};
    const NegativeSampler sampler(counts, 0.75);
    Random a(1);
    Random b(1);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(sampler.draw(a), sampler.draw(b));
}

}  // namespace
}  // namespace kith::embed
