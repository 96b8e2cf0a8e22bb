#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

KeyedVectors animals() {
    Matrix matrix(4, 2);
    const float rows[4][2] = {{1, 0}, {2, 0.2F}, {1, -0.1F}, {0, 5}};
    for (std::size_t i = 0; i < 4; ++i) std::copy_n(rows[i], 2, matrix.row(i).begin());
    const std::vector<std::string> keys = {"cat", "dog", "mouse", "car"};
    return KeyedVectors(keys, matrix.view());
}

TEST(Compare, SimilarityIsTheCosine) {
    const KeyedVectors vectors = test::random_keyed(20, 9);
    for (std::size_t a = 0; a < 20; ++a) {
        for (std::size_t b = 0; b < 20; ++b) {
            EXPECT_NEAR(vectors.similarity(Term::row(a), Term::row(b)),
                        test::cosine_of(vectors.vector(a), vectors.vector(b)), 1e-6);
        }
    }
    EXPECT_EQ(vectors.similarity("w3", "w3"), 1);
    EXPECT_THROW(static_cast<void>(vectors.similarity("w3", "x")), InvalidArgument);
}

TEST(Compare, DistancesAreOneMinusCosineOfEveryRowOrOfThoseNamed) {
    const KeyedVectors vectors = test::random_keyed(50, 3);
    const std::vector<float> all = vectors.distances("w4");
    ASSERT_EQ(all.size(), 50U);
    for (std::size_t row = 0; row < 50; ++row) {
        EXPECT_NEAR(all[row], 1 - test::cosine_of(vectors.vector(4), vectors.vector(row)), 1e-6);
    }
    const std::vector<Term> others = {"w9", Term::row(2)};
    EXPECT_THAT(vectors.distances("w4", others), ElementsAre(FloatNear(all[9], 1e-6), FloatNear(all[2], 1e-6)));
    const std::vector<float> doubled = {2 * vectors.vector(4)[0], 2 * vectors.vector(4)[1],
                                        2 * vectors.vector(4)[2]};
    EXPECT_NEAR(vectors.distances(doubled)[9], all[9], 1e-6) << "the length of a vector does not matter";
}

TEST(Compare, NSimilarityComparesMeansOfStoredLengths) {
    const KeyedVectors vectors = animals();
    const std::vector<Term> a = {"cat", "dog"};
    const std::vector<Term> b = {"mouse", "car"};
    const std::vector<float> mean_a = {3, 0.2F};
    const std::vector<float> mean_b = {1, 4.9F};
    EXPECT_NEAR(vectors.n_similarity(a, b), test::cosine_of(mean_a, mean_b), 1e-6);
    EXPECT_THROW(static_cast<void>(vectors.n_similarity(a, {})), InvalidArgument);
}

TEST(Compare, TheOneThatDoesNotMatchIsFarthestFromTheMean) {
    const KeyedVectors vectors = animals();
    const std::vector<std::string> keys = {"dog", "car", "cat", "unknown", "mouse"};
    EXPECT_EQ(vectors.doesnt_match(keys), "car");
    const std::vector<Match> ranked = vectors.rank_by_centrality(keys);
    ASSERT_EQ(ranked.size(), 4U);
    EXPECT_EQ(ranked[0].key, "dog");
    EXPECT_GE(ranked[2].score, ranked[3].score);
    const std::vector<std::string> unknown = {"x"};
    EXPECT_THROW(static_cast<void>(vectors.doesnt_match(unknown)), InvalidArgument);
}

TEST(Compare, MostSimilarToGivenPicksTheFirstBest) {
    const KeyedVectors vectors = animals();
    const std::vector<Term> candidates = {"car", "mouse", "dog", "mouse"};
    EXPECT_EQ(vectors.most_similar_to_given("cat", candidates), 1U);
    EXPECT_THROW(static_cast<void>(vectors.most_similar_to_given("cat", {})), InvalidArgument);
}

}  // namespace
}  // namespace kith
