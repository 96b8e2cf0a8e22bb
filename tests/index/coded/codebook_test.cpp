#include "index/coded/codebook.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "index/coded/prepare.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

std::vector<float> decoded(const Codebook& codebook, const std::vector<std::uint8_t>& codes) {
    std::vector<float> out(codebook.dim);
    for (std::size_t d = 0; d < codebook.dim; ++d) out[d] = codebook.codewords[d * 16 + codes[d / codebook.width]];
    return out;
}

std::vector<std::uint8_t> encoded(const Codebook& codebook, Metric metric, const std::vector<float>& row) {
    std::vector<float> sums(codebook.codes() * 16);
    std::vector<std::uint8_t> codes(codebook.codes());
    encode(codebook, metric, row, sums, codes.data());
    return codes;
}

TEST(Codebook, NarrowerCodesAreMoreExactAndAllAreBetterThanNone) {
    const std::size_t dim = 30;
    const RowStore rows = RowStore::copy_of(test::random_matrix(3000, dim, 1).view(), Metric::kEuclidean);
    std::vector<float> row(dim);
    const std::vector<float> zero(dim);
    double last = 0;
    for (const std::size_t width : {1, 2, 4, 7}) {
        const Codebook codebook = make_codebook(rows, width, 1, 2);
        double error = 0;
        double length = 0;
        for (std::size_t i = 0; i < 200; ++i) {
            prepare_row(rows, i, row);
            const std::vector<float> back = decoded(codebook, encoded(codebook, Metric::kEuclidean, row));
            error += test::exact_distance(Metric::kEuclidean, row, back);
            length += test::exact_distance(Metric::kEuclidean, row, zero);
        }
        EXPECT_GT(error, last) << width;
        EXPECT_LT(error, length) << width;
        last = error;
    }
}

TEST(Codebook, CodesAreTheNearestCodewords) {
    const RowStore rows = RowStore::copy_of(test::random_matrix(500, 6, 2).view(), Metric::kManhattan);
    const Codebook codebook = make_codebook(rows, 2, 1, 1);
    std::vector<float> row(6);
    for (std::size_t i = 0; i < 100; ++i) {
        prepare_row(rows, i, row);
        const std::vector<std::uint8_t> codes = encoded(codebook, Metric::kManhattan, row);
        for (std::size_t t = 0; t < 3; ++t) {
            const auto distance = [&](std::size_t c) {
                const float a[2] = {row[2 * t], row[2 * t + 1]};
                const float b[2] = {codebook.codewords[2 * t * 16 + c], codebook.codewords[(2 * t + 1) * 16 + c]};
                return test::exact_distance(Metric::kManhattan, a, b);
            };
            for (std::size_t c = 0; c < 16; ++c) EXPECT_LE(distance(codes[t]), distance(c) + 1e-6);
        }
    }
}

TEST(Codebook, BitsAreCodedExactly) {
    const std::size_t dim = 70;
    const RowStore rows = RowStore::copy_of(test::random_matrix(50, dim, 3).view(), Metric::kHamming);
    const Codebook codebook = make_codebook(rows, default_code_width(Metric::kHamming, dim), 1, 1);
    std::vector<float> row(dim);
    for (std::size_t i = 0; i < rows.count(); ++i) {
        prepare_row(rows, i, row);
        EXPECT_EQ(decoded(codebook, encoded(codebook, Metric::kHamming, row)), row);
    }
}

TEST(Codebook, IsTheSameForAnyNumberOfThreads) {
    const RowStore rows = RowStore::copy_of(test::random_matrix(1000, 33, 4).view(), Metric::kAngular);
    const Codebook one = make_codebook(rows, 2, 5, 1);
    EXPECT_EQ(one.tables, 20u);
    EXPECT_EQ(one.codes(), 17u);
    EXPECT_EQ(one.codewords, make_codebook(rows, 2, 5, 8).codewords);
}

}  // namespace
}  // namespace kith::index
