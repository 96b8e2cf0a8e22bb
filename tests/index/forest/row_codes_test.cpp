#include "index/forest/row_codes.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

constexpr Metric kCodedMetrics[] = {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot};

// The row of an item in double precision.
std::vector<double> exact_row(const Grove& grove, std::uint32_t id) {
    std::vector<double> row(grove.vector(id), grove.vector(id) + grove.dim);
    if (grove.metric == Metric::kDot) row.push_back(load<float>(grove.node(id) + grove.layout.term));
    if (grove.metric == Metric::kAngular || grove.metric == Metric::kDot) {
        double squares = 0;
        for (const double x : row) squares += x * x;
        for (double& x : row) x = squares > 0 ? x / std::sqrt(squares) : 0;
    }
    return row;
}

TEST(RowCodes, AreHalfAStepFromTheRows) {
    for (const Metric metric : kCodedMetrics) {
        for (const std::size_t dim : {1UL, 7UL, 64UL, 100UL, 300UL}) {
            const TestGrove test(metric, random_items(metric, 300, dim));
            const RowCodes codes(test.grove, 2);
            EXPECT_TRUE(codes.sharp() || dim == 1) << name(metric) << ' ' << dim;
            EXPECT_EQ(codes.has_whole_blocks(), codes.width() == 64 || dim == 300) << dim;
            for (std::uint32_t id = 0; id < 300; ++id) {
                const std::vector<double> exact = exact_row(test.grove, id);
                ASSERT_EQ(codes.width(), exact.size());
                for (std::size_t d = 0; d < exact.size(); ++d) {
                    const double near = codes.centre() + codes.step() * (codes.row(id)[d] - RowCodes::kZero);
                    EXPECT_NEAR(near, exact[d], 0.501 * codes.step()) << name(metric) << ' ' << dim;
                }
                for (std::size_t d = exact.size(); d < codes.stride(); ++d) {
                    EXPECT_EQ(codes.row(id)[d], RowCodes::kZero);
                }
            }
        }
    }
}

TEST(RowCodes, AreTheSameForAnyNumberOfThreads) {
    const TestGrove test(Metric::kAngular, random_items(Metric::kAngular, 20'000, 9));
    const RowCodes one(test.grove, 1);
    const RowCodes three(test.grove, 3);
    EXPECT_EQ(one.step(), three.step());
    EXPECT_EQ(std::memcmp(one.row(0), three.row(0), 20'000 * one.stride()), 0);
}

TEST(RowCodes, NoticeRowsWithoutAnAngle) {
    Matrix items = random_items(Metric::kAngular, 50, 8);
    EXPECT_FALSE(RowCodes(TestGrove(Metric::kAngular, items).grove, 1).has_zero_rows());
    std::fill(items.row(20).begin(), items.row(20).end(), 0.0F);
    const TestGrove test(Metric::kAngular, items);
    const RowCodes codes(test.grove, 1);
    EXPECT_TRUE(codes.has_zero_rows());
    EXPECT_TRUE(codes.sharp());
}

// Rows at distances 0, 1, 2, … from one place: a step is as long as from there to the fiftieth.
TEST(RowCodes, AreNotSharpWhereRowsCrowdWithinAStep) {
    constexpr std::size_t kRows = 5000;
    Matrix items = random_items(Metric::kEuclidean, kRows, 10);
    for (std::size_t i = 0; i < kRows; ++i) {
        double squares = 0;
        for (const float x : items.row(i)) squares += static_cast<double>(x) * x;
        for (float& x : items.row(i)) x *= static_cast<float>(static_cast<double>(i) / std::sqrt(squares));
    }
    EXPECT_FALSE(RowCodes(TestGrove(Metric::kEuclidean, items).grove, 1).sharp());
    Matrix doubled = random_items(Metric::kEuclidean, kRows, 10);
    for (std::size_t i = 0; i < kRows; i += 2) std::ranges::copy(doubled.row(i + 1), doubled.row(i).begin());
    EXPECT_TRUE(RowCodes(TestGrove(Metric::kEuclidean, doubled).grove, 1).sharp()) << "equal rows have equal codes";
}

TEST(RowCodes, AreNotSharpWhereSinglePrecisionFails) {
    for (const float size : {1e-30F, 1e30F}) {
        Matrix items = random_items(Metric::kAngular, 50, 8);
        std::fill(items.row(20).begin(), items.row(20).end(), size);
        const TestGrove test(Metric::kAngular, items);
        EXPECT_FALSE(RowCodes(test.grove, 1).sharp()) << size;
    }
}

TEST(RowCodes, AreNotSharpWhereOneRowIsFarFromTheRest) {
    Matrix items = random_items(Metric::kEuclidean, 1000, 8);
    items.row(20)[3] = 1e4F;
    const TestGrove test(Metric::kEuclidean, items);
    EXPECT_FALSE(RowCodes(test.grove, 1).sharp());
}

}  // namespace
}  // namespace kith::index
