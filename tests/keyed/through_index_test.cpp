#include "keyed/through_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "keyed/brute_index.hpp"
#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

void expect_same(const std::vector<Match>& a, const std::vector<Match>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].row, b[i].row);
        EXPECT_EQ(a[i].score, b[i].score) << "scores are recomputed, not the index's";
        EXPECT_EQ(a[i].key, b[i].key);
    }
}

TEST(ThroughIndex, AnIndexThatFindsAllGivesTheExactAnswerUnderEveryRestriction) {
    const KeyedVectors vectors = test::random_keyed(2000, 12);
    const test::BruteIndex index(vectors);
    const std::vector<float> raw(12, 0.5F);
    const std::vector<std::vector<Term>> queries = {{"w1"}, {"w1", "w2", Term("w3", -1)}, {raw}, {Term::row(1999)}};
    for (const std::vector<Term>& terms : queries) {
        for (SimilarOptions options :
             {SimilarOptions{}, SimilarOptions{.topn = 0}, SimilarOptions{.topn = 5000},
              SimilarOptions{.restrict_vocab = 1}, SimilarOptions{.restrict_vocab = 1200},
              SimilarOptions{.clip_start = 100, .clip_end = 1900}, SimilarOptions{.clip_start = 1990},
              SimilarOptions{.clip_start = 7, .clip_end = 7}, SimilarOptions{.topn = 3, .restrict_vocab = 1999}}) {
            const std::vector<Match> exact = vectors.most_similar(terms, options);
            options.index = &index;
            expect_same(vectors.most_similar(terms, options), exact);
        }
    }
}

TEST(ThroughIndex, InputKeysDoNotCountTowardsTopn) {
    const KeyedVectors vectors = test::random_keyed(100, 4);
    const test::BruteIndex index(vectors);
    const std::vector<Match> found = vectors.most_similar({"w1", "w2"}, {}, {.topn = 5, .index = &index});
    ASSERT_EQ(found.size(), 5U);
    for (const Match& match : found) EXPECT_THAT(match.row, testing::Not(testing::AnyOf(1U, 2U)));
    EXPECT_EQ(index.asked, 7U);
}

TEST(ThroughIndex, WhatTheIndexLosesIsMissingButAShareOfTheRowsIsFilledUp) {
    const KeyedVectors vectors = test::random_keyed(4000, 6);
    const test::BruteIndex lossy(vectors, Metric::kAngular, 2);
    for (const Match& match : vectors.most_similar("w1", {.index = &lossy})) EXPECT_EQ(match.row % 2, 1U);
    const std::vector<Match> found = vectors.most_similar("w1", {.restrict_vocab = 3000, .index = &lossy});
    EXPECT_EQ(found.size(), 10U);
    for (const Match& match : found) EXPECT_LT(match.row, 3000U);
}

TEST(ThroughIndex, AFewRowsAreScannedInsteadOfAskingTheIndexForEverything) {
    const KeyedVectors vectors = test::random_keyed(4000, 6);
    const test::BruteIndex index(vectors);
    EXPECT_EQ(vectors.most_similar("w1", {.restrict_vocab = 20, .index = &index}).size(), 10U);
    EXPECT_EQ(index.searches, 0U);
}

TEST(ThroughIndex, AnIndexOverSomethingElseIsRefused) {
    const KeyedVectors vectors = test::random_keyed(20, 4);
    const test::BruteIndex fewer(test::random_keyed(19, 4));
    EXPECT_THROW(static_cast<void>(vectors.most_similar("w1", {.index = &fewer})), InvalidArgument);
    const test::BruteIndex shorter(test::random_keyed(20, 3));
    EXPECT_THROW(static_cast<void>(vectors.most_similar("w1", {.index = &shorter})), InvalidArgument);
    const test::BruteIndex dot(vectors, Metric::kDot);
    EXPECT_THROW(static_cast<void>(vectors.most_similar("w1", {.index = &dot})), InvalidArgument);
    const test::BruteIndex good(vectors);
    EXPECT_THROW(static_cast<void>(vectors.most_similar("w1", {.index = &good, .search_k = -5})), InvalidArgument);
    const std::vector<Term> term = {"w1"};
    EXPECT_THROW(static_cast<void>(vectors.most_similar_cosmul(term, {.index = &good})), InvalidArgument);
}

}  // namespace
}  // namespace kith
