#include "kernel/floats.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/each_set.hpp"
#include "kernel/guarded.hpp"
#include "kernel/oracle.hpp"

namespace kith::kernel {
namespace {

constexpr std::size_t kLargestDim = 1100;

std::vector<float> random_floats(std::size_t n, std::mt19937_64& random) {
    std::uniform_real_distribution<float> uniform(-1, 1);
    std::vector<float> out(n);
    for (float& x : out) x = uniform(random);
    return out;
}

const unsigned char* bytes_of(const float* p) {
    return reinterpret_cast<const unsigned char*>(p);
}

TEST_P(FloatsTest, DotAndSumOfSquaresAreWithinTheRoundingBound) {
    std::mt19937_64 random(1);
    for (std::size_t n = 0; n <= kLargestDim; ++n) {
        const std::vector<float> x = random_floats(n, random);
        const std::vector<float> y = random_floats(n, random);
        const auto [minus_dot, tolerance] =
            test::expected_rank(Metric::kDot, Scalar::kFloat32, bytes_of(x.data()), bytes_of(y.data()), n);
        ASSERT_NEAR(table().f32.dot(x.data(), y.data(), n), -minus_dot, tolerance) << n;
        const auto [minus_norm, norm_tolerance] =
            test::expected_rank(Metric::kDot, Scalar::kFloat32, bytes_of(x.data()), bytes_of(x.data()), n);
        ASSERT_NEAR(table().f32.sum_of_squares(x.data(), n), -minus_norm, norm_tolerance) << n;
    }
}

TEST_P(FloatsTest, WidenedCodesAreStepsFromTheCentre) {
    for (std::size_t n = 0; n <= 300; ++n) {
        std::vector<std::int8_t> codes(n);
        for (std::size_t i = 0; i < n; ++i) codes[i] = static_cast<std::int8_t>(i * 37);
        std::vector<float> out(n + 1, 77.0F);
        table().f32.widen(codes.data(), n, 0.5F, 3, out.data());
        for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(out[i], 3 + 0.5F * static_cast<float>(codes[i]));
        ASSERT_EQ(out[n], 77);
    }
}

TEST_P(FloatsTest, PartitionKeepsTheOrderOnEachSide) {
    std::mt19937 random(6);
    for (std::size_t count = 0; count <= 300; ++count) {
        std::vector<std::uint32_t> values(count + 1, 0xffffffffU);
        std::vector<float> margins(count);
        std::vector<std::uint32_t> expected;
        for (std::size_t i = 0; i < count; ++i) {
            values[i] = static_cast<std::uint32_t>(i * 3);
            margins[i] = static_cast<float>(static_cast<int>(random() % 5) - 2);
            if (!(margins[i] > 0)) expected.push_back(values[i]);
        }
        const std::size_t front = expected.size();
        for (std::size_t i = 0; i < count; ++i) {
            if (margins[i] > 0) expected.push_back(values[i]);
        }
        expected.push_back(0xffffffffU);
        std::vector<std::uint32_t> spare(count + 16);
        ASSERT_EQ(table().f32.partition(values.data(), margins.data(), count, spare.data()), front);
        ASSERT_EQ(values, expected) << count;
    }
}

TEST_P(FloatsTest, ARowsDotWithItselfIsItsSumOfSquares) {
    std::mt19937_64 random(2);
    for (std::size_t n = 0; n <= kLargestDim; ++n) {
        const std::vector<float> x = random_floats(n, random);
        ASSERT_EQ(table().f32.dot(x.data(), x.data(), n), table().f32.sum_of_squares(x.data(), n)) << n;
    }
}

TEST_P(FloatsTest, GatherAndScanGiveTheBitsOfDot) {
    std::mt19937_64 random(3);
    const std::array<std::uint32_t, 7> order = {6, 0, 5, 1, 1, 4, 2};
    for (std::size_t n = 1; n <= kLargestDim; n += 3) {
        const std::vector<float> query = random_floats(n, random);
        const std::vector<float> rows = random_floats(7 * (n + 1), random);
        std::array<float, 7> scanned, gathered;
        table().f32.dot_scan(query.data(), rows.data(), 4 * (n + 1), 7, n, scanned.data());
        table().f32.dot_gather(query.data(), rows.data(), 4 * (n + 1), order.data(), 7, n, gathered.data());
        for (std::size_t i = 0; i < 7; ++i) {
            ASSERT_EQ(scanned[i], table().f32.dot(query.data(), rows.data() + i * (n + 1), n)) << n;
            ASSERT_EQ(gathered[i], scanned[order[i]]) << n;
        }
    }
}

// Of any alignment; of no bytes also from nowhere, which memcpy does not take.
void copy_bytes(void* to, const void* from, std::size_t size) {
    std::copy_n(static_cast<const unsigned char*>(from), size, static_cast<unsigned char*>(to));
}

// Rows that end, or begin, where memory does: writes beyond either end crash.
TEST_P(FloatsTest, AxpyAndScaleChangeEveryElementAndNothingElse) {
    std::mt19937_64 random(4);
    const test::Guarded memory(4 * kLargestDim);
    for (std::size_t n = 0; n <= kLargestDim; ++n) {
        const std::vector<float> x = random_floats(n, random);
        const std::vector<float> y = random_floats(n, random);
        for (unsigned char* const row : {memory.last(4 * n), memory.first(), memory.last(4 * n + 3)}) {
            auto* const out = reinterpret_cast<float*>(row);
            copy_bytes(row, y.data(), 4 * n);
            table().f32.axpy(-0.75F, x.data(), out, n);
            std::vector<float> got(n);
            copy_bytes(got.data(), row, 4 * n);
            for (std::size_t i = 0; i < n; ++i) {
                ASSERT_NEAR(got[i], y[i] - 0.75 * x[i], 0x1p-23) << n << " at " << i;
            }
            copy_bytes(row, y.data(), 4 * n);
            table().f32.scale(0.5F, out, n);
            copy_bytes(got.data(), row, 4 * n);
            for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(got[i], y[i] * 0.5F) << n << " at " << i;
        }
    }
}

TEST_P(FloatsTest, WritesLeaveTheNeighboursAlone) {
    for (std::size_t n = 0; n <= 70; ++n) {
        std::vector<float> row(n + 64, 7);
        const std::vector<float> x(n, 1);
        table().f32.axpy(2, x.data(), row.data() + 32, n);
        table().f32.scale(3, row.data() + 32, n);
        for (std::size_t i = 0; i < row.size(); ++i) {
            ASSERT_EQ(row[i], i >= 32 && i < 32 + n ? 27 : 7) << n << " at " << i;
        }
    }
}

}  // namespace
}  // namespace kith::kernel
