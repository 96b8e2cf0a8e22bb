#include "index/forest/forest_grower.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "index/forest/random_items.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::builder_of;
using test::file_bytes;
using test::random_items;
using test::TempDir;

TEST(ForestGrower, ThreadsDoNotChangeTheBytes) {
    const TempDir folder;
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 2000, 20);
        for (const int trees : {-1, 1, 9}) {
            std::vector<char> expected;
            for (const std::size_t threads : {1UL, 2UL, 8UL}) {
                ForestBuilder builder = builder_of(metric, items);
                builder.build(trees, threads);
                builder.save_annoy(folder.file("x.ann"));
                const std::vector<char> bytes = file_bytes(folder.file("x.ann"));
                if (threads == 1) expected = bytes;
                EXPECT_EQ(bytes, expected) << name(metric) << ", " << trees << " trees, " << threads << " threads";
            }
        }
    }
}

TEST(ForestGrower, SeedsDoChangeThem) {
    const Matrix items = random_items(Metric::kAngular, 1000, 10);
    const TempDir folder;
    std::vector<std::vector<char>> files;
    for (const std::uint64_t seed : {1ULL, 2ULL, 1ULL}) {
        ForestBuilder builder = builder_of(Metric::kAngular, items);
        builder.set_seed(seed);
        builder.build(2);
        builder.save_annoy(folder.file("x.ann"));
        files.push_back(file_bytes(folder.file("x.ann")));
    }
    EXPECT_NE(files[0], files[1]);
    EXPECT_EQ(files[0], files[2]);
}

TEST(ForestGrower, MinusOneTakesAsMuchRoomAsTheItems) {
    for (const std::size_t rows : {0UL, 1UL, 10UL, 3000UL}) {
        const Matrix items = random_items(Metric::kEuclidean, rows, 10);
        ForestBuilder builder = builder_of(Metric::kEuclidean, items);
        builder.build(-1);
        const Forest forest = builder.forest();
        const std::size_t trees = forest.n_trees();
        if (rows == 0) {
            EXPECT_EQ(trees, 0U);
            continue;
        }
        const std::size_t grown = forest.n_nodes() - trees;
        EXPECT_GE(grown, 2 * rows);
        // Without the last tree it was not enough.
        EXPECT_LT(grown - (grown - rows) / trees, 2 * rows + trees);
    }
}

TEST(ForestGrower, ReportsItemsPlacedAndStopsWhenAsked) {
    const Matrix items = random_items(Metric::kEuclidean, 3000, 10);
    ForestBuilder builder = builder_of(Metric::kEuclidean, items);
    Progress last;
    builder.build(4, 2, [&](const Progress& progress) {
        EXPECT_EQ(progress.stage, "building");
        EXPECT_GE(progress.done, last.done);
        last = progress;
        return true;
    });
    EXPECT_EQ(last.done, 12'000U);
    EXPECT_EQ(last.total, 12'000U);
    builder.unbuild();
    EXPECT_THROW(builder.build(4, 2, [](const Progress&) { return false; }), Cancelled);
    EXPECT_FALSE(builder.is_built());
    builder.build(4, 2);
    EXPECT_EQ(builder.forest().n_trees(), 4U);
    builder.forest().verify();
}

TEST(ForestGrower, RefusesANegativeNumberOfTrees) {
    ForestBuilder builder({.metric = Metric::kEuclidean, .dim = 2});
    EXPECT_THROW(builder.build(-2), InvalidArgument);
}

TEST(ForestGrower, HardDataEndsInTrees) {
    const auto build = [](Metric metric, const Matrix& items) {
        const Forest forest = test::forest_of(metric, items, 3);
        forest.verify();
        EXPECT_EQ(forest.search(items.row(0), {.k = 10'000, .search_k = 1'000'000}).size(), items.rows());
    };
    for (const Metric metric : all_metrics()) {
        // All equal; all zero; one far from the rest; nearly all equal; elements of every size.
        Matrix equal(2000, 3);
        std::fill_n(equal.data(), 6000, 1.0F);
        build(metric, equal);
        build(metric, Matrix(500, 1));
        Matrix outlier(1000, 2);
        outlier.row(7)[1] = 1e6F;
        build(metric, outlier);
        Matrix nearly(2000, 2);
        for (std::size_t i = 0; i < 60; ++i) nearly.row(i * 30)[0] = static_cast<float>(i);
        build(metric, nearly);
        Matrix sizes(600, 2);
        for (std::size_t i = 0; i < 600; ++i)
            sizes.row(i)[i % 2] = std::ldexp(i % 3 == 0 ? -1.0F : 1.0F, static_cast<int>(i % 240) - 120);
        build(metric, sizes);
    }
}

}  // namespace
}  // namespace kith
