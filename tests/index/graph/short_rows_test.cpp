#include "index/graph/short_rows.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "index/graph/build.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

std::shared_ptr<const GraphData> built(const Matrix& rows, Metric metric, std::size_t short_dim) {
    return build_graph(RowStore::copy_of(rows.view(), metric),
                       {.metric = metric, .degree = 16, .short_dim = short_dim, .calibration_queries = 0}, {});
}

// The share of the 20 truly nearest that is among the 40 nearest by short rows.
double order_kept(Metric metric, std::size_t short_dim) {
    const Matrix rows = test::random_matrix(600, 50, 1);
    const Matrix queries = test::random_matrix(20, 50, 2);
    const auto data = built(rows, metric, short_dim);
    std::vector<std::uint32_t> all(600);
    std::iota(all.begin(), all.end(), 0U);
    std::size_t kept = 0;
    ShortQuery query;
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        shorten_query(*data, queries.row(q), query);
        std::vector<float> ranks(600);
        query.rank(*data, all, ranks.data());
        const auto exact = test::exact_order(metric, rows.view(), queries.row(q));
        for (std::size_t i = 0; i < 20; ++i) {
            const float rank = ranks[static_cast<std::size_t>(exact[i].second)];
            kept += std::ranges::count_if(ranks, [&](float other) { return other < rank; }) < 40 ? 1 : 0;
        }
    }
    return static_cast<double>(kept) / (20.0 * 20.0);
}

TEST(ShortRows, OrderAsTheVectorsDo) {
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
        EXPECT_GT(order_kept(metric, 0), 0.99) << name(metric);
        EXPECT_GT(order_kept(metric, 45), 0.85) << name(metric);
    }
}

TEST(ShortRows, ApproachSquaredDistancesButForOneConstant) {
    const Matrix rows = test::random_matrix(200, 30, 1);
    const auto data = built(rows, Metric::kEuclidean, 0);
    std::vector<std::uint32_t> all(200);
    std::iota(all.begin(), all.end(), 0U);
    std::vector<float> ranks(200);
    ShortQuery query;
    shorten_query(*data, rows.row(17), query);
    query.rank(*data, all, ranks.data());
    for (std::size_t i = 0; i < 200; ++i) {
        const double squared = std::pow(test::exact_distance(Metric::kEuclidean, rows.row(17), rows.row(i)), 2);
        EXPECT_NEAR(ranks[i] - ranks[17], squared, 3);
    }
}

TEST(ShortRows, DotRowsAreSpreadToOneLengthAndQueriesToTheSame) {
    const Matrix rows = test::random_matrix(50, 6, 1);
    const RowStore store = RowStore::copy_of(rows.view(), Metric::kDot);
    const Spread spread(store);
    std::vector<float> out(7);
    for (std::size_t i = 0; i < 50; ++i) {
        spread.get(i, out);
        double squared = 0;
        for (const float x : out) squared += static_cast<double>(x) * static_cast<double>(x);
        EXPECT_NEAR(std::sqrt(squared), spread.length(), 1e-3);
    }
    spread_query(Metric::kDot, rows.row(3), spread.length(), out);
    EXPECT_EQ(out.back(), 0.0F);
}

}  // namespace
}  // namespace kith::index
