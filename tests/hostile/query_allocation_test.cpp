// A query that is like one before asks for no memory: thousands a second from many threads would wait for one another.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include <kith/coded_forest.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/graph.hpp>

#include "hostile/allocation.hpp"
#include "support/brute_force.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

constexpr std::size_t kRows = 3000;
constexpr std::size_t kDim = 24;

std::size_t asked_for_by_queries(const Index& index, const SearchOptions& options) {
    const Matrix queries = test::random_matrix(50, kDim, 7);
    Neighbors found;
    const auto ask_all = [&] {
        for (std::size_t i = 0; i < queries.rows(); ++i) {
            index.search(queries.row(i), options, found);
            index.search_item(static_cast<Id>(i), options, found);
        }
    };
    ask_all();
    const std::size_t before = hostile::allocations();
    ask_all();
    EXPECT_EQ(found.size(), options.k);
    return hostile::allocations() - before;
}

class QueryAllocationTest : public ::testing::TestWithParam<Metric> {
protected:
    const Matrix rows_ = test::random_matrix(kRows, kDim, 1);

    [[nodiscard]] Forest forest() const {
        ForestBuilder builder({.metric = GetParam(), .dim = kDim});
        builder.add(rows_.view(), 0);
        builder.build(10);
        return builder.forest();
    }
};

TEST_P(QueryAllocationTest, AForestAsksForNoMemoryOnceWarm) {
    const Forest built = forest();
    for (const std::int64_t search_k : {-1, 100, 1000, 40000}) {
        EXPECT_EQ(asked_for_by_queries(built, {.k = 10, .search_k = search_k}), 0u) << search_k;
    }
}

TEST_P(QueryAllocationTest, AMappedAnnoyFileAsksForNoMemoryOnceWarm) {
    const test::TempDir folder;
    const std::string path = folder.file("forest.ann");
    forest().save_annoy(path);
    const Forest mapped = Forest::open_annoy(path, GetParam(), kDim);
    EXPECT_EQ(asked_for_by_queries(mapped, {.k = 10, .search_k = 1000}), 0u);
}

TEST_P(QueryAllocationTest, ACodedForestAsksForNoMemoryOnceWarm) {
    const CodedForest coded = CodedForest::build(rows_.view(), {.metric = GetParam(), .calibration_queries = 50});
    EXPECT_EQ(asked_for_by_queries(coded, {.k = 10, .recall = 0.9}), 0u);
}

TEST_P(QueryAllocationTest, AGraphAsksForNoMemoryOnceWarm) {
    const GraphIndex graph = GraphIndex::build(rows_.view(), {.metric = GetParam(), .calibration_queries = 50});
    EXPECT_EQ(asked_for_by_queries(graph, {.k = 10, .recall = 0.9}), 0u);
}

INSTANTIATE_TEST_SUITE_P(Metrics, QueryAllocationTest,
                         ::testing::Values(Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot,
                                           Metric::kHamming));

}  // namespace
}  // namespace kith
