#include "index/graph/build.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "support/brute_force.hpp"

namespace kith::index {
namespace {

std::shared_ptr<const GraphData> built(const Matrix& rows, const GraphOptions& options,
                                       const ProgressFn& progress = {}) {
    return build_graph(RowStore::copy_of(rows.view(), options.metric), options, progress);
}

bool same_parts(const storage::Region& a, const storage::Region& b) {
    return std::ranges::equal(a.bytes(), b.bytes());
}

TEST(BuildGraph, AnyNumberOfThreadsGivesTheSameBytes) {
    const Matrix rows = test::random_matrix(1500, 70, 1);
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
        GraphOptions options{.metric = metric, .short_dim = 20, .calibration_queries = 60, .threads = 1};
        const auto one = built(rows, options);
        options.threads = 3;
        const auto three = built(rows, options);
        EXPECT_TRUE(same_parts(one->links.bytes(), three->links.bytes())) << name(metric);
        EXPECT_TRUE(same_parts(one->short_rows, three->short_rows)) << name(metric);
        EXPECT_TRUE(same_parts(one->projection, three->projection)) << name(metric);
        EXPECT_TRUE(same_parts(one->entries, three->entries)) << name(metric);
        EXPECT_TRUE(same_parts(one->centre, three->centre)) << name(metric);
        ASSERT_EQ(one->curve.size(), three->curve.size());
        for (std::size_t i = 0; i < one->curve.size(); ++i) EXPECT_EQ(one->curve[i].recall, three->curve[i].recall);
    }
}

TEST(BuildGraph, EveryRowCanBeReachedFromEveryEntry) {
    // Ten clusters far apart.
    Matrix rows = test::random_matrix(2000, 8, 1);
    for (std::size_t i = 0; i < rows.rows(); ++i) rows.row(i)[i % 8] += 1000.0F * static_cast<float>(i % 10);
    const auto data = built(rows, {.metric = Metric::kEuclidean, .degree = 8, .calibration_queries = 0});
    for (const std::uint32_t entry : data->entries.as<std::uint32_t>()) {
        std::vector<bool> reached(rows.rows());
        std::vector<std::uint32_t> order = {entry};
        reached[entry] = true;
        for (std::size_t at = 0; at < order.size(); ++at) {
            data->links.for_each(order[at], [&](std::uint32_t to) {
                if (!reached[to]) order.push_back(to);
                reached[to] = true;
            });
        }
        EXPECT_EQ(order.size(), rows.rows()) << entry;
    }
}

TEST(BuildGraph, ShortRowsAreProjectedOnlyWhereFewDimensionsSuffice) {
    EXPECT_EQ(built(test::random_matrix(1000, 400, 1), {.calibration_queries = 0})->parameters.projected, 0u);
    EXPECT_EQ(built(test::random_matrix(500, 40, 1), {.calibration_queries = 0})->parameters.projected, 0u);
    const Matrix few = test::random_matrix(500, 10, 2);
    const Matrix mixed = test::random_matrix(10, 300, 3);
    Matrix rows(500, 300);
    for (std::size_t i = 0; i < 500; ++i) {
        for (std::size_t d = 0; d < 300; ++d) {
            for (std::size_t j = 0; j < 10; ++j) rows.row(i)[d] += few.row(i)[j] * mixed.row(j)[d];
        }
    }
    const auto data = built(rows, {.metric = Metric::kEuclidean, .calibration_queries = 0});
    EXPECT_EQ(data->parameters.projected, 1u);
    EXPECT_EQ(data->parameters.short_dim, 60u);
    EXPECT_TRUE(data->byte_rows.empty());
}

TEST(BuildGraph, FewRowsOfAnyNumberMakeAGraph) {
    for (const std::size_t count : {0, 1, 2, 3, 5, 40}) {
        const auto data = built(test::random_matrix(count, 5, 1), {.metric = Metric::kEuclidean});
        std::size_t links = 0;
        for (std::size_t i = 0; i < count; ++i)
            data->links.for_each(i, [&](std::uint32_t to) { links += to < count; });
        EXPECT_EQ(links, count * data->parameters.degree);
        EXPECT_EQ(data->curve.empty(), count < 2);
    }
}

TEST(BuildGraph, TheShapeChosenKeepsAllWithinSixTenthsMoreThanTheVectors) {
    EXPECT_EQ(choose_shape(Metric::kAngular, 100, 400'000).degree, 32u);
    EXPECT_EQ(choose_shape(Metric::kAngular, 50, 10'000).degree, 32u);
    EXPECT_EQ(choose_shape(Metric::kAngular, 64, 400'000).short_dim, 60u);
    EXPECT_EQ(choose_shape(Metric::kAngular, 25, 400'000).short_dim, 0u);
    for (std::size_t dim = 20; dim < 1000; ++dim) {
        for (const std::size_t count : {1'000U, 400'000U, 5'000'000U}) {
            const GraphShape shape = choose_shape(Metric::kEuclidean, dim, count);
            EXPECT_GE(shape.degree, shape.short_dim > 0 ? 24u : 16u) << dim << ' ' << count;
            const std::size_t beside = shape.short_dim > 0 ? short_stride(shape.short_dim) : 0;
            const std::size_t more = beside + LinkCode(count, shape.degree).stride;
            EXPECT_LT(static_cast<double>(more), 0.6 * 4 * static_cast<double>(dim)) << dim << ' ' << count;
        }
    }
}

TEST(BuildGraph, WhatIsBuiltIsWithinSixTenthsMoreThanTheVectors) {
    constexpr std::size_t kRows = 20'000;
    for (const std::size_t dim : {25U, 50U, 64U, 80U, 128U}) {
        for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
            Matrix rows = test::random_matrix(kRows, dim, 1);
            // So that fewer dimensions suffice.
            for (std::size_t i = 0; i < kRows; ++i) {
                for (std::size_t d = 0; d < dim; ++d) rows.row(i)[d] /= static_cast<float>(1 + d);
            }
            const auto data = built(rows, {.metric = metric, .calibration_queries = 0});
            const std::size_t rest = data->entries.size() + data->centre.size() + data->projection.size();
            const std::size_t more =
                data->links.size_bytes() + data->short_rows.size() + data->byte_rows.size() + rest;
            EXPECT_LT(static_cast<double>(more), 0.6 * 4 * static_cast<double>(kRows * dim)) << dim;
        }
    }
}

TEST(BuildGraph, HasNoShortRowsOnlyWhereNothingIsSaidOfThem) {
    const Matrix rows = test::random_matrix(100, 10, 1);
    EXPECT_EQ(built(rows, {})->parameters.short_dim, 0u);
    EXPECT_TRUE(built(rows, {})->short_rows.empty());
    EXPECT_EQ(built(rows, {.degree = 8})->parameters.short_dim, 10u);
    EXPECT_EQ(built(rows, {.short_dim = 4})->parameters.short_dim, 4u);
}

TEST(BuildGraph, SaysWhichOptionIsOutOfRange) {
    const Matrix rows = test::random_matrix(50, 5, 1);
    EXPECT_THROW((void)built(rows, {.degree = 3}), InvalidArgument);
    EXPECT_THROW((void)built(rows, {.degree = 257}), InvalidArgument);
}

TEST(BuildGraph, WhatIsWalkedByTheMetricItselfHasNoShortRows) {
    const Matrix rows = test::random_matrix(300, 70, 1);
    const auto manhattan = built(rows, {.metric = Metric::kManhattan, .calibration_queries = 0});
    EXPECT_TRUE(manhattan->short_rows.empty());
    EXPECT_EQ(manhattan->walked(), manhattan->byte_rows.data());
    const auto hamming = built(rows, {.metric = Metric::kHamming, .calibration_queries = 0});
    EXPECT_TRUE(hamming->byte_rows.empty());
    EXPECT_EQ(hamming->walked(), hamming->rows.data());
    EXPECT_EQ(hamming->stride(), 16u);
}

TEST(BuildGraph, ProgressCanCallItOff) {
    const Matrix rows = test::random_matrix(2000, 20, 1);
    EXPECT_THROW((void)built(rows, {}, [](const Progress& now) { return now.stage != "linking"; }), Cancelled);
}

}  // namespace
}  // namespace kith::index
