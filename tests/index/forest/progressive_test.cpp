#include <kith/progressive.hpp>

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

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

// Two searches and whole ones in turns on one thread.
TEST(ProgressiveSearch, IsNotDisturbedByOtherSearches) {
    const Matrix items = random_items(Metric::kAngular, 4000, 20);
    const Matrix bits = random_items(Metric::kHamming, 2000, 90);
    const Forest forest = forest_of(Metric::kAngular, items, 10);
    const Forest other = forest_of(Metric::kHamming, bits, 4);
    ProgressiveSearch a(forest, items.row(1), {.k = 10, .search_k = 20'000});
    ProgressiveSearch b(forest, items.row(2), {.k = 100, .search_k = 30'000});
    ProgressiveSearch c(other, bits.row(3), {.k = 1, .search_k = 8000});
    bool more = true;
    while (more) {
        more = false;
        for (auto& [steps, index, query, k] :
             {std::tuple(&a, &forest, items.row(1), 10UL), std::tuple(&b, &forest, items.row(2), 100UL),
              std::tuple(&c, &other, bits.row(3), 1UL)}) {
            if (!steps->next()) continue;
            more = true;
            const Neighbors expected = index->search(query, {.k = k, .search_k = steps->search_k()});
            EXPECT_EQ(steps->neighbors().ids, expected.ids);
            EXPECT_EQ(steps->neighbors().distances, expected.distances);
        }
    }
}

TEST(ProgressiveSearch, OutlivesItsForestAndGoesOnWhereItIsMoved) {
    const Matrix items = random_items(Metric::kEuclidean, 3000, 8);
    std::vector<float> query(items.row(4).begin(), items.row(4).end());
    const Neighbors expected = forest_of(Metric::kEuclidean, items, 6).search(query, {.k = 5, .search_k = 4000});
    ProgressiveSearch steps(forest_of(Metric::kEuclidean, items, 6), query, {.k = 5, .search_k = 4000});
    std::fill(query.begin(), query.end(), 0.0F);
    ASSERT_TRUE(steps.next());
    ProgressiveSearch moved(std::move(steps));
    ASSERT_TRUE(moved.next());
    steps = std::move(moved);
    while (steps.next()) EXPECT_LE(steps.search_k(), 4000);
    EXPECT_EQ(steps.search_k(), 4000);
    EXPECT_EQ(steps.neighbors().ids, expected.ids);
    EXPECT_EQ(steps.neighbors().distances, expected.distances);
}

TEST(ProgressiveSearch, HoldsToItsFilterAndLeavesOutWhatIsExcluded) {
    const Matrix items = random_items(Metric::kAngular, 3000, 12);
    const Forest forest = forest_of(Metric::kAngular, items, 8);
    const IdFilter filter = IdFilter::where([](Id id) { return id % 7 == 0; });
    ProgressiveSearch steps(forest, items.row(14), {.k = 10, .search_k = 24'000, .filter = &filter, .exclude = 14});
    while (steps.next()) {
        const Neighbors expected =
            forest.search(items.row(14), {.k = 10, .search_k = steps.search_k(), .filter = &filter, .exclude = 14});
        EXPECT_EQ(steps.neighbors().ids, expected.ids);
        EXPECT_EQ(steps.neighbors().distances, expected.distances);
        for (const Id id : expected.ids) EXPECT_TRUE(id != 14 && id % 7 == 0) << id;
    }
}

TEST(ProgressiveSearch, AsksAConditionOnceOfEachItemMet) {
    const Matrix items = random_items(Metric::kAngular, 3000, 12);
    std::size_t asked = 0;
    const IdFilter filter = IdFilter::where([&](Id) { return ++asked != 0; });
    ProgressiveSearch steps(forest_of(Metric::kAngular, items, 8), items.row(14),
                            {.search_k = 2000, .filter = &filter});
    while (steps.next()) EXPECT_GT(steps.search_k(), 0);
    // Of some also for the share that it allows.
    EXPECT_LE(asked, 3000U + 512U);
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
