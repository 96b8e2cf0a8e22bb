#include "keyed/batch.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include <kith/error.hpp>

#include "keyed/brute_index.hpp"
#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

void expect_row(const NeighborTable& table, std::size_t i, const std::vector<Match>& expected) {
    ASSERT_EQ(table.counts[i], expected.size());
    for (std::size_t j = 0; j < expected.size(); ++j) {
        EXPECT_EQ(table.row_ids(i)[j], static_cast<Id>(expected[j].row));
        EXPECT_EQ(table.row_distances(i)[j], expected[j].score);
    }
}

TEST(Batch, EachQueryGetsWhatItWouldGetAlone) {
    const KeyedVectors vectors = test::random_keyed(5000, 10);
    const test::BruteIndex index(vectors);
    const Matrix queries = test::random_matrix(150, 10, 9);
    for (const Index* const through : {static_cast<const Index*>(nullptr), static_cast<const Index*>(&index)}) {
        for (const std::size_t threads : {1U, 3U}) {
            const SimilarOptions options{.topn = 7, .clip_start = 5, .index = through, .threads = threads};
            const NeighborTable table = vectors.most_similar_batch(queries.view(), options);
            ASSERT_EQ(table.rows, 150U);
            for (std::size_t i = 0; i < queries.rows(); ++i) {
                const std::vector<Term> term = {queries.row(i)};
                expect_row(table, i, vectors.most_similar(term, options));
            }
        }
    }
}

TEST(Batch, StoredRowsAreLeftOutOfTheirOwnAnswers) {
    const KeyedVectors vectors = test::random_keyed(500, 6);
    const test::BruteIndex index(vectors);
    std::vector<std::size_t> rows(500);
    std::iota(rows.rbegin(), rows.rend(), std::size_t{0});
    for (const Index* const through : {static_cast<const Index*>(nullptr), static_cast<const Index*>(&index)}) {
        const NeighborTable table = vectors.most_similar_batch(rows, {.index = through, .threads = 2});
        for (std::size_t i = 0; i < rows.size(); ++i) {
            expect_row(table, i, vectors.most_similar(vectors.key(rows[i]), {.index = through}));
        }
    }
}

TEST(Batch, ShortAnswersArePadded) {
    const KeyedVectors vectors = test::random_keyed(3, 6);
    const std::vector<std::size_t> rows = {1};
    const NeighborTable table = vectors.most_similar_batch(rows);
    ASSERT_EQ(table.k, 3U);
    EXPECT_EQ(table.counts[0], 2U);
    EXPECT_EQ(table.ids[2], kNoId);
    EXPECT_TRUE(std::isnan(table.distances[2]));
    EXPECT_EQ(vectors.most_similar_batch(rows, {.topn = 0}).k, 0U);
    EXPECT_EQ(vectors.most_similar_batch(std::span<const std::size_t>()).rows, 0U);
}

TEST(Batch, RefusesBadQueries) {
    const KeyedVectors vectors = test::random_keyed(3, 2);
    Matrix queries(2, 2);
    queries.row(1)[1] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_THROW(static_cast<void>(vectors.most_similar_batch(queries.view())), InvalidArgument);
    EXPECT_THROW(static_cast<void>(vectors.most_similar_batch(Matrix(1, 3).view())), InvalidArgument);
    const std::vector<std::size_t> outside = {3};
    EXPECT_THROW(static_cast<void>(vectors.most_similar_batch(outside)), OutOfRange);
}

}  // namespace
}  // namespace kith
