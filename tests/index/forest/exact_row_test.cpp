#include "index/forest/exact_row.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

TEST(ExactRow, IsTheVectorOrItsDirection) {
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
        const TestGrove test(metric, random_items(metric, 20, 9));
        EXPECT_EQ(row_width(test.grove), metric == Metric::kDot ? 10U : 9U);
        for (std::size_t id = 0; id < 20; ++id) {
            std::vector<float> row(16);
            exact_row(test.grove, id, row_scale(test.grove, id), 5, row);
            double squares = 0;
            for (std::size_t d = 0; d < row_width(test.grove); ++d) squares += static_cast<double>(row[d]) * row[d];
            if (has_unit_rows(metric)) {
                EXPECT_NEAR(squares, 1, 1e-5) << name(metric);
            } else {
                EXPECT_EQ(row[3], test.grove.vector(id)[3]);
            }
            for (std::size_t d = row_width(test.grove); d < 16; ++d) EXPECT_EQ(row[d], 5);
        }
    }
}

TEST(ExactRow, TellsZeroFromLost) {
    Matrix items = random_items(Metric::kAngular, 3, 4);
    std::fill(items.row(0).begin(), items.row(0).end(), 0.0F);
    std::fill(items.row(1).begin(), items.row(1).end(), 1e-30F);
    const TestGrove test(Metric::kAngular, items);
    EXPECT_EQ(row_scale(test.grove, 0), 0);
    EXPECT_TRUE(is_zero_row(test.grove, 0));
    EXPECT_EQ(row_scale(test.grove, 1), 0);
    EXPECT_FALSE(is_zero_row(test.grove, 1));
    EXPECT_GT(row_scale(test.grove, 2), 0);
}

}  // namespace
}  // namespace kith::index
