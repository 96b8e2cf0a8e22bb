#include <kith/progressive.hpp>

#include <limits>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "index/forest/random_items.hpp"

namespace kith {
namespace {

using test::forest_of;
using test::random_items;

TEST(ProgressiveSearch, EachStepIsASearchAndTheLastIsTheOneAskedFor) {
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 3000, 12);
        const Forest forest = forest_of(metric, items, 8);
        for (const std::int64_t search_k : {-1L, 1L, 777L, 1'000'000L}) {
            const SearchOptions options{.k = 10, .search_k = search_k};
            ProgressiveSearch steps(forest, items.row(5), options);
            EXPECT_TRUE(steps.neighbors().ids.empty());
            EXPECT_EQ(steps.search_k(), 0);
            std::int64_t before = 0;
            Neighbors last;
            while (steps.next()) {
                EXPECT_GT(steps.search_k(), before);
                EXPECT_TRUE(before == 0 || steps.search_k() <= 2 * before);
                const Neighbors again = forest.search(items.row(5), {.k = 10, .search_k = steps.search_k()});
                EXPECT_EQ(steps.neighbors().ids, again.ids);
                EXPECT_EQ(steps.neighbors().distances, again.distances);
                for (std::size_t i = 0; i < last.size(); ++i) {
                    const float gained = steps.neighbors().distances[i] - last.distances[i];
                    EXPECT_TRUE(larger_is_nearer(metric) ? gained >= 0 : gained <= 0) << name(metric);
                }
                before = steps.search_k();
                last = steps.neighbors();
            }
            const Neighbors expected = forest.search(items.row(5), options);
            EXPECT_EQ(last.ids, expected.ids) << name(metric) << ' ' << search_k;
            EXPECT_EQ(last.distances, expected.distances);
            EXPECT_FALSE(steps.next());
            EXPECT_EQ(steps.neighbors().ids, expected.ids);
        }
    }
}

TEST(ProgressiveSearch, NothingToFindIsOneEmptyStep) {
    const Matrix items = random_items(Metric::kEuclidean, 100, 4);
    ProgressiveSearch steps(forest_of(Metric::kEuclidean, items, 0), items.row(0));
    EXPECT_TRUE(steps.next());
    EXPECT_EQ(steps.neighbors().size(), 0U);
    EXPECT_FALSE(steps.next());
}

TEST(ProgressiveSearch, AsManyAsThereAre) {
    const Matrix items = random_items(Metric::kEuclidean, 300, 4);
    ProgressiveSearch steps(forest_of(Metric::kEuclidean, items, 3), items.row(0), {.k = kAll});
    while (steps.next()) EXPECT_GT(steps.search_k(), 0);
    EXPECT_EQ(steps.neighbors().size(), 300U);
}

TEST(ProgressiveSearch, RefusesWhatSearchRefuses) {
    const Matrix items = random_items(Metric::kEuclidean, 100, 4);
    const Forest forest = forest_of(Metric::kEuclidean, items, 2);
    const std::vector<float> longer(5, 0.0F);
    const std::vector<float> infinite(4, std::numeric_limits<float>::infinity());
    EXPECT_THROW(ProgressiveSearch(forest, longer), InvalidArgument);
    EXPECT_THROW(ProgressiveSearch(forest, infinite), InvalidArgument);
    EXPECT_THROW(ProgressiveSearch(forest, items.row(0), {.search_k = -2}), InvalidArgument);
}

}  // namespace
}  // namespace kith
