#include "index/forest/section.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "index/forest/random_items.hpp"
#include "storage/file_reader.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::file_bytes;
using test::forest_of;
using test::random_items;
using test::TempDir;

TEST(ForestSection, AnswersAsBefore) {
    const TempDir folder;
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 1500, 30);
        const Forest before = forest_of(metric, items, 6);
        before.save(folder.file("x.kith"));
        const Forest after = Forest::open(folder.file("x.kith"));
        EXPECT_EQ(after.metric(), metric);
        EXPECT_EQ(after.dim(), 30U);
        EXPECT_EQ(after.size(), 1500U);
        EXPECT_EQ(after.n_trees(), 6U);
        after.verify();
        for (Id id = 0; id < 1500; id += 101) {
            EXPECT_EQ(after.search_item(id).ids, before.search_item(id).ids);
            EXPECT_EQ(after.search_item(id).distances, before.search_item(id).distances);
            EXPECT_EQ(after.get_vector(id), before.get_vector(id));
        }
    }
}

TEST(ForestSection, ConvertsBackToTheSameAnnoyFile) {
    const TempDir folder;
    for (const Metric metric : all_metrics()) {
        for (const DotLayout layout : {DotLayout::kRelease, DotLayout::kHead}) {
            Matrix items = random_items(metric, 300, 10);
            ForestBuilder builder({.metric = metric, .dim = 10, .dot_layout = layout});
            builder.add(items.view().slice(0, 100), 0);
            builder.add(items.view().slice(100, 200), 150);  // fifty holes
            builder.build(3);
            builder.save_annoy(folder.file("direct.ann"));
            builder.save(folder.file("x.kith"));
            const Forest forest = Forest::open(folder.file("x.kith"));
            EXPECT_FALSE(forest.contains(120));
            EXPECT_TRUE(forest.contains(150));
            forest.verify();
            forest.save_annoy(folder.file("back.ann"));
            EXPECT_EQ(file_bytes(folder.file("back.ann")), file_bytes(folder.file("direct.ann"))) << name(metric);
        }
    }
}

TEST(ForestSection, EmptyAndTreelessForestsToo) {
    const TempDir folder;
    ForestBuilder empty({.metric = Metric::kAngular, .dim = 4});
    empty.build(2);
    empty.save(folder.file("x.kith"));
    EXPECT_EQ(Forest::open(folder.file("x.kith")).size(), 0U);
    ForestBuilder treeless = test::builder_of(Metric::kAngular, random_items(Metric::kAngular, 5, 4));
    treeless.build(0);
    treeless.save(folder.file("x.kith"));
    const Forest forest = Forest::open(folder.file("x.kith"));
    EXPECT_EQ(forest.size(), 5U);
    EXPECT_TRUE(forest.search_item(0).empty());
}

TEST(ForestSection, DamageIsRefusedOrSearchedSafely) {
    const TempDir folder;
    const Matrix items = random_items(Metric::kEuclidean, 300, 6);
    forest_of(Metric::kEuclidean, items, 3).save(folder.file("x.kith"));
    const std::vector<char> good = file_bytes(folder.file("x.kith"));
    std::mt19937 random(6);
    for (int round = 0; round < 300; ++round) {
        std::vector<char> bytes = good;
        const std::size_t first = round % 3 == 0 ? 0 : 64;
        for (int i = 0; i < 50; ++i) bytes[first + random() % (bytes.size() - first)] = static_cast<char>(random());
        test::write_bytes(folder.file("y.kith"), bytes);
        try {
            const Forest forest = Forest::open(folder.file("y.kith"));
            for (const Id id : forest.search(items.row(0), {.k = 5, .search_k = 1000}).ids) EXPECT_LT(id, 300);
        } catch (const Error&) {
        }
    }
}

TEST(ForestSection, RefusesAFileOfAnotherKind) {
    const TempDir folder;
    forest_of(Metric::kAngular, random_items(Metric::kAngular, 50, 4)).save_annoy(folder.file("x.ann"));
    EXPECT_THROW((void)Forest::open(folder.file("x.ann")), CorruptFile);
    EXPECT_THROW((void)Forest::open(folder.file("none.kith")), IoError);
}

}  // namespace
}  // namespace kith
