#include "kernel/nibble_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "kernel/nibble_kernel.hpp"
#include "kernel/select.hpp"
#include "support/brute_force.hpp"

namespace kith::kernel {
namespace {

FloatRowsView view_of(const Matrix& rows) {
    return {reinterpret_cast<const std::byte*>(rows.data()), rows.cols() * sizeof(float), rows.rows(), rows.cols()};
}

// At an address that AVX-512 could load aligned, as stores and files have it.
std::vector<std::byte> encoded(const Matrix& rows, Metric metric, std::size_t threads = 1) {
    std::vector<std::byte> bytes(nibble_bytes(rows.rows(), rows.cols()));
    encode_nibbles(view_of(rows), metric, threads, bytes);
    return bytes;
}

constexpr Metric kBounded[] = {Metric::kAngular, Metric::kEuclidean, Metric::kDot};

// Whatever rank is asked for, each row of that rank or less passes.
void expect_sound(const Matrix& rows, const Matrix& queries, Metric metric) {
    const std::vector<std::byte> bytes = encoded(rows, metric);
    const NibbleRows coded(bytes);
    NibbleProbe probe;
    std::vector<float> ranks(rows.rows());
    std::vector<std::uint32_t> passed(kProbeRows + 16);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        active()
            .of(metric, Scalar::kFloat32)
            .scan(queries.row(q).data(), rows.data(), rows.cols() * sizeof(float), rows.rows(), rows.cols(),
                  ranks.data());
        std::vector<float> worst = ranks;
        std::ranges::sort(worst);
        for (const std::size_t at : {std::size_t{0}, std::size_t{9}, rows.rows() / 2}) {
            probe.reset(coded, queries.row(q).data());
            if (!probe.is_worth_it()) continue;
            for (std::size_t first = 5; first < rows.rows(); first += 300) {
                const std::size_t last = std::min(first + 300, rows.rows());
                const std::size_t n = probe.select(first, last, worst[at], passed.data());
                ASSERT_LE(n, last - first);
                for (std::size_t i = first; i < last; ++i) {
                    const bool in =
                        std::binary_search(passed.begin(), passed.begin() + static_cast<std::ptrdiff_t>(n),
                                           static_cast<std::uint32_t>(i));
                    ASSERT_TRUE(in || ranks[i] > worst[at]) << name(metric) << ", row " << i << ", query " << q;
                }
            }
        }
    }
}

class NibbleRowsTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!can_use_nibbles()) GTEST_SKIP() << "the " << active().name << " set has no kernel for them";
    }
};

TEST_F(NibbleRowsTest, NoRowThatCouldBeNearIsLeftOut) {
    for (const Metric metric : kBounded) {
        for (const std::size_t dim : {8, 9, 50, 100, 257}) {
            expect_sound(test::random_matrix(1001, dim, 1), test::random_matrix(4, dim, 2), metric);
        }
    }
}

TEST_F(NibbleRowsTest, NorWhereRowsAreOdd) {
    Matrix rows = test::random_matrix(640, 24, 3);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const float scale = std::pow(10.0F, static_cast<float>(i % 41) - 20.0F);
        for (float& x : rows.row(i)) x *= scale;
        if (i % 5 == 0) std::ranges::fill(rows.row(i), 0.0F);
        if (i % 7 == 0) std::ranges::copy(rows.row(0), rows.row(i).begin());
        if (i % 11 == 0) rows.row(i)[3] = 1e6F;
    }
    Matrix queries = test::random_matrix(6, 24, 4);
    std::ranges::fill(queries.row(1), 0.0F);
    for (float& x : queries.row(2)) x *= 1e-20F;
    for (float& x : queries.row(3)) x *= 1e18F;
    std::ranges::copy(rows.row(11), queries.row(4).begin());
    for (const Metric metric : kBounded) expect_sound(rows, queries, metric);
}

TEST_F(NibbleRowsTest, NorWhereRanksTie) {
    for (const Metric metric : kBounded) {
        expect_sound(test::random_integers(800, 12, 2, 5), test::random_integers(4, 12, 2, 6), metric);
        Matrix positive = test::random_integers(800, 40, 100, 7);
        for (std::size_t i = 0; i < 800 * 40; ++i) positive.data()[i] = std::max(positive.data()[i], 0.0F);
        expect_sound(positive, positive, metric);
    }
}

TEST_F(NibbleRowsTest, FewRowsPassThatAreFar) {
    const Matrix rows = test::random_matrix(8000, 64, 8);
    const std::vector<std::byte> bytes = encoded(rows, Metric::kEuclidean);
    const NibbleRows coded(bytes);
    std::vector<float> ranks(rows.rows());
    active()
        .of(Metric::kEuclidean, Scalar::kFloat32)
        .scan(rows.row(0).data(), rows.data(), 64 * sizeof(float), rows.rows(), 64, ranks.data());
    std::ranges::sort(ranks);
    NibbleProbe probe;
    probe.reset(coded, rows.row(0).data());
    std::vector<std::uint32_t> passed(kProbeRows + 16);
    std::size_t total = 0;
    for (std::size_t first = 0; first < rows.rows(); first += kProbeRows) {
        total += probe.select(first, std::min(first + kProbeRows, rows.rows()), ranks[10], passed.data());
    }
    EXPECT_LT(total, rows.rows() / 10);
}

TEST_F(NibbleRowsTest, EverySetPassesTheSameRows) {
    const Matrix rows = test::random_matrix(500, 77, 9);
    const std::vector<std::byte> bytes = encoded(rows, Metric::kEuclidean);
    const NibbleRows coded(bytes);
    std::vector<std::int8_t> query(80);
    for (std::size_t i = 0; i < 77; ++i) query[i] = static_cast<std::int8_t>(i * 37 % 255 - 127);
    std::vector<std::uint32_t> expected;
    for (const Table* const table : available()) {
        const NibbleSelectFn select = nibble_kernel(*table);
        if (select == nullptr) continue;
        std::vector<std::uint32_t> passed(512);
        passed.resize(
            select({query.data(), 10, 100, 0.01F, 3.0F, -74.0F}, coded.blocks(), 1000, rows.rows(), passed.data()));
        EXPECT_GT(passed.size(), 0u);
        EXPECT_LT(passed.size(), rows.rows());
        if (expected.empty()) expected = passed;
        EXPECT_EQ(passed, expected) << table->name;
    }
}

TEST(NibbleRows, TheBytesDoNotDependOnTheThreads) {
    const Matrix rows = test::random_matrix(5000, 33, 10);
    for (const Metric metric : kBounded) EXPECT_EQ(encoded(rows, metric, 1), encoded(rows, metric, 3));
}

TEST(NibbleRows, AreForManyRowsOfFloatsWithABound) {
    EXPECT_TRUE(has_nibbles(Metric::kAngular, Scalar::kFloat32, 100'000, 50));
    EXPECT_FALSE(has_nibbles(Metric::kManhattan, Scalar::kFloat32, 100'000, 50));
    EXPECT_FALSE(has_nibbles(Metric::kHamming, Scalar::kBits, 100'000, 50));
    EXPECT_FALSE(has_nibbles(Metric::kAngular, Scalar::kFloat32, 100, 50));
    EXPECT_FALSE(has_nibbles(Metric::kAngular, Scalar::kFloat32, 100'000, 2));
}

TEST(NibbleRows, FitWhatTheyWereMadeOf) {
    const Matrix rows = test::random_matrix(100, 10, 11);
    std::vector<std::byte> bytes = encoded(rows, Metric::kDot);
    EXPECT_TRUE(NibbleRows::fits(bytes, Metric::kDot, 100, 10));
    EXPECT_FALSE(NibbleRows::fits(bytes, Metric::kAngular, 100, 10));
    EXPECT_FALSE(NibbleRows::fits(bytes, Metric::kDot, 99, 10));
    EXPECT_FALSE(NibbleRows::fits(bytes, Metric::kDot, 100, 11));
    bytes.pop_back();
    EXPECT_FALSE(NibbleRows::fits(bytes, Metric::kDot, 100, 10));
    EXPECT_FALSE(NibbleRows::fits({}, Metric::kDot, 0, 0));
}

TEST(SpreadOrder, VisitsEachOnce) {
    for (std::size_t count = 1; count < 300; ++count) {
        const SpreadOrder order(count);
        std::vector<bool> seen(count);
        for (std::size_t i = 0; i < count; ++i) seen[order[i]] = true;
        EXPECT_EQ(std::ranges::count(seen, true), static_cast<std::ptrdiff_t>(count));
    }
}

}  // namespace
}  // namespace kith::kernel
