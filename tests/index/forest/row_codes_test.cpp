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

constexpr Metric kMetrics[] = {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot};

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

TEST(RowCodes, AreAsCloseToTheRowsAsTheySay) {
    for (const Metric metric : kMetrics) {
        for (const std::size_t dim : {1UL, 7UL, 64UL, 100UL}) {
            const TestGrove test(metric, random_items(metric, 300, dim));
            const RowCodes codes(test.grove, 2);
            std::vector<float> row(codes.padded_width(), 9.0F);
            for (std::uint32_t id = 0; id < 300; ++id) {
                const std::vector<double> exact = exact_row(test.grove, id);
                ASSERT_EQ(codes.width(), exact.size());
                codes.widen(id, row.data());
                double error = 0;
                double length = 0;
                for (std::size_t d = 0; d < exact.size(); ++d) {
                    error += (row[d] - exact[d]) * (row[d] - exact[d]);
                    length += static_cast<double>(codes.row(id)[d]) * codes.row(id)[d];
                }
                EXPECT_LE(std::sqrt(error), codes.max_error() + 1e-5) << name(metric) << ' ' << dim;
                EXPECT_LE(std::sqrt(length), codes.max_length() + 1e-5);
                for (std::size_t d = exact.size(); d < row.size(); ++d) EXPECT_EQ(row[d], 0);
                for (std::size_t d = exact.size(); d < codes.stride(); ++d) EXPECT_EQ(codes.row(id)[d], 0);
            }
            // Half a step in each element.
            EXPECT_LE(codes.max_error(), 0.51 * codes.step() * std::sqrt(static_cast<double>(codes.width())));
        }
    }
}

TEST(RowCodes, AreTheSameForAnyNumberOfThreads) {
    const TestGrove test(Metric::kAngular, random_items(Metric::kAngular, 20'000, 9));
    const RowCodes one(test.grove, 1);
    const RowCodes three(test.grove, 3);
    EXPECT_EQ(one.step(), three.step());
    EXPECT_EQ(one.max_error(), three.max_error());
    EXPECT_EQ(std::memcmp(one.row(0), three.row(0), 20'000 * one.stride()), 0);
}

TEST(RowCodes, NoticeRowsWithoutAnAngle) {
    Matrix items = random_items(Metric::kAngular, 50, 8);
    EXPECT_FALSE(RowCodes(TestGrove(Metric::kAngular, items).grove, 1).has_zero_rows());
    std::fill(items.row(20).begin(), items.row(20).end(), 0.0F);
    const TestGrove test(Metric::kAngular, items);
    const RowCodes codes(test.grove, 1);
    EXPECT_TRUE(codes.has_zero_rows());
    EXPECT_TRUE(std::isfinite(codes.max_error()));
}

TEST(RowCodes, SayNothingWhereSinglePrecisionFails) {
    for (const float size : {1e-30F, 1e30F}) {
        Matrix items = random_items(Metric::kAngular, 50, 8);
        std::fill(items.row(20).begin(), items.row(20).end(), size);
        const TestGrove test(Metric::kAngular, items);
        EXPECT_TRUE(std::isinf(RowCodes(test.grove, 1).max_error())) << size;
    }
}

// Planes of any direction, also those that pass close to many rows.
TEST(CodedPlane, ItsMarginsAreWithinTheirDoubt) {
    std::mt19937 random(3);
    std::normal_distribution<float> gauss;
    for (const Metric metric : kMetrics) {
        const TestGrove test(metric, random_items(metric, 300, 50));
        const RowCodes codes(test.grove, 1);
        for (int round = 0; round < 20; ++round) {
            std::vector<float> normal(codes.width());
            double squares = 0;
            for (float& x : normal) {
                x = gauss(random);
                squares += static_cast<double>(x) * x;
            }
            for (float& x : normal) x = static_cast<float>(x / std::sqrt(squares));
            const float offset = codes.centre() != 0 ? gauss(random) : 0;
            CodedPlane plane;
            plane.set(codes, normal, offset);
            EXPECT_LT(plane.doubt, 0.2 * codes.step() * codes.max_length());
            for (std::uint32_t id = 0; id < 300; ++id) {
                float rank = 0;
                test.grove.kernels->of(Metric::kDot, Scalar::kInt8)
                    .gather(plane.codes.data(), codes.row(0), codes.stride(), &id, 1, codes.stride(), &rank);
                const std::vector<double> row = exact_row(test.grove, id);
                double margin = offset;
                for (std::size_t d = 0; d < row.size(); ++d) margin += row[d] * normal[d];
                EXPECT_NEAR(plane.base + plane.slope * rank, margin, plane.doubt) << name(metric);
            }
        }
    }
}

TEST(CodedPlane, APlaneThatSaysNothingLeavesEverythingInDoubt) {
    const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, 30, 5));
    const RowCodes codes(test.grove, 1);
    CodedPlane plane;
    plane.set(codes, std::vector<float>(5, 0.0F), 0);
    EXPECT_GE(plane.doubt, std::abs(plane.base));
}

}  // namespace
}  // namespace kith::index
