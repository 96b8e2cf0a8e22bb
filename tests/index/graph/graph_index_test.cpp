#include <kith/graph.hpp>

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

constexpr Metric kGraphMetrics[] = {Metric::kAngular, Metric::kEuclidean, Metric::kDot, Metric::kManhattan};

using test::recall;

TEST(GraphIndex, OnImagesItReachesTheRecallAskedForWithQueriesItNeverSaw) {
    KITH_NEED_DATA(path, "t10k-images-idx3-ubyte.gz");
    const Matrix images = test::read_images(path, 0, 9000);
    const Matrix queries = test::read_images(path, 9000, 1000);
    const FlatIndex exact = FlatIndex::view(images.view(), Metric::kEuclidean);
    const auto graph = GraphIndex::build(images.view(), {.metric = Metric::kEuclidean});
    EXPECT_LT(graph.short_dim(), 784u);
    EXPECT_LT(static_cast<double>(graph.overhead_bytes()), 0.6 * 9000 * 784 * sizeof(float));
    for (const double wanted : {0.80, 0.90, 0.95, 0.99}) {
        EXPECT_GT(recall(graph, exact, queries.view(), {.k = 10, .recall = wanted}), wanted - 0.01) << wanted;
    }
}

TEST(GraphIndex, RowsThatFewerBytesHoldTakeTheseAndHaveTheAnswersOfFloats) {
    for (const Scalar scalar : test::kNarrowScalars) {
        const Matrix rows = test::narrow_rows(scalar, 1500, 300, 1);
        for (const Metric metric : kGraphMetrics) {
            const auto graph = GraphIndex::build(rows.view(), {.metric = metric, .calibration_queries = 100});
            test::expect_narrow(graph, scalar, rows, {.k = 10, .ef = 1500, .rerank = 1500});
        }
    }
}

TEST(GraphIndex, CompressedItAnswersAboutTheRoundedVectors) {
    const Matrix rows = test::random_matrix(1000, 60, 1);
    for (const Metric metric : kGraphMetrics) {
        const auto graph =
            GraphIndex::build(rows.view(), {.metric = metric, .compress = true, .calibration_queries = 100});
        test::expect_compressed(graph, rows, {.k = 10, .ef = 1000, .rerank = 1000});
    }
    EXPECT_THROW((void)GraphIndex::build(rows.view(), {.metric = Metric::kHamming, .compress = true}),
                 InvalidArgument);
}

TEST(GraphIndex, CompressedItTakesLessThanHalfAndReachesTheRecallAskedFor) {
    KITH_NEED_DATA(path, "t10k-images-idx3-ubyte.gz");
    test::expect_small_at_the_recall_asked_for(path, 0.5, [](MatrixView<const float> rows, Metric metric) {
        return GraphIndex::build(rows, {.metric = metric, .compress = true});
    });
}

TEST(GraphIndex, EveryMetricReachesTheRecallAskedFor) {
    const Matrix rows = test::random_matrix(4000, 20, 1);
    const Matrix queries = test::random_matrix(300, 20, 2);
    for (const Metric metric : kGraphMetrics) {
        const FlatIndex exact = FlatIndex::view(rows.view(), metric);
        const auto graph = GraphIndex::build(rows.view(), {.metric = metric, .calibration_queries = 300});
        for (const double wanted : {0.90, 0.99}) {
            // Queries by dot product lie elsewhere than the rows that the build asked about.
            const double slack = metric == Metric::kDot ? 0.05 : 0.015;
            EXPECT_GT(recall(graph, exact, queries.view(), {.k = 10, .recall = wanted}), wanted - slack)
                << name(metric);
        }
        EXPECT_GT(recall(graph, exact, queries.view(), {.k = 10, .search_k = 400}), 0.97) << name(metric);
    }
}

TEST(GraphIndex, BitsOfImagesAreFoundByHamming) {
    KITH_NEED_DATA(path, "t10k-images-idx3-ubyte.gz");
    Matrix images = test::read_images(path, 0, 6300);
    for (std::size_t i = 0; i < images.rows(); ++i) {
        for (float& x : images.row(i)) x = x > 100 ? 1.0F : 0.0F;
    }
    const auto items = images.view().slice(0, 6000);
    const auto queries = images.view().slice(6000, 300);
    const auto graph = GraphIndex::build(items, {.metric = Metric::kHamming, .calibration_queries = 300});
    const FlatIndex exact(items, Metric::kHamming);
    // By distance: many images differ from a query in equally many bits.
    const NeighborTable found = graph.search_batch(queries, {.k = 10, .recall = 0.95});
    const NeighborTable wanted = exact.search_batch(queries, {.k = 10});
    std::size_t hits = 0;
    for (std::size_t i = 0; i < queries.rows(); ++i) {
        const float farthest = wanted.row_distances(i).back();
        for (const float each : found.row_distances(i)) hits += each <= farthest ? 1 : 0;
    }
    EXPECT_GT(static_cast<double>(hits) / 3000, 0.94);
    const Neighbors within = graph.range_search(queries.row(0), 100.0F, {.k = kAll, .ef = 3000});
    const Neighbors all = exact.range_search(queries.row(0), 100.0F);
    EXPECT_GE(10 * within.size(), 9 * all.size());
}

TEST(GraphIndex, EveryItemIsItsOwnNearestNeighbour) {
    const Matrix rows = test::random_matrix(2000, 30, 1);
    const auto graph = GraphIndex::build(rows.view(), {.metric = Metric::kEuclidean, .calibration_queries = 100});
    for (Id id = 0; id < 2000; id += 13) {
        const Neighbors near = graph.search_item(id, {.k = 1, .search_k = 100});
        ASSERT_EQ(near.size(), 1u);
        EXPECT_EQ(near.ids[0], id);
        EXPECT_EQ(near.distances[0], 0.0F);
    }
}

TEST(GraphIndex, KeepsTheVectorsAndTheirDistances) {
    const Matrix rows = test::random_matrix(100, 7, 1);
    const auto graph = GraphIndex::build(rows.view(), {.metric = Metric::kEuclidean, .calibration_queries = 0});
    EXPECT_TRUE(std::ranges::equal(graph.get_vector(42), rows.row(42)));
    EXPECT_NEAR(graph.distance(1, 2), test::exact_distance(Metric::kEuclidean, rows.row(1), rows.row(2)), 1e-4);
    EXPECT_TRUE(graph.contains(99));
    EXPECT_FALSE(graph.contains(100));
    EXPECT_FALSE(graph.contains(-1));
}

TEST(GraphIndex, RefusesWhatCannotBeSearchedFor) {
    const auto graph = GraphIndex::build(test::random_matrix(100, 4, 1).view(), {});
    const std::vector<float> query(4, 1.0F);
    const std::vector<float> broken(4, std::numeric_limits<float>::infinity());
    EXPECT_THROW((void)graph.search(std::vector<float>(3)), InvalidArgument);
    EXPECT_THROW((void)graph.search(broken), InvalidArgument);
    EXPECT_THROW((void)graph.search(query, {.recall = 1.5}), InvalidArgument);
    EXPECT_THROW((void)graph.search_item(100), OutOfRange);
    EXPECT_THROW((void)graph.get_vector(-1), OutOfRange);
}

TEST(GraphIndex, DuplicatesByTheThousandAndZerosAreFound) {
    Matrix rows(3000, 6);
    for (std::size_t i = 0; i < 1000; ++i) rows.row(i)[0] = 1.0F;
    for (const Metric metric : kGraphMetrics) {
        const auto graph = GraphIndex::build(rows.view(), {.metric = metric, .calibration_queries = 50});
        const std::vector<float> query = {1, 0, 0, 0, 0, 0};
        const Neighbors near = graph.search(query, {.k = 20, .search_k = 200});
        ASSERT_EQ(near.size(), 20u) << name(metric);
        for (const Id id : near.ids) EXPECT_LT(id, 1000) << name(metric);
    }
}

}  // namespace
}  // namespace kith
