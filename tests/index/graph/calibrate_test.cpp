#include "index/graph/calibrate.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "index/graph/build.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

std::vector<GraphRecallPoint> curve(std::size_t rows, std::size_t queries) {
    return build_graph(RowStore::copy_of(test::random_matrix(rows, 10, 1).view(), Metric::kEuclidean),
                       {.metric = Metric::kEuclidean, .calibration_queries = queries}, {})
        ->curve;
}

TEST(CalibrateGraph, TheCurveRisesWithItsCostUpToAllNeighbours) {
    const auto points = curve(3000, 100);
    ASSERT_GT(points.size(), 5u);
    EXPECT_TRUE(std::ranges::is_sorted(points, {}, &GraphRecallPoint::recall));
    EXPECT_LT(points.front().recall, points.back().recall);
    EXPECT_GT(points.back().recall, 0.995F);
    EXPECT_LE(points.back().recall, 1.0F);
}

TEST(CalibrateGraph, OneRowHasNoNeighbourToMeasureWith) {
    EXPECT_TRUE(curve(1, 100).empty());
}

TEST(CalibrateGraph, FewRowsHaveFewerThanTenNeighbours) {
    const auto points = curve(5, 20);
    ASSERT_FALSE(points.empty());
    EXPECT_FLOAT_EQ(points.back().recall, 1.0F);
}

}  // namespace
}  // namespace kith::index
