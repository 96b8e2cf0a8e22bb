#include "index/forest/ann_file.hpp"

#include <cstring>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "index/forest/random_items.hpp"
#include "support/temp_dir.hpp"

namespace kith::index {
namespace {

using test::builder_of;
using test::file_bytes;
using test::forest_of;
using test::random_items;
using test::TempDir;
using test::write_bytes;

class AnnFile : public ::testing::Test {
protected:
    [[nodiscard]] std::string path(const std::string& name = "x.ann") const { return folder_.file(name); }
    [[nodiscard]] Forest open(Metric metric, std::size_t dim, DotLayout layout = DotLayout::kAuto) const {
        return Forest::open_annoy(path(), metric, dim, {.dot_layout = layout});
    }
    TempDir folder_;
};

TEST_F(AnnFile, AnswersAsTheForestThatWroteIt) {
    for (const Metric metric : all_metrics()) {
        for (const DotLayout layout : {DotLayout::kRelease, DotLayout::kHead}) {
            if (metric != Metric::kDot && layout == DotLayout::kHead) continue;
            const Matrix items = random_items(metric, 1500, 30);
            const Forest before = forest_of(metric, items, 6, {.dot_layout = layout});
            before.save_annoy(path());
            const Forest after = open(metric, 30);
            EXPECT_EQ(after.n_trees(), 6U);
            EXPECT_EQ(after.size(), 1500U);
            EXPECT_EQ(after.dot_layout(), metric == Metric::kDot ? layout : DotLayout::kAuto);
            EXPECT_EQ(file_bytes(path()).size(), after.n_nodes() * after.node_bytes());
            after.verify();
            for (Id id = 0; id < 1500; id += 101) {
                const Neighbors expected = before.search_item(id, {.k = 10});
                const Neighbors found = after.search_item(id, {.k = 10});
                EXPECT_EQ(found.ids, expected.ids);
                EXPECT_EQ(found.distances, expected.distances);
            }
        }
    }
}

// Annoy tells roots from copies by their count of items, which fails when a leaf can hold all of them.
TEST_F(AnnFile, CountsTheTreesOfSmallIndexes) {
    for (const Metric metric : all_metrics()) {
        const Matrix all = random_items(metric, 80, 20);
        for (const std::size_t rows : {0UL, 1UL, 2UL, 5UL, 22UL, 23UL, 80UL}) {
            for (const int trees : {1, 2, 10}) {
                ForestBuilder builder({.metric = metric, .dim = 20});
                builder.add(all.view().slice(0, rows), 0);
                builder.build(trees);
                builder.save_annoy(path());
                const Forest forest = open(metric, 20);
                EXPECT_EQ(forest.n_trees(), static_cast<std::size_t>(trees)) << name(metric) << ' ' << rows;
                EXPECT_EQ(forest.size(), rows);
                EXPECT_EQ(forest.search(all.row(0), {.k = 100, .search_k = 10'000}).size(), rows);
                forest.verify();
            }
        }
    }
}

TEST_F(AnnFile, KeepsHoles) {
    const Matrix items = random_items(Metric::kAngular, 200, 10);
    for (const Id gap : {1, 7, 1000}) {
        ForestBuilder builder({.metric = Metric::kAngular, .dim = 10});
        for (std::size_t i = 0; i < 3; ++i) builder.add(static_cast<Id>(i + 1) * gap, items.row(i));
        builder.build(4);
        builder.save_annoy(path());
        const Forest forest = open(Metric::kAngular, 10);
        EXPECT_EQ(forest.size(), static_cast<std::size_t>(3 * gap + 1));
        EXPECT_EQ(forest.n_trees(), 4U);
        EXPECT_FALSE(forest.contains(0));
        EXPECT_TRUE(forest.contains(gap));
        forest.verify();
        Neighbors found = forest.search(items.row(0), {.k = 10, .search_k = 1000});
        std::sort(found.ids.begin(), found.ids.end());
        EXPECT_EQ(found.ids, (std::vector<Id>{gap, 2 * gap, 3 * gap}));
    }
}

TEST_F(AnnFile, OneItemAmongManyHoles) {
    ForestBuilder builder({.metric = Metric::kEuclidean, .dim = 2});
    const float vector[2] = {3, 4};
    builder.add(500, vector);
    builder.build(2);
    builder.save_annoy(path());
    const Forest forest = open(Metric::kEuclidean, 2);
    EXPECT_EQ(forest.n_trees(), 2U);
    EXPECT_EQ(forest.search(vector, {.k = 5}).ids, (std::vector<Id>{500}));
    forest.verify();
}

// Trees of a single node each: the roots and their copies follow each other.
TEST_F(AnnFile, TwoItemsAmongManyHoles) {
    const Matrix items = random_items(Metric::kAngular, 2, 10);
    for (const int trees : {1, 2, 3, 8}) {
        ForestBuilder builder({.metric = Metric::kAngular, .dim = 10});
        builder.add(1, items.row(0));
        builder.add(100, items.row(1));
        builder.build(trees);
        builder.save_annoy(path());
        const Forest forest = open(Metric::kAngular, 10);
        EXPECT_EQ(forest.n_trees(), static_cast<std::size_t>(trees));
        EXPECT_EQ(forest.search(items.row(1), {.k = 5}).ids, (std::vector<Id>{100, 1}));
    }
}

TEST_F(AnnFile, NeedsATree) {
    ForestBuilder builder = builder_of(Metric::kAngular, random_items(Metric::kAngular, 10, 4));
    builder.build(0);
    EXPECT_THROW(builder.save_annoy(path()), InvalidArgument);
    EXPECT_TRUE(file_bytes(path()).empty());
}

TEST_F(AnnFile, RefusesAnotherMetricOrDimension) {
    forest_of(Metric::kAngular, random_items(Metric::kAngular, 500, 30)).save_annoy(path());
    EXPECT_THROW((void)open(Metric::kAngular, 31), CorruptFile);
    EXPECT_THROW((void)open(Metric::kEuclidean, 30), CorruptFile);
    EXPECT_THROW((void)open(Metric::kHamming, 30), CorruptFile);
    // 12 + 4 * 30 bytes are also 16 + 4 * 29: the size fits, the nodes do not.
    EXPECT_THROW((void)open(Metric::kEuclidean, 29), CorruptFile);
    EXPECT_THROW((void)open(Metric::kAngular, 0), InvalidArgument);
}

TEST_F(AnnFile, SaysWhatItFoundAndWhatItExpected) {
    forest_of(Metric::kAngular, random_items(Metric::kAngular, 500, 30)).save_annoy(path());
    try {
        (void)open(Metric::kAngular, 31);
        FAIL();
    } catch (const CorruptFile& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find(path()), std::string::npos) << text;
        EXPECT_NE(text.find("136 bytes"), std::string::npos) << text;
        EXPECT_NE(text.find("angular, 31 dimensions"), std::string::npos) << text;
    }
}

TEST_F(AnnFile, RefusesEmptyTruncatedAndForeignFiles) {
    EXPECT_THROW((void)open(Metric::kAngular, 30), IoError);
    write_bytes(path(), std::vector<char>{});
    EXPECT_THROW((void)open(Metric::kAngular, 30), CorruptFile);
    write_bytes(path(), std::vector<char>(132 * 10, 'x'));
    EXPECT_THROW((void)open(Metric::kAngular, 30), CorruptFile);

    forest_of(Metric::kAngular, random_items(Metric::kAngular, 500, 30)).save_annoy(path());
    std::vector<char> bytes = file_bytes(path());
    bytes.pop_back();
    write_bytes(path(), bytes);
    EXPECT_THROW((void)open(Metric::kAngular, 30), CorruptFile);
    // Items alone, as Annoy leaves them when it is told to build no tree.
    bytes.resize(500 * 132);
    write_bytes(path(), bytes);
    EXPECT_THROW((void)open(Metric::kAngular, 30), CorruptFile);
}

TEST_F(AnnFile, AnyCutAndAnyDamageIsRefusedOrSearchedSafely) {
    const Matrix items = random_items(Metric::kEuclidean, 300, 6);
    forest_of(Metric::kEuclidean, items, 3).save_annoy(path());
    const std::vector<char> good = file_bytes(path());
    std::mt19937 random(6);
    for (int round = 0; round < 400; ++round) {
        std::vector<char> bytes = good;
        if (round % 2 == 0) {
            bytes.resize(random() % (bytes.size() / 40) * 40);
        } else {
            for (int i = 0; i < 200; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        write_bytes(path(), bytes);
        try {
            const Forest forest = open(Metric::kEuclidean, 6);
            const Neighbors found = forest.search(items.row(0), {.k = 5, .search_k = 1000});
            for (const Id id : found.ids) EXPECT_LT(id, static_cast<Id>(forest.size()));
        } catch (const CorruptFile&) {
        }
    }
}

TEST_F(AnnFile, TellsTheDotLayoutsApart) {
    const Matrix items = random_items(Metric::kDot, 700, 30);
    for (const DotLayout layout : {DotLayout::kRelease, DotLayout::kHead}) {
        const DotLayout other = layout == DotLayout::kHead ? DotLayout::kRelease : DotLayout::kHead;
        forest_of(Metric::kDot, items, 4, {.dot_layout = layout}).save_annoy(path());
        EXPECT_EQ(open(Metric::kDot, 30).dot_layout(), layout);
        EXPECT_EQ(open(Metric::kDot, 30, layout).dot_layout(), layout);
        EXPECT_THROW((void)open(Metric::kDot, 30, other), CorruptFile);
    }
}

// Nodes of 24 + 4 f bytes in a number that nodes of 16 + 4 f bytes fit as well.
TEST_F(AnnFile, TellsTheDotLayoutsApartEvenWhenBothFitTheSize) {
    for (const DotLayout layout : {DotLayout::kRelease, DotLayout::kHead}) {
        bool found = false;
        for (std::size_t rows = 100; rows < 400 && !found; ++rows) {
            const Matrix items = random_items(Metric::kDot, rows, 2);
            const Forest forest = forest_of(Metric::kDot, items, 2, {.dot_layout = layout});
            const std::size_t size = forest.n_nodes() * forest.node_bytes();
            found = size % 24 == 0 && size % 32 == 0;
            if (!found) continue;
            forest.save_annoy(path());
            EXPECT_EQ(open(Metric::kDot, 2).dot_layout(), layout);
        }
        EXPECT_TRUE(found);
    }
}

// The layout of Annoy's development version, read by what is known of it alone.
TEST_F(AnnFile, HeadLayoutHasItsFields) {
    const Matrix items = random_items(Metric::kDot, 400, 5);
    forest_of(Metric::kDot, items, 1, {.dot_layout = DotLayout::kHead}).save_annoy(path());
    const std::vector<char> bytes = file_bytes(path());
    ASSERT_EQ(bytes.size() % 44, 0U);
    const auto number = [&](std::size_t node, std::size_t offset) {
        float value = 0;
        std::memcpy(&value, bytes.data() + node * 44 + offset, sizeof value);
        return value;
    };
    const float longest = number(0, 16);
    for (std::size_t i = 0; i < 400; ++i) {
        float squares = 0;
        for (std::size_t d = 0; d < 5; ++d) {
            EXPECT_EQ(number(i, 24 + 4 * d), items.row(i)[d]);
            squares += items.row(i)[d] * items.row(i)[d];
        }
        EXPECT_EQ(number(i, 16), longest);
        EXPECT_NEAR(number(i, 12) * number(i, 12) + squares, longest, longest * 1e-5);
        EXPECT_EQ(bytes[i * 44 + 20], 1);
    }
}

// Files of Annoy before 1.11.2 have no squared length in their angular items.
TEST_F(AnnFile, OldAngularFilesWithoutNormsAnswerTheSame) {
    const Matrix items = random_items(Metric::kAngular, 500, 10);
    const Forest forest = forest_of(Metric::kAngular, items, 3);
    forest.save_annoy(path());
    std::vector<char> bytes = file_bytes(path());
    for (std::size_t i = 0; i < 500; ++i) std::memset(bytes.data() + i * 52 + 4, 0, 4);
    write_bytes(path(), bytes);
    const Forest old = open(Metric::kAngular, 10);
    for (Id id = 0; id < 500; id += 50) {
        EXPECT_EQ(old.search_item(id).ids, forest.search_item(id).ids);
        EXPECT_EQ(old.search_item(id).distances, forest.search_item(id).distances);
    }
}

TEST_F(AnnFile, UnusedBytesAreZero) {
    const Matrix items = random_items(Metric::kHamming, 300, 100);
    forest_of(Metric::kHamming, items, 2).save_annoy(path());
    const std::vector<char> bytes = file_bytes(path());
    for (std::size_t node = 0; node < bytes.size() / 32; ++node) {
        std::int32_t below = 0;
        std::memcpy(&below, bytes.data() + node * 32, 4);
        if (below <= 7) continue;  // an item or a leaf
        for (std::size_t at = 12; at < 16; ++at) EXPECT_EQ(bytes[node * 32 + at], 0);
        for (std::size_t at = 24; at < 32; ++at) EXPECT_EQ(bytes[node * 32 + at], 0);
    }
}

}  // namespace
}  // namespace kith::index
