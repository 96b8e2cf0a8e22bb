#include "index/forest/row_cache.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

TEST(RowCache, UnitRowsWhereOnlyTheAngleCounts) {
    for (const Metric metric : {Metric::kAngular, Metric::kDot}) {
        Matrix items = random_items(metric, 30, 7);
        std::fill(items.row(3).begin(), items.row(3).end(), 0.0F);
        const TestGrove test(metric, items);
        const RowCache cache(test.grove);
        EXPECT_EQ(cache.width(), metric == Metric::kDot ? 8U : 7U);
        std::vector<float> row(cache.stride(), 9.0F);
        for (std::uint32_t id = 0; id < 30; ++id) {
            cache.copy(id, row.data());
            double squares = 0;
            for (const float each : row) squares += static_cast<double>(each) * each;
            EXPECT_NEAR(squares, metric == Metric::kAngular && id == 3 ? 0 : 1, 1e-5);
        }
    }
}

TEST(RowCache, PlainRowsOtherwise) {
    const Matrix items = random_items(Metric::kEuclidean, 5, 7);
    const TestGrove test(Metric::kEuclidean, items);
    const RowCache cache(test.grove);
    std::vector<float> row(cache.stride(), 9.0F);
    cache.copy(4, row.data());
    for (std::size_t d = 0; d < 7; ++d) EXPECT_EQ(row[d], items.row(4)[d]);
    for (std::size_t d = 7; d < row.size(); ++d) EXPECT_EQ(row[d], 0);
}

TEST(RowCache, HoldsARangeAndWhatIsInside) {
    const Matrix items = random_items(Metric::kEuclidean, 100, 7);
    const TestGrove test(Metric::kEuclidean, items);
    RowCache cache(test.grove);
    ASSERT_TRUE(cache.hold(test.ids, 20, 50));
    const float* const before = cache.base();
    ASSERT_TRUE(cache.hold(test.ids, 30, 10));
    EXPECT_EQ(cache.base(), before);
    for (std::size_t position = 20; position < 70; ++position) {
        EXPECT_EQ(cache.row(position)[0], items.row(position)[0]);
    }
    // A permutation of the range is followed by its slots.
    const auto slots = cache.slots(30, 2);
    std::swap(slots[0], slots[1]);
    EXPECT_EQ(cache.row(30)[0], items.row(31)[0]);
    ASSERT_TRUE(cache.hold(test.ids, 60, 20));
    EXPECT_EQ(cache.row(79)[0], items.row(79)[0]);
}

TEST(RowCache, LeavesLargeRangesAndWideRowsAlone) {
    const TestGrove many(Metric::kEuclidean, random_items(Metric::kEuclidean, 20'000, 30));
    RowCache cache(many.grove);
    EXPECT_FALSE(cache.hold(many.ids, 0, 20'000));
    EXPECT_TRUE(cache.hold(many.ids, 0, 1000));
    const TestGrove wide(Metric::kEuclidean, random_items(Metric::kEuclidean, 10, 5000));
    RowCache none(wide.grove);
    EXPECT_FALSE(none.hold(wide.ids, 0, 10));
}

}  // namespace
}  // namespace kith::index
