#include "index/coded/byte_rows.hpp"

#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "support/brute_force.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kByteDim = 20;

RowStore random_rows(Metric metric) {
    return RowStore::copy_of(test::random_matrix(500, kByteDim, 1).view(), metric);
}

TEST(ByteRows, NoRowTouchesOneMoreCacheLineThanItHasTo) {
    for (std::size_t dim = 1; dim < 300; ++dim) {
        const std::size_t stride = byte_stride(dim);
        ASSERT_GE(stride, dim);
        ASSERT_LT(stride, dim + 64);
        for (std::size_t row = 0; row < 64; ++row) {
            const std::size_t lines = (row * stride + dim - 1) / 64 - row * stride / 64 + 1;
            ASSERT_EQ(lines, (dim + 63) / 64) << dim;
        }
    }
}

TEST(ByteRows, AnElementIsAtMostAStepAwayOrBeyondTheCut) {
    for (const Metric metric : {Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
        const RowStore rows = random_rows(metric);
        const ByteScale scale = choose_byte_scale(rows, 1);
        ASSERT_GT(scale.step, 0);
        const storage::Region bytes = make_byte_rows(rows, scale, 2);
        std::vector<float> row(kByteDim);
        std::size_t far = 0;
        for (std::size_t i = 0; i < rows.count(); ++i) {
            rows.get(i, row);
            for (std::size_t d = 0; d < kByteDim; ++d) {
                const std::uint8_t byte = bytes.as<std::uint8_t>()[i * byte_stride(kByteDim) + d];
                const int steps = metric == Metric::kDot ? static_cast<std::int8_t>(byte) : byte;
                far += std::abs(scale.low + scale.step * static_cast<float>(steps) - row[d]) > scale.step ? 1 : 0;
            }
        }
        EXPECT_LT(far, rows.count() * kByteDim / 100) << name(metric);
    }
}

TEST(ByteRows, WholeNumbersFrom0To255AreExact) {
    Matrix images(300, kByteDim);
    for (std::size_t i = 0; i < images.rows(); ++i) {
        for (std::size_t d = 0; d < kByteDim; ++d) images.row(i)[d] = static_cast<float>((i * 7 + d * 31) % 256);
    }
    const RowStore rows = RowStore::copy_of(images.view(), Metric::kEuclidean);
    const storage::Region bytes = make_byte_rows(rows, choose_byte_scale(rows, 1), 1);
    for (std::size_t i = 0; i < images.rows(); ++i) {
        for (std::size_t d = 0; d < kByteDim; ++d) {
            ASSERT_EQ(bytes.as<std::uint8_t>()[i * byte_stride(kByteDim) + d], images.row(i)[d]);
        }
    }
}

TEST(ByteRows, OneOutlierDoesNotMakeTheStepsCoarse) {
    Matrix rows = test::random_matrix(2000, kByteDim, 1);
    rows.row(7)[3] = 1e6F;
    const ByteScale scale = choose_byte_scale(RowStore::copy_of(rows.view(), Metric::kEuclidean), 1);
    EXPECT_LT(scale.step, 1.0F);
}

TEST(ByteRows, RowsAllAlikeAndBitsHaveNone) {
    const Matrix zeros(10, kByteDim);
    EXPECT_EQ(choose_byte_scale(RowStore::copy_of(zeros.view(), Metric::kEuclidean), 1).step, 0);
    EXPECT_EQ(choose_byte_scale(random_rows(Metric::kHamming), 1).step, 0);
    EXPECT_EQ(choose_byte_scale(RowStore::copy_of(Matrix(0, kByteDim).view(), Metric::kAngular), 1).step, 0);
}

TEST(ByteRows, TheSameForAnyNumberOfThreads) {
    const RowStore rows = random_rows(Metric::kAngular);
    const ByteScale scale = choose_byte_scale(rows, 1);
    const storage::Region one = make_byte_rows(rows, scale, 1);
    const storage::Region three = make_byte_rows(rows, scale, 3);
    EXPECT_TRUE(std::ranges::equal(one.bytes(), three.bytes()));
}

}  // namespace
}  // namespace kith::index
