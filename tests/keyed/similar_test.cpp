#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

using testing::ElementsAre;

// Cosine of every row with the mean of unit vectors, in double, by definition.
std::vector<std::pair<double, std::size_t>> ranked(const KeyedVectors& vectors,
                                                   const std::vector<std::pair<std::size_t, double>>& terms) {
    std::vector<float> mean(vectors.dim());
    for (const auto& [row, weight] : terms) {
        const std::vector<float> unit = vectors.unit_vector(row);
        for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += static_cast<float>(weight * unit[i]);
    }
    std::vector<std::pair<double, std::size_t>> all;
    for (std::size_t row = 0; row < vectors.size(); ++row) {
        all.emplace_back(-test::cosine_of(mean, vectors.vector(row)), row);
    }
    std::ranges::sort(all);
    return all;
}

TEST(MostSimilar, AgreesWithTheDefinition) {
    const KeyedVectors vectors = test::random_keyed(2000, 20);
    const std::vector<Term> terms = {"w3", Term("w5", 0.5F), Term("w9", -2)};
    const auto expected = ranked(vectors, {{3, 1}, {5, 0.5}, {9, -2}});
    const std::vector<Match> found = vectors.most_similar(terms, {.topn = 50});
    ASSERT_EQ(found.size(), 50U);
    std::size_t at = 0;
    for (const auto& [score, row] : expected) {
        if (row == 3 || row == 5 || row == 9) continue;
        if (at == found.size()) break;
        EXPECT_NEAR(found[at].score, -score, 1e-6);
        EXPECT_EQ(found[at].row, row);
        EXPECT_EQ(found[at].key, "w" + std::to_string(row));
        ++at;
    }
}

TEST(MostSimilar, PositiveAndNegativeKeysAreTermsOfWeightOneAndMinusOne) {
    const KeyedVectors vectors = test::random_keyed(200, 8);
    const std::vector<Term> terms = {"w1", "w2", Term("w3", -1)};
    const std::vector<Match> by_terms = vectors.most_similar(terms);
    const std::vector<Match> by_keys = vectors.most_similar({"w1", "w2"}, {"w3"});
    ASSERT_EQ(by_terms.size(), 10U);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(by_terms[i].key, by_keys[i].key);
}

TEST(MostSimilar, LeavesOutKeysAndRowsButNotVectors) {
    const KeyedVectors vectors = test::random_keyed(30, 4);
    EXPECT_EQ(vectors.most_similar("w4", {.topn = 100}).size(), 29U);
    const std::vector<Term> by_row = {Term::row(4)};
    EXPECT_EQ(vectors.most_similar(by_row, {.topn = 1})[0].key, vectors.most_similar("w4", {.topn = 1})[0].key);
    const std::vector<Term> by_vector = {vectors.vector("w4")};
    const std::vector<Match> found = vectors.most_similar(by_vector, {.topn = 100});
    ASSERT_EQ(found.size(), 30U);
    EXPECT_EQ(found[0].key, "w4");
    EXPECT_NEAR(found[0].score, 1, 1e-6);
}

TEST(MostSimilar, OnlyTheRowsAskedForCompete) {
    const KeyedVectors vectors = test::random_keyed(100, 4);
    const auto rows = [](const std::vector<Match>& found) {
        std::set<std::size_t> all;
        for (const Match& match : found) all.insert(match.row);
        return all;
    };
    EXPECT_EQ(rows(vectors.most_similar("w3", {.topn = 100, .clip_start = 2, .clip_end = 6})),
              (std::set<std::size_t>{2, 4, 5}));
    EXPECT_EQ(rows(vectors.most_similar("w3", {.topn = 100, .clip_start = 50, .restrict_vocab = 3})),
              (std::set<std::size_t>{0, 1, 2}));
    EXPECT_TRUE(vectors.most_similar("w3", {.topn = 0}).empty());
    EXPECT_TRUE(vectors.most_similar("w3", {.clip_start = 6, .clip_end = 6}).empty());
}

TEST(MostSimilar, EqualScoresAreInOrderOfRowAndThreadsChangeNothing) {
    Matrix matrix(60'000, 2);
    for (std::size_t row = 0; row < matrix.rows(); ++row) matrix.row(row)[row % 2] = 1;
    const KeyedVectors vectors(test::word_keys(matrix.rows()), matrix.view());
    for (const std::size_t threads : {1U, 2U, 3U}) {
        const std::vector<Match> found = vectors.most_similar("w4", {.topn = 4, .threads = threads});
        ASSERT_EQ(found.size(), 4U);
        EXPECT_EQ(found[0].row, 0U);
        EXPECT_EQ(found[1].row, 2U);
        EXPECT_EQ(found[2].row, 6U);
        EXPECT_EQ(found[3].row, 8U);
    }
}

TEST(MostSimilar, AZeroVectorIsAtCosineZeroFromEverything) {
    Matrix matrix(3, 2);
    matrix.row(1)[0] = 1;
    matrix.row(2)[0] = -1;
    const KeyedVectors vectors(test::word_keys(3), matrix.view());
    const std::vector<Match> of_zero = vectors.most_similar("w0");
    EXPECT_EQ(of_zero[0].score, 0);
    EXPECT_EQ(of_zero[1].score, 0);
    EXPECT_THAT(vectors.similarities(std::vector<Term>{"w1"}), ElementsAre(0, 1, -1));
    EXPECT_EQ(vectors.similarity("w0", "w1"), 0);
}

TEST(MostSimilar, AbsentKeysAndMissingTermsAreRefused) {
    const KeyedVectors vectors = test::random_keyed(3, 2);
    EXPECT_THROW(static_cast<void>(vectors.most_similar("x")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(vectors.most_similar(std::span<const Term>())), InvalidArgument);
    EXPECT_THROW(static_cast<void>(vectors.most_similar_cosmul({})), InvalidArgument);
}

TEST(MostSimilarCosmul, AgreesWithTheDefinition) {
    const KeyedVectors vectors = test::random_keyed(3000, 10);
    const std::vector<Term> terms = {"w1", "w2", Term("w3", -1)};
    const std::vector<Match> found = vectors.most_similar_cosmul(terms, {.topn = 20, .restrict_vocab = 2500});
    std::vector<std::pair<double, std::size_t>> expected;
    for (std::size_t row = 0; row < 2500; ++row) {
        if (row >= 1 && row <= 3) continue;
        const auto shifted = [&](std::size_t other) {
            return (1 + test::cosine_of(vectors.vector(other), vectors.vector(row))) / 2;
        };
        expected.emplace_back(-shifted(1) * shifted(2) / (shifted(3) + 1e-6), row);
    }
    std::ranges::sort(expected);
    ASSERT_EQ(found.size(), 20U);
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].row, expected[i].second);
        EXPECT_NEAR(found[i].score, -expected[i].first, 1e-4 * -expected[i].first);
    }
}

TEST(Rank, CountsTheRowsThatAreNearer) {
    const KeyedVectors vectors = test::random_keyed(500, 6);
    const std::vector<Match> all = vectors.most_similar("w7", {.topn = 500});
    for (std::size_t i = 0; i < 50; ++i) {
        EXPECT_EQ(vectors.rank("w7", all[i].key), i + 1);
        std::set<std::size_t> nearer;
        for (std::size_t j = 0; j < i; ++j) nearer.insert(all[j].row);
        const std::vector<std::size_t> found = vectors.closer_than("w7", all[i].key);
        EXPECT_TRUE(std::ranges::equal(found, nearer));
    }
    EXPECT_EQ(vectors.rank("w7", "w7"), 1U);
}

}  // namespace
}  // namespace kith
