#include "base/metric.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace kith {
namespace {

TEST(Display, GivesEachMetricsPublicValue) {
    EXPECT_EQ(display(Metric::kAngular, 4.0F), 2.0F);
    EXPECT_EQ(display(Metric::kEuclidean, 9.0F), 3.0F);
    EXPECT_EQ(display(Metric::kManhattan, 9.0F), 9.0F);
    EXPECT_EQ(display(Metric::kDot, -9.0F), 9.0F);
    EXPECT_EQ(display(Metric::kHamming, 9.0F), 9.0F);
}

TEST(Display, RoundingBelowZeroShowsAsZero) {
    EXPECT_EQ(display(Metric::kAngular, -1e-7F), 0.0F);
    EXPECT_EQ(display(Metric::kEuclidean, -1e-7F), 0.0F);
}

TEST(Display, ADotOfZeroHasNoMinusSign) {
    EXPECT_FALSE(std::signbit(display(Metric::kDot, 0.0F)));
}

TEST(Display, NaNStaysNaN) {
    for (const Metric metric : all_metrics()) {
        EXPECT_TRUE(std::isnan(display(metric, std::numeric_limits<float>::quiet_NaN()))) << name(metric);
    }
}

}  // namespace
}  // namespace kith
