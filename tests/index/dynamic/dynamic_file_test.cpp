#include "index/dynamic/dynamic_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/open.hpp>

#include "support/brute_force.hpp"
#include "support/bytes.hpp"
#include "support/damage.hpp"
#include "support/temp_dir.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kFileDim = 12;

// Graphs of several sizes, removed items in them and in the buffer.
DynamicIndex some_index(Metric metric) {
    DynamicIndex index(kFileDim, {.graph = {.metric = metric, .degree = 8}, .buffer = 100});
    const Matrix rows = test::random_matrix(1000, kFileDim, 1);
    index.add(rows.view().slice(0, 800));
    index.add(rows.view().slice(800, 150));
    index.add(rows.view().slice(950, 50));
    index.remove(std::vector<Id>{3, 5, 8, 801, 990});
    return index;
}

TEST(DynamicFile, WhatIsOpenedAnswersAndGrowsAsWhatWasSaved) {
    const test::TempDir folder;
    const std::string path = folder.file("a.kith");
    const Matrix queries = test::random_matrix(20, kFileDim, 2);
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
        DynamicIndex index = some_index(metric);
        EXPECT_EQ(index.n_graphs(), 2u);
        EXPECT_EQ(index.buffered(), 49u);
        index.save(path);
        EXPECT_TRUE(verify(path).ok());
        EXPECT_EQ(inspect(path).count, 995u);
        DynamicIndex opened = DynamicIndex::open(path);
        EXPECT_EQ(opened.size(), 1000u);
        EXPECT_EQ(opened.n_graphs(), 2u);
        EXPECT_EQ(opened.search_batch(queries.view()).ids, index.search_batch(queries.view()).ids);
        for (DynamicIndex* each : {&index, &opened}) {
            EXPECT_EQ(each->add(queries.view()), 1000);
            each->remove(std::vector<Id>{7, 960});
            each->compact();
        }
        EXPECT_EQ(opened.search_batch(queries.view()).ids, index.search_batch(queries.view()).ids);
        opened.save(path);
        EXPECT_EQ(open_index(path)->kind(), IndexKind::kDynamic);
        EXPECT_EQ(open_index(path)->search(queries.row(3), {.k = 1}).ids.front(), 1003);
    }
}

TEST(DynamicFile, AnEmptyIndexIsWrittenAndRead) {
    const test::TempDir folder;
    DynamicIndex(kFileDim).save(folder.file("a.kith"));
    DynamicIndex opened = DynamicIndex::open(folder.file("a.kith"));
    EXPECT_EQ(opened.count(), 0u);
    EXPECT_TRUE(opened.search(std::vector<float>(kFileDim, 1.0F)).empty());
    EXPECT_EQ(opened.add(test::random_matrix(1, kFileDim, 1).view()), 0);
}

// Whatever the buffer's size and the dimensions, a file of a few items opens with the memory of a few.
TEST(DynamicFile, ALargeBufferTakesNoMemoryBeforeItFills) {
    const test::TempDir folder;
    constexpr std::size_t kWide = 32'000;
    DynamicIndex index(kWide, {.buffer = std::size_t{1} << 20});
    index.add(test::random_matrix(2, kWide, 1).view());
    index.save(folder.file("a.kith"));
    DynamicIndex opened = DynamicIndex::open(folder.file("a.kith"));
    EXPECT_EQ(opened.add(test::random_matrix(1, kWide, 2).view()), 2);
    EXPECT_EQ(opened.buffered(), 3u);
}

TEST(DynamicFile, AGraphsFileIsOpenedAndGrows) {
    const test::TempDir folder;
    const Matrix rows = test::random_matrix(300, kFileDim, 1);
    GraphIndex::build(rows.view(), {.degree = 8, .calibration_queries = 0}).save(folder.file("a.kith"));
    DynamicIndex opened = DynamicIndex::open(folder.file("a.kith"));
    EXPECT_EQ(opened.add(rows.view().slice(0, 1)), 300);
    EXPECT_EQ(opened.search(rows.row(0), {.k = 2, .ef = 300}).ids, (std::vector<Id>{0, 300}));
}

// Changes bytes in the sections, which opening does not read, and searches: a typed error or some answer.
TEST(DynamicFile, NoBytesInTheSectionsMakeASearchUnsafe) {
    const test::TempDir folder;
    const std::string path = folder.file("a.kith");
    some_index(Metric::kEuclidean).save(path);
    const std::vector<float> query(kFileDim, 0.5F);
    const int answered = test::count_unharmed(path, 400, [&] {
        const DynamicIndex opened = DynamicIndex::open(path);
        for (const Id id : opened.search(query, {.k = 20, .ef = 100}).ids) EXPECT_GE(id, 0);
        (void)opened.contains(990);
        (void)opened.range_search(query, 2.0F);
    });
    EXPECT_GT(answered, 100);
}

TEST(DynamicFile, DamageIsFoundAndNamed) {
    const test::TempDir folder;
    const std::string path = folder.file("a.kith");
    some_index(Metric::kEuclidean).save(path);
    std::string bytes = test::read_bytes(path);
    for (const SectionInfo& section : inspect(path).sections) {
        if (section.name == "item ids of part 2") bytes[section.offset] ^= 1;
    }
    test::write_bytes(path, bytes);
    EXPECT_NE(verify(path).problem.find("item ids"), std::string::npos);
    test::write_bytes(path, bytes.substr(0, bytes.size() / 2));
    EXPECT_THROW((void)DynamicIndex::open(path), CorruptFile);
}

}  // namespace
}  // namespace kith::index
