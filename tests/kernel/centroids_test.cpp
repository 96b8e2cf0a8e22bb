#include "kernel/centroids.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/each_set.hpp"

namespace kith::kernel {
namespace {

// Unit rows in two loose clouds, so that no rounding decides where one belongs.
std::vector<float> clouds(std::size_t rows, std::size_t n, std::mt19937& random) {
    std::normal_distribution<float> normal(0, 0.3F);
    std::vector<float> out(rows * n);
    for (std::size_t r = 0; r < rows; ++r) {
        const float centre = random() % 2 == 0 ? 1.0F : -1.0F;
        double squares = 0;
        for (std::size_t i = 0; i < n; ++i) {
            out[r * n + i] = centre * (i % 2 == 0 ? 1.0F : 0.2F) + normal(random);
            squares += std::pow(out[r * n + i], 2);
        }
        for (std::size_t i = 0; i < n; ++i) out[r * n + i] /= static_cast<float>(std::sqrt(squares));
    }
    return out;
}

double cosine(const std::vector<double>& sum, const float* row) {
    double dot = 0;
    double squares = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
        dot += sum[i] * row[i];
        squares += sum[i] * sum[i];
    }
    return squares > 0 ? dot / std::sqrt(squares) : 0;
}

TEST_P(FloatsTest, PulledCentroidsAreThoseOfDoublePrecision) {
    std::mt19937 random(5);
    for (const std::size_t n : {16UL, 32UL, 48UL, 64UL, 80UL, 112UL, 128UL, 144UL, 304UL, 800UL}) {
        constexpr std::size_t kRows = 61;  // fours, and some left over
        const std::vector<float> values = clouds(kRows, n, random);
        std::vector<const float*> rows;
        for (std::size_t r = 2; r < kRows; ++r) rows.push_back(values.data() + r * n);
        std::vector<float> sums[2];
        std::vector<double> expected[2];
        for (std::size_t c = 0; c < 2; ++c) {
            sums[c].assign(values.data() + c * n, values.data() + (c + 1) * n);
            expected[c].assign(sums[c].begin(), sums[c].end());
        }
        double expected_counts[2] = {1, 1};
        for (std::size_t r = 0; r < rows.size();) {
            const std::size_t together = r + 4 <= rows.size() ? 4 : 1;
            const std::vector<double> before[2] = {expected[0], expected[1]};
            const double counts_before[2] = {expected_counts[0], expected_counts[1]};
            for (const std::size_t end = r + together; r < end; ++r) {
                const double to_first = counts_before[0] * (1 - cosine(before[0], rows[r]));
                const double to_second = counts_before[1] * (1 - cosine(before[1], rows[r]));
                const std::size_t nearer = to_second < to_first ? 1 : 0;
                for (std::size_t i = 0; i < n; ++i) expected[nearer][i] += rows[r][i];
                expected_counts[nearer] += 1;
            }
        }
        float counts[2] = {1, 1};
        table().f32.pull_unit_rows(rows.data(), rows.size(), n, sums[0].data(), sums[1].data(), counts);
        for (std::size_t c = 0; c < 2; ++c) {
            ASSERT_EQ(counts[c], expected_counts[c]) << n;
            for (std::size_t i = 0; i < n; ++i) ASSERT_NEAR(sums[c][i], expected[c][i], 1e-4) << n;
        }
    }
}

TEST_P(FloatsTest, ATieAndAZeroCentroidMoveAsTheyShould) {
    const std::vector<float> x = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    const std::vector<float> zero(16, 0.0F);
    const float* rows[1] = {x.data()};
    std::vector<float> first = x;
    std::vector<float> second = x;
    float counts[2] = {3, 3};
    table().f32.pull_unit_rows(rows, 1, 16, first.data(), second.data(), counts);
    EXPECT_EQ(first, x);
    EXPECT_EQ(counts[0] + counts[1], 6);
    first = zero;
    counts[0] = 1;
    table().f32.pull_unit_rows(rows, 1, 16, first.data(), second.data(), counts);
    EXPECT_EQ(first, zero) << "the other centroid is nearer";
    EXPECT_EQ(counts[1], 4);
}

}  // namespace
}  // namespace kith::kernel
