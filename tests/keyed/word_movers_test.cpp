#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <kith/word_movers.hpp>

#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

using Document = std::vector<Term>;

double distance(const KeyedVectors& vectors, const Document& a, const Document& b, Travel travel = Travel::kUnit) {
    return word_movers_distance(vectors, a, b, travel);
}

TEST(WordMovers, IsZeroForTheSameWordsInAnyOrder) {
    const KeyedVectors vectors = test::random_keyed(20, 8);
    EXPECT_NEAR(distance(vectors, {"w1", "w2", "w2"}, {"w2", "w1", "w2"}), 0, 1e-12);
    EXPECT_NEAR(distance(vectors, {"w1", "w2"}, {"w1", "w1", "w2", "w2"}), 0, 1e-12);
    EXPECT_EQ(distance(vectors, {}, {}), 0);
    EXPECT_EQ(distance(vectors, {"w1"}, {}), std::numeric_limits<double>::infinity());
}

TEST(WordMovers, OfOneWordEachItIsTheirDistance) {
    const KeyedVectors vectors = test::random_keyed(20, 8);
    double unit = 0;
    double stored = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        unit += std::pow(vectors.unit_vector("w3")[i] - vectors.unit_vector("w5")[i], 2);
        stored += std::pow(vectors.vector("w3")[i] - vectors.vector("w5")[i], 2);
    }
    EXPECT_NEAR(distance(vectors, {"w3"}, {"w5"}), std::sqrt(unit), 1e-6);
    EXPECT_NEAR(distance(vectors, {"w3"}, {"w5"}, Travel::kStored), std::sqrt(stored), 1e-6);
    const std::vector<float> fifth(vectors.vector("w5").begin(), vectors.vector("w5").end());
    EXPECT_NEAR(distance(vectors, {"w3"}, {Term(fifth)}, Travel::kStored), std::sqrt(stored), 1e-6);
    // Half of it stays where it is.
    EXPECT_NEAR(distance(vectors, {"w3", "w4"}, {"w5", "w4"}), std::min(std::sqrt(unit) / 2, 10.0), 0.5);
}

TEST(WordMovers, IsSymmetricAndKeepsTheTriangleInequality) {
    const KeyedVectors vectors = test::random_keyed(30, 5);
    const Document a = {"w1", "w2", "w3", "w3"};
    const Document b = {"w4", "w5", "w1"};
    const Document c = {"w7", "w8", "w9", "w10", "w11"};
    EXPECT_NEAR(distance(vectors, a, b), distance(vectors, b, a), 1e-9);
    EXPECT_LE(distance(vectors, a, c), distance(vectors, a, b) + distance(vectors, b, c) + 1e-9);
    EXPECT_THROW(static_cast<void>(distance(vectors, {"nobody"}, b)), std::exception);
}

}  // namespace
}  // namespace kith
