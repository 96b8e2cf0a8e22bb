#include "index/forest/two_means.hpp"

#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "kernel/select.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kWidth = 32;

// Two clouds around +centre and -centre; rows 0, 2, 4, … belong to the first.
struct Clouds {
    explicit Clouds(bool unit, float shift = 0) : values(400 * kWidth) {
        std::mt19937 random(4);
        std::normal_distribution<float> normal(0, 0.1F);
        for (std::size_t i = 0; i < 400; ++i) {
            float* row = values.data() + i * kWidth;
            const float sign = i % 2 == 0 ? 1.0F : -1.0F;
            for (std::size_t d = 0; d < kWidth; ++d) row[d] = shift + sign + normal(random);
            if (unit) {
                const float length = std::sqrt(std::inner_product(row, row + kWidth, row, 0.0F));
                for (std::size_t d = 0; d < kWidth; ++d) row[d] /= length;
            }
        }
        for (std::size_t i = 0; i < 202; ++i) rows.push_back(values.data() + i * kWidth);
    }
    std::vector<float> values;
    std::vector<const float*> rows;
};

TEST(TwoMeans, SeparatesTwoClouds) {
    for (const Metric metric : {Metric::kAngular, Metric::kDot, Metric::kEuclidean, Metric::kManhattan}) {
        const bool unit = metric == Metric::kAngular || metric == Metric::kDot;
        const Clouds clouds(unit, unit ? 0.0F : 30.0F);
        TwoMeans means(metric, kWidth, kernel::active());
        means.run(clouds.rows);
        const auto normal = means.normal();
        EXPECT_NEAR(std::inner_product(normal.begin(), normal.end(), normal.begin(), 0.0), 1, 1e-5);
        for (std::size_t i = 0; i < 400; ++i) {
            const float* row = clouds.values.data() + i * kWidth;
            const double margin = std::inner_product(normal.begin(), normal.end(), row, 0.0) + means.offset();
            EXPECT_EQ(margin > 0, i % 2 == 0) << name(metric) << " row " << i << " margin " << margin;
        }
        if (unit) {
            EXPECT_EQ(means.offset(), 0);
        }
    }
}

TEST(TwoMeans, EqualRowsGiveNoPlane) {
    const std::vector<float> row(kWidth, 0.2F);
    const std::vector<const float*> rows(202, row.data());
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean}) {
        TwoMeans means(metric, kWidth, kernel::active());
        means.run(rows);
        for (const float each : means.normal()) EXPECT_NEAR(each, 0, 1e-6);
    }
}

}  // namespace
}  // namespace kith::index
