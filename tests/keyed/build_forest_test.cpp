#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "keyed/random_vectors.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

TEST(BuildForest, ItAnswersMostSimilarUnderTheSameContract) {
    const KeyedVectors vectors = test::random_keyed(3000, 8);
    const Forest forest = build_forest(vectors, 20, 2);
    EXPECT_EQ(forest.size(), vectors.size());
    EXPECT_EQ(forest.metric(), Metric::kAngular);
    std::size_t same = 0;
    for (std::size_t row = 0; row < 100; ++row) {
        const std::vector<Match> exact = vectors.most_similar(vectors.key(row));
        const std::vector<Match> found =
            vectors.most_similar(vectors.key(row), {.index = &forest, .search_k = 100'000});
        ASSERT_EQ(found.size(), exact.size());
        for (std::size_t i = 0; i < exact.size(); ++i) {
            same += found[i].row == exact[i].row && found[i].score == exact[i].score ? 1 : 0;
            EXPECT_NE(found[i].row, row);
        }
    }
    EXPECT_GT(same, 990U) << "with so much effort hardly anything is missed";
}

TEST(BuildForest, OneFileHoldsVectorsKeysAndForest) {
    const test::TempDir dir;
    const KeyedVectors vectors = test::random_keyed(500, 6);
    const Forest forest = build_forest(vectors, 10);
    vectors.save(dir.file("v.kith"), &forest);
    const KeyedVectors opened = KeyedVectors::open(dir.file("v.kith"));
    const std::unique_ptr<Index> index = open_index(dir.file("v.kith"));
    EXPECT_EQ(index->kind(), IndexKind::kForest);
    for (std::size_t row = 0; row < 20; ++row) {
        const std::vector<Match> before = vectors.most_similar(vectors.key(row), {.index = &forest});
        const std::vector<Match> after = opened.most_similar(opened.key(row), {.index = index.get()});
        ASSERT_EQ(before.size(), after.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            EXPECT_EQ(before[i].key, after[i].key);
            EXPECT_EQ(before[i].score, after[i].score);
        }
    }
    EXPECT_THROW(test::random_keyed(499, 6).save(dir.file("w.kith"), &forest), InvalidArgument);
}

TEST(BuildForest, SameSeedSameForestWhateverTheThreads) {
    const KeyedVectors vectors = test::random_keyed(800, 5);
    const test::TempDir dir;
    build_forest(vectors, 3, 1, 7).save(dir.file("a.kith"));
    build_forest(vectors, 3, 2, 7).save(dir.file("b.kith"));
    EXPECT_EQ(inspect(dir.file("a.kith")).sections[0].checksum, inspect(dir.file("b.kith")).sections[0].checksum);
    EXPECT_THROW(static_cast<void>(build_forest(KeyedVectors(), 1)), InvalidArgument);
}

}  // namespace
}  // namespace kith
