#include "index/graph/graph_file.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <kith/open.hpp>

#include "support/brute_force.hpp"
#include "support/bytes.hpp"
#include "support/damage.hpp"
#include "support/temp_dir.hpp"

namespace kith::index {
namespace {

TEST(GraphFile, WhatIsReadAnswersAsWhatWasWritten) {
    const test::TempDir folder;
    struct Shape {
        std::size_t dim;
        std::size_t short_dim;
    };
    // Short rows of all dimensions, projected, none.
    for (const Shape shape : {Shape{70, 0}, Shape{70, 12}, Shape{20, 0}}) {
        const Matrix queries = test::random_matrix(10, shape.dim, 2);
        for (const Metric metric : all_metrics()) {
            const auto graph =
                GraphIndex::build(test::random_matrix(800, shape.dim, 1).view(),
                                  {.metric = metric, .short_dim = shape.short_dim, .calibration_queries = 50});
            graph.save(folder.file("a.kith"));
            const auto opened = open_index(folder.file("a.kith"));
            EXPECT_EQ(opened->kind(), IndexKind::kGraph);
            for (std::size_t q = 0; q < queries.rows(); ++q) {
                const Neighbors a = graph.search(queries.row(q), {.recall = 0.9});
                const Neighbors b = opened->search(queries.row(q), {.recall = 0.9});
                EXPECT_EQ(a.ids, b.ids);
                EXPECT_EQ(a.distances, b.distances);
            }
            EXPECT_TRUE(verify(folder.file("a.kith")).ok());
        }
    }
}

TEST(GraphFile, AnEmptyIndexIsWrittenAndRead) {
    const test::TempDir folder;
    const Matrix none(0, 4);
    GraphIndex::build(none.view(), {}).save(folder.file("a.kith"));
    const auto opened = open_index(folder.file("a.kith"));
    EXPECT_EQ(opened->size(), 0u);
    EXPECT_TRUE(opened->search(std::vector<float>(4, 1.0F)).empty());
}

class GraphFileOf : public ::testing::TestWithParam<Metric> {};

// Changes bytes in the sections, which opening does not read, and searches: a typed error or some answer.
TEST_P(GraphFileOf, NoBytesInTheSectionsMakeASearchUnsafe) {
    const test::TempDir folder;
    const std::string path = folder.file("a.kith");
    const Metric metric = GetParam();
    GraphIndex::build(test::random_matrix(300, 70, 1).view(),
                      {.metric = metric, .degree = 8, .short_dim = 12, .calibration_queries = 40})
        .save(path);
    std::vector<float> query(70, 0.5F);
    const int answered = test::count_unharmed(path, 400, [&] {
        const auto opened = open_index(path);
        const Neighbors found = opened->search(query, {.k = 20, .search_k = 100});
        for (const Id id : found.ids) EXPECT_TRUE(opened->contains(id));
        (void)opened->search(query, {.recall = 0.99});
    });
    EXPECT_GT(answered, 100);
}

INSTANTIATE_TEST_SUITE_P(Of, GraphFileOf,
                         ::testing::Values(Metric::kEuclidean, Metric::kManhattan, Metric::kHamming));

}  // namespace
}  // namespace kith::index
