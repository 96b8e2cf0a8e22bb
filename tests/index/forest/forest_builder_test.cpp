#include <filesystem>
#include <limits>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/forest.hpp>

#include "index/forest/random_items.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::builder_of;
using test::file_bytes;
using test::random_items;
using test::TempDir;

TEST(ForestBuilder, GoesThroughAllItsStates) {
    const TempDir folder;
    const Matrix items = random_items(Metric::kAngular, 400, 10);
    ForestBuilder builder({.metric = Metric::kAngular, .dim = 10});
    EXPECT_FALSE(builder.is_built());
    EXPECT_THROW((void)builder.forest(), InvalidArgument);
    EXPECT_THROW(builder.unbuild(), InvalidArgument);
    EXPECT_THROW(builder.save_annoy(folder.file("x.ann")), InvalidArgument);
    builder.add(items.view().slice(0, 200), 0);
    builder.build(3);
    EXPECT_TRUE(builder.is_built());
    EXPECT_EQ(builder.n_trees(), 3U);
    EXPECT_THROW(builder.build(3), InvalidArgument);
    EXPECT_THROW(builder.add(200, items.row(200)), InvalidArgument);
    EXPECT_EQ(builder.forest().search(items.row(7), {.k = 1}).ids, (std::vector<Id>{7}));
    builder.unbuild();
    EXPECT_FALSE(builder.is_built());
    EXPECT_EQ(builder.n_trees(), 0U);
    builder.add(items.view().slice(200, 200), 200);
    builder.build(2);
    EXPECT_EQ(builder.n_items(), 400U);
    EXPECT_EQ(builder.forest().search(items.row(300), {.k = 1}).ids, (std::vector<Id>{300}));
    builder.save_annoy(folder.file("x.ann"));
    EXPECT_EQ(Forest::open_annoy(folder.file("x.ann"), Metric::kAngular, 10).n_trees(), 2U);
}

TEST(ForestBuilder, RebuildingAfterUnbuildIsAsBuildingAfresh) {
    const TempDir folder;
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 600, 10);
        ForestBuilder twice = builder_of(metric, items);
        twice.build(7);
        twice.unbuild();
        twice.build(3);
        twice.save_annoy(folder.file("twice.ann"));
        ForestBuilder once = builder_of(metric, items);
        once.build(3);
        once.save_annoy(folder.file("once.ann"));
        EXPECT_EQ(file_bytes(folder.file("twice.ann")), file_bytes(folder.file("once.ann"))) << name(metric);
    }
}

TEST(ForestBuilder, AForestStaysAsItWasWhenTheBuilderChanges) {
    for (const bool on_disk : {false, true}) {
        const TempDir folder;
        const Matrix items = random_items(Metric::kEuclidean, 1000, 10);
        ForestBuilder builder({.metric = Metric::kEuclidean, .dim = 10});
        if (on_disk) builder.on_disk(folder.file("x.ann"));
        builder.add(items.view().slice(0, 500), 0);
        builder.build(3);
        const Forest old = builder.forest();
        const Neighbors expected = old.search(items.row(700), {.k = 20});
        builder.unbuild();
        Matrix moved(1000, 10);
        builder.add(moved.view(), 0);
        builder.build(5);
        EXPECT_EQ(old.size(), 500U);
        EXPECT_EQ(old.search(items.row(700), {.k = 20}).ids, expected.ids);
        EXPECT_EQ(old.search(items.row(700), {.k = 20}).distances, expected.distances);
        EXPECT_EQ(builder.forest().size(), 1000U);
        EXPECT_EQ(builder.forest().n_trees(), 5U);
    }
}

TEST(ForestBuilder, GivesItemsBeforeAndAfterBuilding) {
    const TempDir folder;
    for (const Metric metric : all_metrics()) {
        for (const bool on_disk : {false, true}) {
            const Matrix items = random_items(metric, 40, 9);
            ForestBuilder builder({.metric = metric, .dim = 9});
            if (on_disk) builder.on_disk(folder.file("x.ann"));
            builder.add(5, items.row(0));
            builder.add(2, items.row(1));
            for (int round = 0; round < 2; ++round) {
                EXPECT_EQ(builder.n_items(), 6U);
                EXPECT_TRUE(builder.contains(5));
                EXPECT_FALSE(builder.contains(4));
                EXPECT_FALSE(builder.contains(6));
                EXPECT_EQ(builder.get_vector(5), std::vector<float>(items.row(0).begin(), items.row(0).end()));
                EXPECT_EQ(builder.get_vector(4), std::vector<float>(9, 0.0F));
                EXPECT_NEAR(builder.distance(5, 2), test::exact_distance(metric, items.row(0), items.row(1)), 1e-4);
                EXPECT_THROW((void)builder.get_vector(6), OutOfRange);
                EXPECT_THROW((void)builder.distance(5, -1), OutOfRange);
                if (round == 0) builder.build(1);
            }
        }
    }
}

TEST(ForestBuilder, ReplacesAnItem) {
    const Matrix items = random_items(Metric::kAngular, 10, 9);
    ForestBuilder builder = builder_of(Metric::kAngular, items);
    builder.add(3, items.row(7));
    EXPECT_EQ(builder.n_items(), 10U);
    builder.build(2);
    EXPECT_NEAR(builder.distance(3, 7), 0, 1e-3);
}

TEST(ForestBuilder, RefusesBadItemsAndStaysAsItWas) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const Metric metric : all_metrics()) {
        ForestBuilder builder({.metric = metric, .dim = 3});
        const std::vector<float> good = {1, 0, 1};
        builder.add(0, good);
        EXPECT_THROW(builder.add(-1, good), InvalidArgument);
        EXPECT_THROW(builder.add(0x7fffffff, good), InvalidArgument);
        EXPECT_THROW(builder.add(1, std::vector<float>{1, 2}), InvalidArgument);
        EXPECT_THROW(builder.add(1, std::vector<float>{1, nan, 2}), InvalidArgument);
        Matrix rows(4, 3);
        rows.row(3)[2] = -std::numeric_limits<float>::infinity();
        EXPECT_THROW(builder.add(rows.view(), 0), InvalidArgument);
        EXPECT_THROW(builder.add(rows.view(), 1), InvalidArgument);
        EXPECT_THROW(builder.add(Matrix(2, 4).view(), 0), InvalidArgument);
        EXPECT_THROW(builder.add(Matrix(2, 3).view(), 0x7ffffffe), InvalidArgument);
        EXPECT_EQ(builder.n_items(), 1U);
        EXPECT_EQ(builder.get_vector(0), good);
        builder.add(4, good);
        for (const Id id : {1, 2, 3})
            EXPECT_FALSE(builder.contains(id)) << "rows that were taken back are not there";
    }
    EXPECT_THROW(ForestBuilder({.metric = Metric::kAngular, .dim = 0}), InvalidArgument);
}

TEST(ForestBuilder, TakesLargeFiniteElements) {
    ForestBuilder builder({.metric = Metric::kEuclidean, .dim = 2});
    Matrix rows(2, 2);
    rows.row(1)[0] = 3e38F;
    EXPECT_NO_THROW(builder.add(rows.view(), 0));
    builder.build(2);
    EXPECT_EQ(builder.forest().search(rows.row(0), {.k = 2}).size(), 2U);
}

TEST(ForestBuilder, AddingAnArrayIsAddingItsRows) {
    const TempDir folder;
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 300, 20);
        ForestBuilder one({.metric = metric, .dim = 20});
        for (std::size_t i = 0; i < 300; ++i) one.add(static_cast<Id>(i), items.row(i));
        one.build(2);
        one.save_annoy(folder.file("one.ann"));
        ForestBuilder many({.metric = metric, .dim = 20});
        many.reserve(300);
        EXPECT_EQ(many.n_items(), 0U);
        many.add(items.view().slice(100, 200), 100);
        many.add(items.view().slice(0, 100), 0);
        many.build(2);
        many.save_annoy(folder.file("many.ann"));
        EXPECT_EQ(file_bytes(folder.file("one.ann")), file_bytes(folder.file("many.ann")));
    }
}

TEST(ForestBuilder, OnDiskIsTheFileThatSavingWrites) {
    const TempDir folder;
    const Matrix items = random_items(Metric::kEuclidean, 2000, 20);
    ForestBuilder disk({.metric = Metric::kEuclidean, .dim = 20}, folder.file("disk.ann"));
    disk.add(items.view(), 0);
    EXPECT_THROW(disk.on_disk(folder.file("late.ann")), InvalidArgument);
    EXPECT_FALSE(std::filesystem::exists(folder.file("disk.ann")));
    disk.build(4);
    ForestBuilder memory = builder_of(Metric::kEuclidean, items);
    memory.build(4);
    memory.save_annoy(folder.file("memory.ann"));
    EXPECT_EQ(file_bytes(folder.file("disk.ann")), file_bytes(folder.file("memory.ann")));
    disk.save_annoy(folder.file("copy.ann"));
    EXPECT_EQ(file_bytes(folder.file("disk.ann")), file_bytes(folder.file("copy.ann")));
    EXPECT_EQ(disk.forest().search(items.row(3)).ids, memory.forest().search(items.row(3)).ids);
    disk.unbuild();
    disk.build(1);
    EXPECT_EQ(Forest::open_annoy(folder.file("disk.ann"), Metric::kEuclidean, 20).n_trees(), 1U);
}

TEST(ForestBuilder, AnUnfinishedDiskBuildLeavesNothing) {
    const TempDir folder;
    {
        ForestBuilder disk({.metric = Metric::kEuclidean, .dim = 20}, folder.file("disk.ann"));
        disk.add(random_items(Metric::kEuclidean, 100, 20).view(), 0);
        EXPECT_THROW(disk.build(0), InvalidArgument);
        EXPECT_THROW(disk.build(1000, 1, [](const Progress&) { return false; }), Cancelled);
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace kith
