#include "index/forest/search.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "index/forest/random_items.hpp"

namespace kith::index {
namespace {

using test::exact_distance;
using test::exact_neighbors;
using test::forest_of;
using test::random_items;

TEST(ForestSearch, IsExactWhenItMeetsEverything) {
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 2000, 24);
        const Forest forest = forest_of(metric, items, 3);
        const Matrix queries = random_items(metric, 20, 24, 50);
        for (std::size_t i = 0; i < queries.rows(); ++i) {
            const Neighbors found = forest.search(queries.row(i), {.k = 15, .search_k = 1'000'000});
            ASSERT_EQ(found.size(), 15U);
            const std::vector<Id> expected = exact_neighbors(metric, items, queries.row(i), 15);
            for (std::size_t n = 0; n < 15; ++n) {
                // Near-ties may change places; the distance at each place may not.
                EXPECT_NEAR(
                    found.distances[n],
                    exact_distance(metric, queries.row(i), items.row(static_cast<std::size_t>(expected[n]))), 2e-4);
                EXPECT_NEAR(
                    found.distances[n],
                    exact_distance(metric, queries.row(i), items.row(static_cast<std::size_t>(found.ids[n]))),
                    2e-4);
            }
        }
    }
}

TEST(ForestSearch, EqualDistancesComeInOrderOfId) {
    Matrix items(300, 4);
    for (std::size_t i = 0; i < 300; ++i) items.row(i)[i % 3] = 1;
    const Forest forest = forest_of(Metric::kEuclidean, items, 4);
    const Neighbors found = forest.search(items.row(1), {.k = 200, .search_k = 100'000});
    for (std::size_t n = 0; n < 100; ++n) EXPECT_EQ(found.ids[n], static_cast<Id>(3 * n + 1));
    std::vector<Id> rest(found.ids.begin() + 100, found.ids.end());
    EXPECT_TRUE(std::is_sorted(rest.begin(), rest.end()));
}

TEST(ForestSearch, FindsNearlyAllWithAModestEffort) {
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 4000, 16);
        const Forest forest = forest_of(metric, items, 20);
        const Matrix queries = random_items(metric, 50, 16, 51);
        double hits = 0;
        for (std::size_t i = 0; i < queries.rows(); ++i) {
            const Neighbors found = forest.search(queries.row(i), {.k = 10, .search_k = 1500});
            const double worst = exact_distance(
                metric, queries.row(i),
                items.row(static_cast<std::size_t>(exact_neighbors(metric, items, queries.row(i), 10).back())));
            for (const float distance : found.distances) {
                hits += (larger_is_nearer(metric) ? distance >= worst - 1e-4 : distance <= worst + 1e-4) ? 1 : 0;
            }
        }
        EXPECT_GT(hits / 500, 0.8) << name(metric);
    }
}

TEST(ForestSearch, AnItemIsItsOwnNearestNeighbour) {
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kHamming}) {
        const Matrix items = random_items(metric, 1000, 64);
        const Forest forest = forest_of(metric, items, 3);
        for (Id id = 0; id < 1000; id += 37) {
            const Neighbors found = forest.search_item(id, {.k = 3});
            EXPECT_EQ(found.ids, forest.search(items.row(static_cast<std::size_t>(id)), {.k = 3}).ids);
            EXPECT_EQ(found.ids.front(), id);
            EXPECT_NEAR(found.distances.front(), 0, 1e-3);
        }
    }
}

TEST(ForestSearch, MoreEffortFindsNoWorse) {
    const Matrix items = random_items(Metric::kEuclidean, 5000, 20);
    const Forest forest = forest_of(Metric::kEuclidean, items, 5);
    const Matrix queries = random_items(Metric::kEuclidean, 20, 20, 52);
    for (std::size_t i = 0; i < queries.rows(); ++i) {
        float before = std::numeric_limits<float>::infinity();
        for (const std::int64_t search_k : {100, 500, 2000, 20'000}) {
            const Neighbors found = forest.search(queries.row(i), {.k = 10, .search_k = search_k});
            ASSERT_EQ(found.size(), 10U);
            EXPECT_LE(found.distances.back(), before);
            before = found.distances.back();
        }
    }
}

TEST(ForestSearch, OneThreadsScratchServesForestsOfAnySize) {
    const Matrix large = random_items(Metric::kAngular, 3000, 8);
    const Matrix small = random_items(Metric::kHamming, 10, 200);
    const Forest a = forest_of(Metric::kAngular, large, 2);
    const Forest b = forest_of(Metric::kHamming, small, 2);
    const Neighbors from_a = a.search(large.row(0), {.k = 20});
    const Neighbors from_b = b.search(small.row(0), {.k = 20});
    EXPECT_EQ(from_b.size(), 10U);
    EXPECT_EQ(a.search(large.row(0), {.k = 20}).ids, from_a.ids);
}

}  // namespace
}  // namespace kith::index
