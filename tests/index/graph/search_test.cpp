#include "index/graph/search.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "index/graph/build.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kGraphRows = 1000;
constexpr std::size_t kGraphDim = 70;

std::shared_ptr<const GraphData> built_graph(Metric metric, std::size_t short_dim = 0, std::size_t queries = 50) {
    return build_graph(RowStore::copy_of(test::random_matrix(kGraphRows, kGraphDim, 1).view(), metric),
                       {.metric = metric, .short_dim = short_dim, .calibration_queries = queries}, {});
}

TEST(GraphSearch, WithAllInSightAndRankedInFullItIsExact) {
    const Matrix queries = test::random_matrix(10, kGraphDim, 2);
    const Matrix rows = test::random_matrix(kGraphRows, kGraphDim, 1);
    for (const Metric metric : all_metrics()) {
        for (const std::size_t short_dim : {0, 12}) {
            const auto data = built_graph(metric, short_dim);
            for (std::size_t q = 0; q < queries.rows(); ++q) {
                Neighbors found;
                search_graph(*data, queries.row(q), 10, {kGraphRows, kGraphRows}, {}, found);
                const auto expected = test::exact_order(metric, rows.view(), queries.row(q));
                ASSERT_EQ(found.size(), 10u);
                for (std::size_t i = 0; i < 10; ++i) {
                    EXPECT_NEAR(found.distances[i], expected[i].first, 1e-3) << name(metric);
                    EXPECT_EQ(std::ranges::count(found.ids, found.ids[i]), 1) << "no row comes twice";
                }
            }
        }
    }
}

TEST(GraphSearch, WalksWithoutShortRowsFindWhatIsNearest) {
    constexpr std::size_t kLowDim = 24;
    const Matrix rows = test::random_matrix(kGraphRows, kLowDim, 1);
    const Matrix queries = test::random_matrix(20, kLowDim, 2);
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
        const auto data = build_graph(RowStore::copy_of(rows.view(), metric), {.metric = metric}, {});
        ASSERT_FALSE(data->has_short_rows());
        std::size_t found = 0;
        for (std::size_t q = 0; q < queries.rows(); ++q) {
            const auto expected = test::exact_order(metric, rows.view(), queries.row(q));
            Neighbors near;
            search_graph(*data, queries.row(q), 10, {100, 10}, {}, near);
            for (std::size_t i = 0; i < 10; ++i) {
                found += static_cast<std::size_t>(std::ranges::count(near.ids, expected[i].second));
            }
            search_graph(*data, queries.row(q), 10, {kGraphRows, 10}, {}, near);
            for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(near.distances[i], expected[i].first, 1e-3);
        }
        EXPECT_GE(found, 190u) << name(metric);
    }
}

TEST(GraphSearch, AWalkStepsOverTheRowItIsToldTo) {
    const auto data = built_graph(Metric::kEuclidean);
    std::vector<float> vector(kGraphDim);
    ShortQuery query;
    for (std::uint32_t row = 0; row < 50; ++row) {
        data->rows.get(row, vector);
        shorten_query(*data, vector, query);
        const auto with = walk(*data, query, 60);
        EXPECT_EQ(with.front(), row);
        const auto without = walk(*data, query, 60, row);
        EXPECT_EQ(std::ranges::count(without, row), 0);
        EXPECT_EQ(without.size(), 60u);
    }
}

TEST(GraphSearch, MoreEffortIsAskedForMoreRecallAndMoreNeighbours) {
    const auto data = built_graph(Metric::kEuclidean, 0, 200);
    SearchOptions options;
    options.recall = 0.8;
    const GraphEffort low = resolve_effort(*data, options);
    options.recall = 0.999;
    const GraphEffort high = resolve_effort(*data, options);
    EXPECT_LT(low.ef, high.ef);
    options.k = 100;
    EXPECT_GT(resolve_effort(*data, options).ef, high.ef);
    options.search_k = 123;
    options.rerank = 110;
    EXPECT_EQ(resolve_effort(*data, options).ef, 123u);
    EXPECT_EQ(resolve_effort(*data, options).shortlist, 110u);
    options.search_k = -1;
    options.ef = 321;
    EXPECT_EQ(resolve_effort(*data, options).ef, 321u);
    options.k = 5000;
    EXPECT_EQ(resolve_effort(*data, options).ef, kGraphRows);
}

TEST(GraphSearch, AFilterKeepsTheRecall) {
    const Matrix rows = test::random_matrix(kGraphRows, kGraphDim, 1);
    const Matrix queries = test::random_matrix(30, kGraphDim, 2);
    const auto data = built_graph(Metric::kEuclidean, 0, 200);
    for (const Id step : {Id{2}, Id{10}, Id{100}}) {
        const IdFilter filter = IdFilter::where([&](Id id) { return id % step == 0; });
        SearchOptions options;
        options.k = 5;
        options.recall = 0.95;
        options.filter = &filter;
        options.exclude = step;
        std::size_t hits = 0;
        for (std::size_t q = 0; q < queries.rows(); ++q) {
            Neighbors found;
            search_graph(*data, queries.row(q), 5, resolve_effort(*data, options), {options, kGraphRows}, found);
            ASSERT_EQ(found.size(), 5u);
            std::size_t wanted = 0;
            for (const auto& [distance, id] : test::exact_order(Metric::kEuclidean, rows.view(), queries.row(q))) {
                if (id % step != 0 || id == step || wanted == 5) continue;
                ++wanted;
                hits += std::ranges::count(found.ids, id) > 0 ? 1 : 0;
            }
            for (const Id id : found.ids) EXPECT_TRUE(id % step == 0 && id != step);
        }
        EXPECT_GT(hits, 30u * 5u * 92 / 100) << step;
    }
}

TEST(GraphSearch, AsManyAsThereAreAndNoneWhenNoneAreWanted) {
    const auto data = built_graph(Metric::kEuclidean);
    const Matrix queries = test::random_matrix(1, kGraphDim, 2);
    Neighbors found;
    search_graph(*data, queries.row(0), 5000, {kGraphRows, kGraphRows}, {}, found);
    EXPECT_EQ(found.size(), kGraphRows);
    search_graph(*data, queries.row(0), 0, {10, 10}, {}, found);
    EXPECT_EQ(found.size(), 0u);
}

}  // namespace
}  // namespace kith::index
