#include "index/coded/search.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "index/coded/build.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kCodedRows = 2000;
constexpr std::size_t kCodedDim = 24;

std::shared_ptr<const CodedData> built_coded(Metric metric, std::size_t n_trees = 1) {
    return build_coded(RowStore::copy_of(test::random_matrix(kCodedRows, kCodedDim, 1).view(), metric),
                       {.metric = metric, .n_trees = n_trees, .calibration_queries = 50}, {});
}

void expect_exact(Metric metric, std::size_t n_trees, std::size_t dim) {
    const Matrix rows = test::random_matrix(kCodedRows, dim, 1);
    const Matrix queries = test::random_matrix(10, dim, 2);
    const auto data = build_coded(RowStore::copy_of(rows.view(), metric),
                                  {.metric = metric, .n_trees = n_trees, .calibration_queries = 0}, {});
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        Neighbors found;
        search_coded(*data, queries.row(q), 10, {n_trees * kCodedRows, kCodedRows, kCodedRows}, Selection(), found);
        const auto expected = test::exact_order(metric, rows.view(), queries.row(q));
        ASSERT_EQ(found.size(), 10u);
        for (std::size_t i = 0; i < 10; ++i) {
            EXPECT_NEAR(found.distances[i], expected[i].first, 1e-3) << name(metric);
            EXPECT_EQ(std::ranges::count(found.ids, found.ids[i]), 1) << "no row comes twice";
        }
    }
}

TEST(CodedSearch, RankingEveryRowInFullIsExact) {
    for (const Metric metric : all_metrics()) {
        expect_exact(metric, 1, kCodedDim);
        expect_exact(metric, 3, kCodedDim);
    }
}

TEST(CodedSearch, RowsLongEnoughToBeReadInPartAreRankedExactly) {
    for (const Metric metric : all_metrics()) expect_exact(metric, 1, 300);
}

TEST(CodedSearch, NoByteRowsAreMade) {
    EXPECT_TRUE(built_coded(Metric::kEuclidean)->byte_rows.empty());
}

// As earlier versions built and wrote it.
CodedData with_byte_rows(const CodedData& data) {
    CodedData with = data;
    with.parameters.bytes = choose_byte_scale(data.rows, 1);
    if (with.parameters.bytes.step > 0) with.byte_rows = make_byte_rows(data.rows, with.parameters.bytes, 1);
    return with;
}

TEST(CodedSearch, BytesPassTheTrueNeighboursOn) {
    const Matrix queries = test::random_matrix(50, kCodedDim, 2);
    const Matrix rows = test::random_matrix(kCodedRows, kCodedDim, 1);
    for (const Metric metric : all_metrics()) {
        const CodedData data = with_byte_rows(*built_coded(metric));
        std::size_t found = 0;
        for (std::size_t q = 0; q < queries.rows(); ++q) {
            Neighbors through_bytes;
            Neighbors in_full;
            search_coded(data, queries.row(q), 10, {kCodedRows, 500, rerank_for(10)}, Selection(), through_bytes);
            search_coded(data, queries.row(q), 10, {kCodedRows, 500, 500}, Selection(), in_full);
            for (const Id id : through_bytes.ids)
                found += static_cast<std::size_t>(std::ranges::count(in_full.ids, id));
        }
        EXPECT_GE(found, 499u) << name(metric);
    }
}

TEST(CodedSearch, HammingScoresAreTheDistances) {
    const auto data = built_coded(Metric::kHamming);
    const Matrix rows = test::random_matrix(kCodedRows, kCodedDim, 1);
    const Matrix queries = test::random_matrix(1, kCodedDim, 3);
    std::vector<float> query(queries.row(0).begin(), queries.row(0).end());
    for (float& x : query) x = x > 0.5F ? 1.0F : 0.0F;
    for (const std::uint64_t each : find_candidates(*data, query, {kCodedRows, kCodedRows, 0})) {
        const auto row = rows.row(each & 0xFFFFFFFFU);
        EXPECT_EQ(static_cast<double>(each >> 32), test::exact_distance(Metric::kHamming, row, query));
    }
}

TEST(CodedSearch, CandidatesComeBestFirstAndAreTheBestOfALongerList) {
    const auto data = built_coded(Metric::kEuclidean);
    const Matrix queries = test::random_matrix(5, kCodedDim, 4);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        const auto all_view = find_candidates(*data, queries.row(q), {kCodedRows, kCodedRows, 0});
        const std::vector<std::uint64_t> all(all_view.begin(), all_view.end());
        ASSERT_EQ(all.size(), kCodedRows);
        EXPECT_TRUE(std::ranges::is_sorted(all));
        const auto few = find_candidates(*data, queries.row(q), {kCodedRows, 50, 0});
        ASSERT_EQ(few.size(), 50u);
        EXPECT_TRUE(std::ranges::equal(few, std::span(all).first(50)));
    }
}

TEST(CodedSearch, EffortFollowsTheCurveAndTheOptions) {
    const auto data = built_coded(Metric::kEuclidean);
    const Effort some = resolve_effort(*data, {.recall = 0.5});
    const Effort most = resolve_effort(*data, {.recall = 1.0});
    EXPECT_LT(some.search_k, most.search_k);
    EXPECT_EQ(resolve_effort(*data, {.search_k = 123}).search_k, 123u);
    EXPECT_EQ(resolve_effort(*data, {.k = 10, .rerank = 77}).shortlist, 77u);
    EXPECT_EQ(resolve_effort(*data, {.k = 10, .rerank = 77}).rerank, 77u);
    EXPECT_GE(resolve_effort(*data, {.k = 500}).shortlist, 500u);
    EXPECT_GE(resolve_effort(*data, {.k = 500}).rerank, 500u);
    EXPECT_EQ(resolve_effort(*data, {.k = 10}).rerank, resolve_effort(*data, {.k = 10}).shortlist);
    EXPECT_EQ(resolve_effort(with_byte_rows(*data), {.k = 10}).rerank, rerank_for(10));
}

// Small leaves, so that the first batch of them runs out before all rows are scored.
TEST(CodedSearch, EveryLeafIsReachedWhenTheEffortAsksForIt) {
    const auto data =
        build_coded(RowStore::copy_of(test::random_matrix(kCodedRows, kCodedDim, 1).view(), Metric::kEuclidean),
                    {.metric = Metric::kEuclidean, .leaf_size = 16, .calibration_queries = 0}, {});
    ASSERT_GT(data->parameters.n_leaves, 32u);
    const Matrix queries = test::random_matrix(5, kCodedDim, 2);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        for (const std::size_t search_k : {std::size_t{16}, std::size_t{300}, std::size_t{1000}, kCodedRows}) {
            const auto found = find_candidates(*data, queries.row(q), {search_k, kCodedRows, 0});
            std::vector<std::uint32_t> rows;
            for (const std::uint64_t each : found) rows.push_back(static_cast<std::uint32_t>(each));
            std::ranges::sort(rows);
            EXPECT_TRUE(std::ranges::adjacent_find(rows) == rows.end()) << "no row comes twice";
            EXPECT_GE(rows.size(), search_k);
        }
    }
}

TEST(CodedSearch, NothingAskedForGivesNothing) {
    const auto data = built_coded(Metric::kEuclidean);
    const std::vector<float> query(kCodedDim);
    Neighbors found;
    search_coded(*data, query, 0, {100, 10, 10}, Selection(), found);
    EXPECT_TRUE(found.empty());
    search_coded(*data, query, 10, {0, 10, 10}, Selection(), found);
    EXPECT_TRUE(found.empty());
}

}  // namespace
}  // namespace kith::index
