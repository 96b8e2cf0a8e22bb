#include "index/coded/coded_file.hpp"

#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <kith/open.hpp>

#include "index/coded/build.hpp"
#include "storage/checksum.hpp"
#include "storage/file_format.hpp"
#include "support/brute_force.hpp"
#include "support/bytes.hpp"
#include "support/damage.hpp"
#include "support/temp_dir.hpp"

namespace kith::index {
namespace {

TEST(CodedFile, WhatIsReadAnswersAsWhatWasWritten) {
    const test::TempDir folder;
    const Matrix queries = test::random_matrix(10, 12, 2);
    for (const Metric metric : all_metrics()) {
        const auto forest = CodedForest::build(test::random_matrix(1500, 12, 1).view(),
                                               {.metric = metric, .n_trees = 2, .calibration_queries = 50});
        forest.save(folder.file("a.kith"));
        const auto opened = open_index(folder.file("a.kith"));
        EXPECT_EQ(opened->kind(), IndexKind::kCodedForest);
        for (std::size_t q = 0; q < queries.rows(); ++q) {
            const Neighbors a = forest.search(queries.row(q), {.recall = 0.9});
            const Neighbors b = opened->search(queries.row(q), {.recall = 0.9});
            EXPECT_EQ(a.ids, b.ids);
            EXPECT_EQ(a.distances, b.distances);
        }
        EXPECT_TRUE(verify(folder.file("a.kith")).ok());
    }
}

TEST(CodedFile, AnEmptyIndexIsWrittenAndRead) {
    const test::TempDir folder;
    const Matrix none(0, 4);
    CodedForest::build(none.view(), {}).save(folder.file("a.kith"));
    const auto opened = open_index(folder.file("a.kith"));
    EXPECT_EQ(opened->size(), 0u);
    EXPECT_TRUE(opened->search(std::vector<float>(4, 1.0F)).empty());
}

// Changes bytes in the sections, which opening does not read, and searches: a typed error or some answer.
TEST(CodedFile, NoBytesInTheSectionsMakeASearchUnsafe) {
    const test::TempDir folder;
    const std::string path = folder.file("a.kith");
    CodedForest::build(test::random_matrix(300, 8, 1).view(), {.metric = Metric::kEuclidean}).save(path);
    const std::vector<float> query(8, 0.5F);
    const Matrix queries = test::random_matrix(30, 8, 2);
    const int answered = test::count_unharmed(path, 1000, [&] {
        const auto opened = open_index(path);
        const Neighbors found = opened->search(query, {.k = 20, .search_k = 300});
        for (const Id id : found.ids) EXPECT_TRUE(opened->contains(id));
        (void)opened->search(query, {.recall = 0.99});
        (void)opened->search_batch(queries.view(), {.k = 20, .search_k = 200}, 1);
    });
    EXPECT_GT(answered, 300);
}

}  // namespace
}  // namespace kith::index
