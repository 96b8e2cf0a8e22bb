#include "index/compress.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "index/narrow.hpp"
#include "kernel/elements.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

CompressedRows compressed(const Matrix& rows, bool step_for_each, std::size_t threads = 2) {
    const auto get = [&](std::size_t i, std::span<float> out) { std::ranges::copy(rows.row(i), out.begin()); };
    return compress(get, rows.rows(), rows.cols(), step_for_each, threads);
}

// Row i of what was made of a matrix.
std::vector<float> widened(const CompressedRows& rows, std::size_t i, std::size_t dim) {
    std::vector<float> out(dim);
    kernel::widen_elements(rows.bytes.data() + i * dim, rows.scalar, out);
    const float step = rows.row_steps.empty() ? rows.step : rows.row_steps.as<float>()[i];
    for (float& x : out) x *= step;
    return out;
}

void expect_within_half_a_step(const Matrix& rows, const CompressedRows& bytes) {
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const float step = bytes.row_steps.empty() ? bytes.step : bytes.row_steps.as<float>()[i];
        ASSERT_LE(step, bytes.step);
        const std::vector<float> back = widened(bytes, i, rows.cols());
        for (std::size_t d = 0; d < rows.cols(); ++d) {
            ASSERT_LE(std::abs(back[d] - rows.row(i)[d]), step * 0.50001F) << i << ", " << d;
        }
    }
}

TEST(Compress, NoElementIsFartherOffThanHalfAStep) {
    const Matrix rows = test::random_matrix(1000, 33, 1);
    for (const bool step_for_each : {false, true}) {
        const CompressedRows bytes = compressed(rows, step_for_each);
        EXPECT_EQ(bytes.scalar, Scalar::kInt8);
        EXPECT_EQ(bytes.row_steps.size(), step_for_each ? 4000U : 0U);
        const float largest = std::abs(*std::max_element(
            rows.data(), rows.data() + 33000, [](float a, float b) { return std::abs(a) < std::abs(b); }));
        EXPECT_NEAR(bytes.step, largest / 127, largest * 1e-6);
        expect_within_half_a_step(rows, bytes);
    }
}

TEST(Compress, ElementsThatAreNotNegativeHaveTwiceTheSteps) {
    Matrix rows = test::random_matrix(100, 8, 2);
    for (float& x : std::span(rows.data(), 800)) x = std::abs(x);
    const CompressedRows bytes = compressed(rows, false);
    EXPECT_EQ(bytes.scalar, Scalar::kUint8);
    EXPECT_NEAR(bytes.step, *std::max_element(rows.data(), rows.data() + 800) / 255, 1e-6);
    expect_within_half_a_step(rows, bytes);
}

TEST(Compress, ProductsOfBytesAndStepsAreExact) {
    const Matrix rows = test::random_matrix(300, 20, 3);
    const CompressedRows bytes = compressed(rows, true);
    for (const float step : bytes.row_steps.as<float>()) {
        for (int byte = -128; byte < 256; ++byte) {
            const float product = step * static_cast<float>(byte);
            ASSERT_EQ(static_cast<double>(product), static_cast<double>(step) * byte);
            ASSERT_EQ(product / step, static_cast<float>(byte));
        }
    }
}

TEST(Compress, ExtremeElementsStayFiniteAndNear) {
    constexpr float kMost = std::numeric_limits<float>::max();
    for (const float size : {kMost, 1e-38F, 1e-44F, 1.0F}) {
        for (const float sign : {1.0F, -1.0F}) {
            Matrix rows(4, 3);
            for (std::size_t i = 0; i < 12; ++i)
                rows.data()[i] = size * (i % 2 == 0 ? sign : 0.3F) / (i < 6 ? 1 : 8);
            std::ranges::fill(rows.row(3), 0.0F);
            for (const bool step_for_each : {false, true}) {
                const CompressedRows bytes = compressed(rows, step_for_each);
                EXPECT_TRUE(is_sound_step(bytes.step)) << size;
                expect_within_half_a_step(rows, bytes);
                for (const float x : widened(bytes, 0, 3)) EXPECT_TRUE(std::isfinite(x)) << size;
                if (step_for_each) {
                    EXPECT_EQ(bytes.row_steps.as<float>()[3], 0.0F);
                }
            }
        }
    }
}

TEST(Compress, AnyNumberOfThreadsGivesTheSameBytes) {
    const Matrix rows = test::random_matrix(2000, 17, 4);
    for (const bool step_for_each : {false, true}) {
        const CompressedRows one = compressed(rows, step_for_each, 1);
        for (const std::size_t threads : {2, 8}) {
            const CompressedRows more = compressed(rows, step_for_each, threads);
            EXPECT_EQ(more.step, one.step);
            EXPECT_TRUE(std::ranges::equal(more.bytes.bytes(), one.bytes.bytes()));
            EXPECT_TRUE(std::ranges::equal(more.row_steps.bytes(), one.row_steps.bytes()));
        }
    }
}

TEST(Compress, OnlyPositiveNumbersOfModerateSizeAreSteps) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    for (const float bad : {0.0F, -1.0F, kInfinity, -kInfinity, std::nanf(""), 3e38F, 1e-40F}) {
        EXPECT_FALSE(is_sound_step(bad)) << bad;
    }
    for (const float good : {1e-30F, 1.0F, 1e30F}) EXPECT_TRUE(is_sound_step(good)) << good;
}

}  // namespace
}  // namespace kith::index
