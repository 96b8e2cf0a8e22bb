#include <kith/forest_recall.hpp>

#include <algorithm>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/open.hpp>

#include "index/forest/random_items.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::builder_of;
using test::random_items;

TEST(BuildForRecall, ReachesWhatIsAskedForWithQueriesItHasNotSeen) {
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kHamming}) {
        const Matrix all = random_items(metric, 5200, 24);
        const MatrixView<const float> items = all.view().slice(0, 5000);
        ForestBuilder builder({.metric = metric, .dim = 24});
        builder.add(items, 0);
        const ForestEffort effort = build_for_recall(builder, 0.8, 5);
        EXPECT_GE(effort.recall, 0.8);
        EXPECT_EQ(builder.n_trees(), static_cast<std::size_t>(effort.n_trees));
        const Forest forest = builder.forest();
        std::size_t hits = 0;
        for (std::size_t i = 5000; i < 5200; ++i) {
            const Neighbors truth = forest.search(all.row(i), {.k = 5, .search_k = 1'000'000});
            for (const Id id : forest.search(all.row(i), {.k = 5, .search_k = effort.search_k}).ids) {
                hits += std::count(truth.ids.begin(), truth.ids.end(), id) != 0 ? 1 : 0;
            }
        }
        EXPECT_GT(static_cast<double>(hits) / 1000, 0.72) << name(metric);
    }
}

TEST(BuildForRecall, IsWhatSearchesInspectUnlessTheyAreToldOtherwise) {
    const Matrix items = random_items(Metric::kEuclidean, 3000, 24);
    ForestBuilder builder = builder_of(Metric::kEuclidean, items);
    const ForestEffort effort = build_for_recall(builder, 0.7);
    const Forest forest = builder.forest();
    const auto wanted = static_cast<std::size_t>(effort.search_k);
    EXPECT_EQ(forest.default_search_k(10), wanted);
    EXPECT_EQ(forest.default_search_k(1), wanted);
    EXPECT_EQ(forest.default_search_k(20), 2 * wanted);
    EXPECT_EQ(forest.default_search_k(kAll), kAll);
    const auto query = items.row(5);
    EXPECT_EQ(forest.search(query, {.k = 10}).ids,
              forest.search(query, {.k = 10, .search_k = effort.search_k}).ids);

    const test::TempDir folder;
    forest.save(folder.file("f.kith"));
    EXPECT_EQ(Forest::open(folder.file("f.kith")).default_search_k(20), 2 * wanted);
    EXPECT_EQ(verify(folder.file("f.kith")).problem, "");

    builder.unbuild();
    builder.build(3);
    EXPECT_EQ(builder.forest().default_search_k(10), 30U);
    EXPECT_EQ(forest.default_search_k(10), wanted);
    EXPECT_THROW(builder.set_default_search_k(0, 10), InvalidArgument);
    EXPECT_THROW(builder.set_default_search_k(10, 0), InvalidArgument);
    builder.unbuild();
    EXPECT_THROW(builder.set_default_search_k(10, 10), InvalidArgument);
}

TEST(BuildForRecall, IsTheSameForAnyNumberOfThreads) {
    const Matrix items = random_items(Metric::kEuclidean, 3000, 12);
    ForestBuilder one = builder_of(Metric::kEuclidean, items);
    ForestBuilder three = builder_of(Metric::kEuclidean, items);
    const ForestEffort first = build_for_recall(one, 0.9, 10, 1);
    const ForestEffort second = build_for_recall(three, 0.9, 10, 3);
    EXPECT_EQ(first.n_trees, second.n_trees);
    EXPECT_EQ(first.search_k, second.search_k);
    EXPECT_EQ(first.recall, second.recall);
    EXPECT_EQ(one.forest().n_nodes(), three.forest().n_nodes());
}

TEST(BuildForRecall, TakesMoreEffortForMore) {
    const Matrix items = random_items(Metric::kEuclidean, 3000, 24);
    ForestBuilder low = builder_of(Metric::kEuclidean, items);
    ForestBuilder high = builder_of(Metric::kEuclidean, items);
    EXPECT_LT(build_for_recall(low, 0.5).search_k, build_for_recall(high, 0.99).search_k);
}

TEST(BuildForRecall, RefusesWhatCannotBe) {
    const Matrix items = random_items(Metric::kEuclidean, 50, 4);
    ForestBuilder builder = builder_of(Metric::kEuclidean, items);
    for (const double recall : {0.0, 1.0, -1.0, 2.0})
        EXPECT_THROW(build_for_recall(builder, recall), InvalidArgument);
    EXPECT_THROW(build_for_recall(builder, 0.5, 0), InvalidArgument);
    ForestBuilder empty({.metric = Metric::kEuclidean, .dim = 4});
    EXPECT_THROW(build_for_recall(empty, 0.5), InvalidArgument);
    EXPECT_THROW(build_for_recall(builder, 0.5, 10, 0, [](const Progress&) { return false; }), Cancelled);
    EXPECT_FALSE(builder.is_built());
    (void)build_for_recall(builder, 0.5);
    EXPECT_TRUE(builder.is_built());
    EXPECT_THROW(build_for_recall(builder, 0.5), InvalidArgument);
}

}  // namespace
}  // namespace kith
