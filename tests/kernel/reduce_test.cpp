#include "kernel/reduce.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/each_set.hpp"
#include "kernel/guarded.hpp"
#include "kernel/oracle.hpp"
#include "kernel/support.hpp"

namespace kith::kernel {
namespace {

constexpr std::size_t kLongestRow = 1100;
constexpr std::size_t kRows = 5;  // four together and one
constexpr std::array<std::uint32_t, 6> kOrder = {4, 0, 3, 3, 1, 2};

std::size_t element_bytes(Scalar scalar) {
    return scalar == Scalar::kBits ? 8 : row_bytes(scalar, 1);
}

// Finite values: floats in (-1, 1), halves of every size including subnormal ones, bytes and bits of any value.
void fill_random(Scalar scalar, unsigned char* out, std::size_t count, std::mt19937_64& random) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t bits = random();
        if (scalar == Scalar::kFloat32) {
            const float x = static_cast<float>(static_cast<double>(bits >> 11) * 0x1p-52 - 1);
            std::memcpy(out + 4 * i, &x, 4);
        } else if (scalar == Scalar::kFloat16) {
            const auto x = static_cast<std::uint16_t>((bits & 0x83FF) | (bits >> 32) * 31 >> 32 << 10);
            std::memcpy(out + 2 * i, &x, 2);
        } else {
            std::memcpy(out + i * element_bytes(scalar), &bits, element_bytes(scalar));
        }
    }
}

std::string describe(const Support& pair, std::size_t n) {
    return std::string(name(pair.metric)) + '/' + std::string(name(pair.scalar)) + " n=" + std::to_string(n);
}

// Rows at odd strides and offsets; the last row ends where readable memory ends.
struct Fixture {
    Fixture() : rows_memory((kLongestRow * 8 + 16) * kRows), query_memory(kLongestRow * 8) {}

    void fill(Scalar scalar, std::size_t n, std::mt19937_64& random) {
        const std::size_t bytes = n * element_bytes(scalar);
        stride = bytes + random() % 16;
        base = rows_memory.last(stride * (kRows - 1) + bytes);
        query = query_memory.last(bytes);
        for (std::size_t r = 0; r < kRows; ++r) fill_random(scalar, base + r * stride, n, random);
        fill_random(scalar, query, n, random);
    }

    test::Guarded rows_memory;
    test::Guarded query_memory;
    std::size_t stride = 0;
    unsigned char* base = nullptr;
    unsigned char* query = nullptr;
};

void check_against_double(const Table& table, const Support& support) {
    std::mt19937_64 random(1);
    Fixture data;
    const DistanceKernels& kernels = table.of(support.metric, support.scalar);
    for (std::size_t n = 1; n <= kLongestRow; ++n) {
        data.fill(support.scalar, n, random);
        std::array<float, kRows> scanned;
        kernels.scan(data.query, data.base, data.stride, kRows, n, scanned.data());
        for (std::size_t r = 0; r < kRows; ++r) {
            const auto [rank, tolerance] =
                test::expected_rank(support.metric, support.scalar, data.query, data.base + r * data.stride, n);
            ASSERT_NEAR(scanned[r], rank, tolerance) << describe(support, n) << " row " << r;
        }
    }
}

TEST_P(DistanceTest, EveryDimensionIsWithinTheRoundingBoundOfDoublePrecision) {
    for (const Support& support : kSupport) {
        ASSERT_NO_FATAL_FAILURE(check_against_double(table(), support));
    }
}

TEST_P(DistanceTest, PairGatherAndScanGiveTheSameBits) {
    std::mt19937_64 random(2);
    Fixture data;
    for (const Support& support : kSupport) {
        const DistanceKernels& kernels = table().of(support.metric, support.scalar);
        for (std::size_t n = 1; n <= kLongestRow; ++n) {
            data.fill(support.scalar, n, random);
            std::array<float, kRows> scanned;
            kernels.scan(data.query, data.base, data.stride, kRows, n, scanned.data());
            std::array<float, kOrder.size()> gathered;
            kernels.gather(data.query, data.base, data.stride, kOrder.data(), kOrder.size(), n, gathered.data());
            for (std::size_t i = 0; i < kOrder.size(); ++i) {
                const float alone = kernels.pair(data.query, data.base + kOrder[i] * data.stride, n);
                ASSERT_EQ(gathered[i], alone) << describe(support, n);
                ASSERT_EQ(scanned[kOrder[i]], alone) << describe(support, n);
            }
        }
    }
}

TEST_P(DistanceTest, WithinALimitARowHasTheBitsOfAPairAndBeyondItAnyGreaterRank) {
    std::mt19937_64 random(12);
    Fixture data;
    for (const Support& support : kSupport) {
        const DistanceKernels& kernels = table().of(support.metric, support.scalar);
        const bool bounded = (support.metric == Metric::kEuclidean || support.metric == Metric::kManhattan) &&
                             support.scalar == Scalar::kFloat32;
        ASSERT_EQ(kernels.within != nullptr, bounded) << describe(support, 0);
        for (std::size_t n = 1; bounded && n <= kLongestRow; n += 3) {
            data.fill(support.scalar, n, random);
            std::array<float, kOrder.size()> exact;
            kernels.gather(data.query, data.base, data.stride, kOrder.data(), kOrder.size(), n, exact.data());
            for (const float limit : {0.0F, exact[1], exact[2], exact[3], std::numeric_limits<float>::infinity()}) {
                std::array<float, kOrder.size()> within;
                kernels.within(data.query, data.base, data.stride, kOrder.data(), kOrder.size(), n, limit,
                               within.data());
                for (std::size_t i = 0; i < kOrder.size(); ++i) {
                    if (exact[i] <= limit) {
                        ASSERT_EQ(within[i], exact[i]) << describe(support, n);
                    } else {
                        ASSERT_GT(within[i], limit) << describe(support, n);
                    }
                }
            }
        }
    }
}

// Rows of a narrower type, and the same as floats, with a query of floats.
struct AsymmetricFixture {
    void fill(Scalar scalar, std::size_t n, std::mt19937_64& random) {
        narrow.fill(scalar, n, random);
        rows.resize(kRows * n);
        for (std::size_t r = 0; r < kRows; ++r) {
            const std::vector<double> row = test::elements(scalar, narrow.base + r * narrow.stride, n);
            std::ranges::copy(row, rows.begin() + static_cast<std::ptrdiff_t>(r * n));
        }
        query.resize(n);
        for (float& x : query) x = static_cast<float>(random() % 100000) / 300 - 20;
        if (n % 7 == 0) query[n / 2] = 3e30F;  // ranks of double precision
    }

    Fixture narrow;
    std::vector<float> rows;
    std::vector<float> query;
};

void check_against_floats(const Table& table, Metric metric, Scalar scalar) {
    std::mt19937_64 random(6);
    AsymmetricFixture data;
    const Fixture& narrow = data.narrow;
    const DistanceKernels& kernels = search_kernels(table, metric, scalar);
    const DistanceKernels& floats = table.of(metric, Scalar::kFloat32);
    for (std::size_t n = 1; n <= kLongestRow; ++n) {
        data.fill(scalar, n, random);
        std::array<float, kRows> expected;
        std::array<float, kRows> found;
        floats.scan(data.query.data(), data.rows.data(), n * sizeof(float), kRows, n, expected.data());
        kernels.scan(data.query.data(), narrow.base, narrow.stride, kRows, n, found.data());
        ASSERT_EQ(found, expected) << describe({metric, scalar}, n);
        std::array<float, kOrder.size()> gathered;
        kernels.gather(data.query.data(), narrow.base, narrow.stride, kOrder.data(), kOrder.size(), n,
                       gathered.data());
        for (std::size_t i = 0; i < kOrder.size(); ++i) ASSERT_EQ(gathered[i], expected[kOrder[i]]);
        for (std::size_t r = 0; r < kRows; ++r) {
            ASSERT_EQ(kernels.pair(data.query.data(), narrow.base + r * narrow.stride, n), expected[r]);
        }
        if (kernels.within == nullptr) continue;
        std::array<float, kOrder.size()> within;
        kernels.within(data.query.data(), narrow.base, narrow.stride, kOrder.data(), kOrder.size(), n, expected[1],
                       within.data());
        for (std::size_t i = 0; i < kOrder.size(); ++i) {
            if (gathered[i] <= expected[1]) {
                ASSERT_EQ(within[i], gathered[i]) << describe({metric, scalar}, n);
            } else {
                ASSERT_GT(within[i], expected[1]) << describe({metric, scalar}, n);
            }
        }
    }
}

TEST_P(DistanceTest, NarrowRowsHaveTheVeryRanksOfTheSameRowsAsFloats) {
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
        for (const Scalar scalar : {Scalar::kFloat16, Scalar::kInt8, Scalar::kUint8}) {
            ASSERT_NO_FATAL_FAILURE(check_against_floats(table(), metric, scalar));
        }
        const bool bounded = metric == Metric::kEuclidean || metric == Metric::kManhattan;
        EXPECT_EQ(search_kernels(table(), metric, Scalar::kFloat16).within != nullptr, bounded);
    }
}

TEST_P(DistanceTest, ARowIsAtTheSmallestRankFromItselfWhateverTheMetric) {
    std::mt19937_64 random(3);
    Fixture data;
    for (const Support& support : kSupport) {
        if (support.metric == Metric::kDot) continue;
        for (std::size_t n = 1; n <= 300; ++n) {
            data.fill(support.scalar, n, random);
            data.query[0] |= 1;
            ASSERT_EQ(table().of(support.metric, support.scalar).pair(data.query, data.query, n), 0)
                << describe(support, n);
        }
    }
}

TEST_P(DistanceTest, NoRowsAndNoElementsAreFine) {
    const std::array<float, 4> row = {1, 2, 3, 4};
    for (const Support& support : kSupport) {
        const DistanceKernels& kernels = table().of(support.metric, support.scalar);
        float out = -1;
        kernels.scan(row.data(), row.data(), 0, 0, 1, &out);
        kernels.gather(row.data(), row.data(), 0, nullptr, 0, 1, &out);
        EXPECT_EQ(out, -1);
        EXPECT_EQ(kernels.pair(row.data(), row.data(), 0), support.metric == Metric::kAngular ? 2 : 0);
    }
}

TEST_P(DistanceTest, AZeroVectorIsHalfWayRoundForAngular) {
    const std::vector<float> zero(37), x(37, 0.5F);
    const DistanceKernels& kernels = table().of(Metric::kAngular, Scalar::kFloat32);
    EXPECT_EQ(kernels.pair(zero.data(), x.data(), 37), 2);
    EXPECT_EQ(kernels.pair(x.data(), zero.data(), 37), 2);
    EXPECT_EQ(kernels.pair(zero.data(), zero.data(), 37), 2);
}

// Squares of such elements are infinite, or vanish, in float.
TEST_P(DistanceTest, AngularHoldsForVeryLargeAndVerySmallElements) {
    const DistanceKernels& kernels = table().of(Metric::kAngular, Scalar::kFloat32);
    for (const float size : {1e30F, 1e-25F, 3e38F, 1e-38F}) {
        const std::vector<float> x = {size, 0, size, 0, 0};
        const std::vector<float> y = {0, 0, size, 0, size};
        EXPECT_NEAR(kernels.pair(x.data(), y.data(), 5), 1, 1e-6) << size;
        float out = -1;
        kernels.scan(x.data(), y.data(), 0, 1, 5, &out);
        EXPECT_NEAR(out, 1, 1e-6) << size;
    }
}

TEST_P(DistanceTest, DotIsNeverNotANumberForFiniteElements) {
    const std::vector<float> x = {1e30F, 1e30F, 0, 1e30F, 1e30F};
    const std::vector<float> y = {1e30F, -1e30F, 3, 1e30F, -1e30F};
    EXPECT_EQ(table().of(Metric::kDot, Scalar::kFloat32).pair(x.data(), y.data(), 5), 0);
}

// 32-bit running sums would overflow on the way.
TEST_P(DistanceTest, BytesAreExactOverAMillionElements) {
    constexpr std::size_t kCount = 1'000'003;
    const std::vector<unsigned char> x(kCount, 255);
    const std::vector<unsigned char> zero(kCount, 0);
    const auto euclidean = table().of(Metric::kEuclidean, Scalar::kUint8);
    const auto exact = static_cast<float>(kCount * 255.0 * 255.0);
    EXPECT_EQ(euclidean.pair(x.data(), zero.data(), kCount), exact);
    std::array<float, 5> out;
    euclidean.scan(x.data(), zero.data(), 0, 5, kCount, out.data());
    EXPECT_EQ(out[0], exact);
    EXPECT_EQ(out[4], exact);
    const std::vector<unsigned char> lowest(kCount, 0x80);  // -128
    EXPECT_EQ(table().of(Metric::kDot, Scalar::kInt8).pair(lowest.data(), lowest.data(), kCount),
              static_cast<float>(-128.0 * 128.0 * kCount));
}

TEST_P(DistanceTest, ThousandsOfScatteredRowsAreEachAnsweredOnce) {
    constexpr std::size_t kCount = 5000;
    for (const std::size_t n : {3, 25, 200, 1000}) {
        std::mt19937_64 random(4);
        std::vector<float> rows(64 * n);
        fill_random(Scalar::kFloat32, reinterpret_cast<unsigned char*>(rows.data()), rows.size(), random);
        std::vector<std::uint32_t> order(kCount);
        for (auto& each : order) each = static_cast<std::uint32_t>(random() % 64);
        std::vector<float> out(kCount);
        const DistanceKernels& kernels = table().of(Metric::kEuclidean, Scalar::kFloat32);
        kernels.gather(rows.data(), rows.data(), n * 4, order.data(), kCount, n, out.data());
        for (std::size_t i = 0; i < kCount; ++i) {
            ASSERT_EQ(out[i], kernels.pair(rows.data(), rows.data() + order[i] * n, n));
        }
    }
}

}  // namespace
}  // namespace kith::kernel
