#include <kith/coded_forest.hpp>

#include <algorithm>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/flat.hpp>

#include "index/compressed.hpp"
#include "index/narrow_rows.hpp"
#include "index/recall.hpp"
#include "support/brute_force.hpp"
#include "support/data.hpp"
#include "support/idx_images.hpp"

namespace kith {
namespace {

using test::recall;

TEST(CodedForest, OnImagesItReachesTheRecallAskedForWithQueriesItNeverSaw) {
    KITH_NEED_DATA(path, "t10k-images-idx3-ubyte.gz");
    const Matrix images = test::read_images(path, 0, 9000);
    const Matrix queries = test::read_images(path, 9000, 1000);
    const FlatIndex exact = FlatIndex::view(images.view(), Metric::kEuclidean);
    const auto forest = CodedForest::build(images.view(), {.metric = Metric::kEuclidean});
    for (const double wanted : {0.80, 0.90, 0.95, 0.99}) {
        EXPECT_GT(recall(forest, exact, queries.view(), {.k = 10, .recall = wanted}), wanted - 0.01) << wanted;
    }
}

TEST(CodedForest, EveryItemIsItsOwnNearestNeighbour) {
    const Matrix rows = test::random_matrix(2000, 30, 1);
    const auto forest = CodedForest::build(rows.view(), {.metric = Metric::kEuclidean, .calibration_queries = 100});
    for (Id id = 0; id < 2000; id += 13) {
        const Neighbors near = forest.search_item(id, {.k = 1, .recall = 1.0});
        ASSERT_EQ(near.size(), 1u);
        EXPECT_EQ(near.ids[0], id);
        EXPECT_EQ(near.distances[0], 0.0F);
    }
}

TEST(CodedForest, RowsThatFewerBytesHoldTakeTheseAndHaveTheAnswersOfFloats) {
    for (const Scalar scalar : test::kNarrowScalars) {
        const Matrix rows = test::narrow_rows(scalar, 3000, 96, 1);
        for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot, Metric::kManhattan}) {
            const auto forest = CodedForest::build(rows.view(), {.metric = metric, .calibration_queries = 100});
            test::expect_narrow(forest, scalar, rows, {.k = 10, .search_k = 3000, .rerank = 3000});
        }
    }
}

// Halves so long that some are read in part.
TEST(CodedForest, LongRowsOfHalvesHaveTheAnswersOfFloats) {
    const Matrix rows = test::narrow_rows(Scalar::kFloat16, 1000, 700, 1);
    for (const Metric metric : {Metric::kEuclidean, Metric::kManhattan}) {
        const auto forest = CodedForest::build(rows.view(), {.metric = metric, .calibration_queries = 0});
        test::expect_narrow(forest, Scalar::kFloat16, rows, {.k = 10, .search_k = 1000, .rerank = 1000});
    }
}

TEST(CodedForest, CompressedItAnswersAboutTheRoundedVectors) {
    const Matrix rows = test::random_matrix(2000, 60, 1);
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot, Metric::kManhattan}) {
        const auto forest =
            CodedForest::build(rows.view(), {.metric = metric, .compress = true, .calibration_queries = 100});
        test::expect_compressed(forest, rows, {.k = 10, .search_k = 2000, .rerank = 2000});
        EXPECT_LT(forest.overhead_bytes(), 2000U * 60);
    }
    EXPECT_THROW((void)CodedForest::build(rows.view(), {.metric = Metric::kHamming, .compress = true}),
                 InvalidArgument);
}

TEST(CodedForest, CompressedItTakesAQuarterToAThirdAndReachesTheRecallAskedFor) {
    KITH_NEED_DATA(path, "t10k-images-idx3-ubyte.gz");
    test::expect_small_at_the_recall_asked_for(path, 0.35, [](MatrixView<const float> rows, Metric metric) {
        return CodedForest::build(rows, {.metric = metric, .compress = true});
    });
}

// Few steps: what the vectors as given have for neighbours is not what the rounded ones have, and the curve says so.
TEST(CodedForest, CompressedItsCurveIsThatOfTheVectorsAsGiven) {
    Matrix rows = test::random_matrix(2000, 8, 1);
    rows.data()[0] = 60;  // a step is half a standard deviation
    const auto forest = CodedForest::build(rows.view(), {.metric = Metric::kEuclidean, .compress = true});
    const FlatIndex exact = FlatIndex::view(rows.view(), Metric::kEuclidean);
    const double found = recall(forest, exact, test::random_matrix(500, 8, 2).view(), {.k = 10, .recall = 1.0});
    EXPECT_LT(found, 0.9);
    EXPECT_NEAR(found, forest.recall_curve().back().recall, 0.03);
}

TEST(CodedForest, CompressedRowsThatBytesHoldExactlyStayAsTheyAre) {
    const Matrix rows = test::narrow_rows(Scalar::kInt8, 500, 20, 1);
    const auto forest = CodedForest::build(
        rows.view(), {.metric = Metric::kEuclidean, .compress = true, .calibration_queries = 100});
    EXPECT_EQ(forest.step(), 0);
    test::expect_narrow(forest, Scalar::kInt8, rows, {.k = 10, .search_k = 500, .rerank = 500});
}

TEST(CodedForest, KeepsTheVectorsAndTheirDistances) {
    const Matrix rows = test::random_matrix(100, 7, 1);
    const auto forest = CodedForest::build(rows.view(), {.metric = Metric::kManhattan, .calibration_queries = 0});
    EXPECT_TRUE(std::ranges::equal(forest.get_vector(42), rows.row(42)));
    EXPECT_NEAR(forest.distance(1, 2), test::exact_distance(Metric::kManhattan, rows.row(1), rows.row(2)), 1e-4);
    EXPECT_TRUE(forest.contains(99));
    EXPECT_FALSE(forest.contains(100));
    EXPECT_FALSE(forest.contains(-1));
}

TEST(CodedForest, ABatchOfAnySizeGivesTheRowsOfSingleSearchesWhateverTheThreads) {
    for (const Metric metric : all_metrics()) {
        for (const std::size_t n_trees : {1, 2}) {
            const auto forest = CodedForest::build(test::random_matrix(3000, 30, 1).view(),
                                                   {.metric = metric, .n_trees = n_trees, .leaf_size = 40});
            for (const std::size_t size : {1, 7, 100, 700}) {
                const Matrix queries = test::random_matrix(size, 30, 2);
                for (const std::int64_t search_k : {0, 30, 500, 9000}) {
                    const SearchOptions options{.k = 12, .search_k = search_k};
                    const NeighborTable one = forest.search_batch(queries.view(), options, 1);
                    const NeighborTable three = forest.search_batch(queries.view(), options, 3);
                    EXPECT_EQ(one.ids, three.ids);
                    for (std::size_t q = 0; q < size; ++q) {
                        const Neighbors alone = forest.search(queries.row(q), options);
                        ASSERT_TRUE(std::ranges::equal(one.row_ids(q), alone.ids)) << name(metric) << " " << q;
                        ASSERT_TRUE(std::ranges::equal(one.row_distances(q), alone.distances));
                    }
                }
            }
        }
    }
}

TEST(CodedForest, RefusesWhatCannotBeSearchedFor) {
    const auto forest = CodedForest::build(test::random_matrix(100, 4, 1).view(), {});
    const std::vector<float> query(4, 1.0F);
    const std::vector<float> broken(4, std::numeric_limits<float>::infinity());
    EXPECT_THROW((void)forest.search(std::vector<float>(3)), InvalidArgument);
    EXPECT_THROW((void)forest.search(broken), InvalidArgument);
    EXPECT_THROW((void)forest.search(query, {.search_k = -2}), InvalidArgument);
    EXPECT_THROW((void)forest.search(query, {.recall = 1.5}), InvalidArgument);
    EXPECT_THROW((void)forest.search_item(100), OutOfRange);
    EXPECT_THROW((void)forest.get_vector(-1), OutOfRange);
}

TEST(CodedForest, DuplicatesByTheThousandAndZerosAreFound) {
    Matrix rows(3000, 6);
    for (std::size_t i = 0; i < 1000; ++i) rows.row(i)[0] = 1.0F;
    for (const Metric metric : all_metrics()) {
        const auto forest = CodedForest::build(rows.view(), {.metric = metric, .calibration_queries = 50});
        const std::vector<float> query = {1, 0, 0, 0, 0, 0};
        const Neighbors near = forest.search(query, {.k = 20, .recall = 1.0});
        ASSERT_EQ(near.size(), 20u) << name(metric);
        for (const Id id : near.ids) EXPECT_LT(id, 1000) << name(metric);
    }
}

}  // namespace
}  // namespace kith
