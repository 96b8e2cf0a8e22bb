#include "index/coded/calibrate.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "index/coded/build.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

TEST(Calibrate, TheCurveRisesWithItsCostUpToAllNeighbours) {
    const auto data = build_coded(RowStore::copy_of(test::random_matrix(3000, 10, 1).view(), Metric::kEuclidean),
                                  {.metric = Metric::kEuclidean, .calibration_queries = 100}, {});
    ASSERT_GT(data->curve.size(), 5u);
    EXPECT_TRUE(std::ranges::is_sorted(data->curve, {}, &RecallPoint::recall));
    EXPECT_LT(data->curve.front().recall, data->curve.back().recall);
    EXPECT_GT(data->curve.back().recall, 0.999F);
    EXPECT_LE(data->curve.back().recall, 1.0F);
}

TEST(Calibrate, OneRowHasNoNeighbourToMeasureWith) {
    const auto data = build_coded(RowStore::copy_of(test::random_matrix(1, 10, 1).view(), Metric::kEuclidean),
                                  {.metric = Metric::kEuclidean}, {});
    EXPECT_TRUE(data->curve.empty());
}

TEST(Calibrate, FewRowsHaveFewerThanTenNeighbours) {
    const auto data = build_coded(RowStore::copy_of(test::random_matrix(5, 10, 1).view(), Metric::kEuclidean),
                                  {.metric = Metric::kEuclidean}, {});
    ASSERT_FALSE(data->curve.empty());
    EXPECT_FLOAT_EQ(data->curve.back().recall, 1.0F);
}

}  // namespace
}  // namespace kith::index
