#include <kith/forest.hpp>

#include <limits>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "index/forest/random_items.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::exact_distance;
using test::forest_of;
using test::random_items;

TEST(Forest, TellsWhatItIs) {
    const Forest forest = forest_of(Metric::kManhattan, random_items(Metric::kManhattan, 100, 12), 3);
    EXPECT_EQ(forest.kind(), IndexKind::kForest);
    EXPECT_EQ(forest.metric(), Metric::kManhattan);
    EXPECT_EQ(forest.dim(), 12U);
    EXPECT_EQ(forest.size(), 100U);
    EXPECT_EQ(forest.n_trees(), 3U);
    EXPECT_EQ(forest.node_bytes(), 64U);
    EXPECT_TRUE(forest.contains(99));
    EXPECT_FALSE(forest.contains(100));
    EXPECT_FALSE(forest.contains(-1));
}

TEST(Forest, GivesItemsAndDistances) {
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 50, 70);
        const Forest forest = forest_of(metric, items, 1);
        for (Id a = 0; a < 50; a += 7) {
            const auto row = items.row(static_cast<std::size_t>(a));
            EXPECT_EQ(forest.get_vector(a), std::vector<float>(row.begin(), row.end()));
            EXPECT_NEAR(forest.distance(a, 3), exact_distance(metric, row, items.row(3)), 1e-3);
        }
    }
}

TEST(Forest, RefusesWhatItCannotAnswer) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    for (const Metric metric : all_metrics()) {
        const Forest forest = forest_of(metric, random_items(metric, 50, 3), 1);
        EXPECT_THROW((void)forest.search(std::vector<float>{1, 2}), InvalidArgument);
        EXPECT_THROW((void)forest.search(std::vector<float>{1, 2, 3, 4}), InvalidArgument);
        EXPECT_THROW((void)forest.search(std::vector<float>{1, kNan, 3}), InvalidArgument);
        EXPECT_THROW((void)forest.search(std::vector<float>{1, 2, -kInfinity}), InvalidArgument);
        EXPECT_THROW((void)forest.search(std::vector<float>{1, 2, 3}, {.search_k = -2}), InvalidArgument);
        EXPECT_THROW((void)forest.search_item(50), OutOfRange);
        EXPECT_THROW((void)forest.search_item(-1), OutOfRange);
        EXPECT_THROW((void)forest.get_vector(50), OutOfRange);
        EXPECT_THROW((void)forest.distance(0, 50), OutOfRange);
    }
}

TEST(Forest, DefaultEffortIsKFromEachTree) {
    const Matrix items = random_items(Metric::kEuclidean, 3000, 10);
    const Forest forest = forest_of(Metric::kEuclidean, items, 8);
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(forest.search(items.row(i), {.k = 25}).ids,
                  forest.search(items.row(i), {.k = 25, .search_k = 200}).ids);
    }
    EXPECT_EQ(forest.search(items.row(0), {.k = std::numeric_limits<std::size_t>::max()}).size(), 3000U);
}

TEST(Forest, NoEffortAndNoWishFindNothing) {
    const Matrix items = random_items(Metric::kEuclidean, 100, 10);
    const Forest forest = forest_of(Metric::kEuclidean, items, 2);
    Neighbors found = forest.search(items.row(0), {.k = 5});
    forest.search(items.row(0), {.k = 0}, found);
    EXPECT_TRUE(found.empty());
    EXPECT_TRUE(forest.search(items.row(0), {.k = 5, .search_k = 0}).empty());
}

TEST(Forest, IsTheSameFromManyThreads) {
    const Matrix items = random_items(Metric::kAngular, 3000, 16);
    const Forest forest = forest_of(Metric::kAngular, items, 5);
    std::vector<std::vector<Id>> expected;
    for (std::size_t i = 0; i < 100; ++i) expected.push_back(forest.search(items.row(i)).ids);
    std::vector<int> wrong(8, 0);
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < 8; ++t) {
            threads.emplace_back([&, t] {
                for (std::size_t i = 0; i < 100; ++i)
                    wrong[t] += forest.search(items.row(i)).ids == expected[i] ? 0 : 1;
            });
        }
    }
    EXPECT_EQ(wrong, std::vector<int>(8, 0));
    const NeighborTable table = forest.search_batch(items.view().slice(0, 100), {}, 4);
    for (std::size_t i = 0; i < 100; ++i) {
        EXPECT_EQ(std::vector<Id>(table.row_ids(i).begin(), table.row_ids(i).end()), expected[i]);
    }
}

TEST(Forest, OutlivesItsFileAndItsCopies) {
    const test::TempDir folder;
    const Matrix items = random_items(Metric::kAngular, 500, 16);
    forest_of(Metric::kAngular, items, 3).save_annoy(folder.file("x.ann"));
    auto first = std::make_unique<Forest>(
        Forest::open_annoy(folder.file("x.ann"), Metric::kAngular, 16, {.prefault = true}));
    const Forest second = *first;
    const Neighbors expected = first->search(items.row(4));
    first.reset();
    // Replacing the file leaves the mapped one alone; saving over what is mapped is safe.
    second.save_annoy(folder.file("x.ann"));
    forest_of(Metric::kAngular, random_items(Metric::kAngular, 50, 16, 9), 1).save_annoy(folder.file("x.ann"));
    EXPECT_EQ(second.search(items.row(4)).ids, expected.ids);
}

}  // namespace
}  // namespace kith
