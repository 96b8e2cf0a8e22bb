#include "index/recall_curve.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

#include "support/brute_force.hpp"

namespace kith::index {
namespace {

struct Point {
    float recall;
    std::uint32_t effort;
    std::uint32_t shortlist;
};

constexpr auto kAll = [](const Point&) { return true; };
constexpr auto kSum = [](const Point& p) { return p.effort + p.shortlist; };

// find(self, effort, each) for the row that was asked for last.
template <class Find>
class AskBy {
public:
    explicit AskBy(Find find) : find_(find) {}

    void begin(std::size_t self) { self_ = self; }
    template <class Each>
    void find(std::uint32_t effort, const Each& each) {
        find_(self_, effort, each);
    }

private:
    Find find_;
    std::size_t self_ = 0;
};

template <class Find>
AskBy<Find> ask_by(Find find) {
    return AskBy<Find>(find);
}

TEST(TrueNeighbors, AreThoseOfExactSearchWithoutTheRowItself) {
    const Matrix rows = test::random_matrix(500, 6, 1);
    const std::vector<std::size_t> selves = {3, 499};
    const auto found = true_neighbors(RowStore::copy_of(rows.view(), Metric::kEuclidean), selves);
    for (std::size_t q = 0; q < selves.size(); ++q) {
        const auto order = test::exact_order(Metric::kEuclidean, rows.view(), rows.row(selves[q]));
        ASSERT_EQ(found[q].size(), 10u);
        for (std::size_t i = 0; i < 10; ++i)
            EXPECT_EQ(found[q][i], static_cast<std::uint32_t>(order[i + 1].second));
    }
}

TEST(CheapestPoints, ThoseThatACheaperOneReachesAreLeftOut) {
    const EffortGrid<2> grid{{10, 20, 30}, {1, 5}};
    const FoundCounts<2> found = {{{2, 4}}, {{2, 8}}, {{3, 8}}};
    const auto points = cheapest_points<Point>(grid, found, 10, kAll, kSum);
    ASSERT_EQ(points.size(), 3u);
    EXPECT_FLOAT_EQ(points[0].recall, 0.2F);
    EXPECT_FLOAT_EQ(points[1].recall, 0.4F);
    EXPECT_EQ(points[1].effort, 10u);
    EXPECT_FLOAT_EQ(points[2].recall, 0.8F);
    EXPECT_EQ(points[2].effort, 20u);
}

// Finds what is asked for, in the order of the vectors as given.
TEST(MeasureCurve, CompressedRowsRankTheirShortlistsAsSearchesDo) {
    Matrix matrix = test::random_matrix(400, 3, 1);
    matrix.data()[0] = 200;  // so that a step is wide
    const RowStore truth = RowStore::copy_of(matrix.view(), Metric::kEuclidean);
    const RowStore rows = RowStore::compressed(truth, 1);
    const EffortGrid<2> grid{{400}, {10, 60}};
    const ProgressFn silent;
    ProgressMeter meter("calibrating", 80, silent);
    const auto make_ask = [&] {
        return ask_by([&](std::size_t self, std::uint32_t /*effort*/, const auto& each) {
            const auto order = test::exact_order(Metric::kEuclidean, matrix.view(), matrix.row(self));
            for (std::size_t i = 1; i < order.size(); ++i) each(static_cast<std::uint32_t>(order[i].second));
        });
    };
    // Ten at most: all of them are found. Of sixty, others look nearer.
    const auto points = measure_curve<Point>(truth, rows, grid, 80, 1, 2, meter, make_ask, kAll,
                                             [](const Point& p) { return -static_cast<double>(p.shortlist); });
    ASSERT_EQ(points.size(), 2u);
    EXPECT_LT(points[0].recall, 0.9F);
    EXPECT_FLOAT_EQ(points[1].recall, 1.0F);
}

TEST(MeasureCurve, AnIndexThatFindsMoreWithMoreEffortHasARisingCurve) {
    const RowStore rows = RowStore::copy_of(test::random_matrix(300, 4, 1).view(), Metric::kEuclidean);
    const EffortGrid<1> grid{{2, 4, 10}, {10}};
    const ProgressFn silent;
    ProgressMeter meter("calibrating", 40, silent);
    // Finds as many of the true neighbours as its effort.
    const auto make_ask = [&] {
        return ask_by([&](std::size_t self, std::uint32_t effort, const auto& each) {
            const auto neighbors = true_neighbors(rows, std::vector{self}).front();
            for (std::size_t i = 0; i < effort; ++i) each(neighbors[i]);
        });
    };
    const auto curve = measure_curve<Point>(rows, rows, grid, 40, 1, 2, meter, make_ask, kAll, kSum);
    ASSERT_EQ(curve.size(), 3u);
    EXPECT_FLOAT_EQ(curve[0].recall, 0.2F);
    EXPECT_FLOAT_EQ(curve[1].recall, 0.4F);
    EXPECT_FLOAT_EQ(curve[2].recall, 1.0F);
}

// So that a build does not pay for great efforts of which only few queries have need.
TEST(MeasureCurve, MoreEffortIsNotTriedOnceTwoHaveFoundAllNeighbours) {
    const RowStore rows = RowStore::copy_of(test::random_matrix(300, 4, 1).view(), Metric::kEuclidean);
    const EffortGrid<2> grid{{4, 9, 10, 20, 40, 80, 160}, {5, 10}};
    const ProgressFn silent;
    ProgressMeter meter("calibrating", 48, silent);
    std::mutex mutex;
    std::map<std::uint32_t, int> tried;
    const auto make_ask = [&] {
        return ask_by([&](std::size_t self, std::uint32_t effort, const auto& each) {
            const auto neighbors = true_neighbors(rows, std::vector{self}).front();
            for (std::size_t i = 0; i < std::min<std::size_t>(effort, 10); ++i) each(neighbors[i]);
            const std::lock_guard lock(mutex);
            ++tried[effort];
        });
    };
    const auto curve = measure_curve<Point>(rows, rows, grid, 48, 1, 2, meter, make_ask, kAll, [](const Point& p) {
        return -static_cast<double>(p.effort) + p.shortlist;
    });
    EXPECT_EQ(tried, (std::map<std::uint32_t, int>{{4, 48}, {9, 48}, {10, 48}, {20, 48}}));
    ASSERT_EQ(curve.size(), 2u);
    EXPECT_FLOAT_EQ(curve[0].recall, 0.5F);
    EXPECT_EQ(curve[0].effort, 160u);
    EXPECT_FLOAT_EQ(curve[1].recall, 1.0F);
    EXPECT_EQ(curve[1].effort, 160u);
}

}  // namespace
}  // namespace kith::index
