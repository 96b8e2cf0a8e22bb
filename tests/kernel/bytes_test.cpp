#include "kernel/bytes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/each_set.hpp"

namespace kith::kernel {
namespace {

struct ByteRows {
    ByteRows(std::size_t count, std::size_t length) : n(length), bytes(count * length), normal(length) {
        std::mt19937 random(5);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        for (auto& code : normal) code = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
        // Extremes, too.
        std::fill_n(bytes.begin(), n, std::uint8_t{255});
        for (std::uint32_t i = 0; i < count; ++i) order.push_back((i * 7 + 3) % static_cast<std::uint32_t>(count));
    }
    std::size_t n;
    std::vector<std::uint8_t> bytes;
    std::vector<std::int8_t> normal;
    std::vector<std::uint32_t> order;
};

TEST_P(CodesTest, MarginsAreExact) {
    for (const std::size_t n : {64UL, 128UL, 832UL, 4096UL}) {
        for (const std::size_t count : {1UL, 4UL, 11UL}) {
            const ByteRows rows(count, n);
            std::vector<float> out(count);
            table().bytes.margins(rows.normal.data(), 1000.0F, rows.bytes.data(), n, rows.order.data(), count, n,
                                  out.data());
            for (std::size_t i = 0; i < count; ++i) {
                std::int32_t sum = 0;
                for (std::size_t d = 0; d < n; ++d) sum += rows.normal[d] * rows.bytes[rows.order[i] * n + d];
                EXPECT_EQ(out[i], static_cast<float>(sum) - 1000.0F) << n << ' ' << i;
            }
        }
    }
}

TEST_P(CodesTest, SumsCountTheRowsAboveZero) {
    for (const std::size_t n : {64UL, 192UL}) {
        for (const std::size_t count : {1UL, 10UL, 256UL}) {
            const ByteRows rows(count, n);
            std::vector<float> margins(count);
            for (std::size_t i = 0; i < count; ++i) margins[i] = static_cast<float>(i % 3) - 1;
            margins[0] = 1;
            std::vector<std::uint16_t> sums(n, 99);
            table().bytes.sum_above(rows.bytes.data(), n, rows.order.data(), margins.data(), count, n, sums.data());
            for (std::size_t d = 0; d < n; ++d) {
                int sum = 0;
                for (std::size_t i = 0; i < count; ++i) {
                    if (margins[i] > 0) sum += rows.bytes[rows.order[i] * n + d];
                }
                EXPECT_EQ(sums[d], sum) << n << ' ' << count;
            }
        }
    }
}

TEST_P(CodesTest, QuantisedAreSharesOfTheLargest) {
    for (const std::size_t n : {64UL, 320UL}) {
        std::vector<float> x(n);
        for (std::size_t d = 0; d < n; ++d) x[d] = std::sin(static_cast<float>(d)) * 1e-3F;
        float largest = 0;
        for (const float each : x) largest = std::max(largest, std::abs(each));
        std::vector<std::int8_t> out(n);
        table().bytes.quantise(x.data(), n, out.data());
        for (std::size_t d = 0; d < n; ++d) EXPECT_NEAR(out[d], x[d] / largest * 127, 0.501);
        std::fill(x.begin(), x.end(), 0.0F);
        table().bytes.quantise(x.data(), n, out.data());
        for (const std::int8_t code : out) EXPECT_EQ(code, 0);
    }
}

}  // namespace
}  // namespace kith::kernel
