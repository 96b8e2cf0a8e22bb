#include "keyed/scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "kernel/nibble_rows.hpp"
#include "keyed/query.hpp"
#include "keyed/random_vectors.hpp"

namespace kith::keyed {
namespace {

// Scores with many ties, given by row.
std::vector<float> tied_scores(std::size_t rows) {
    std::mt19937 random(5);
    std::vector<float> scores(rows);
    for (float& score : scores) score = static_cast<float>(random() % 50) / 50.0F;
    return scores;
}

std::vector<Candidate> sorted_all(const std::vector<float>& scores, RowRange range) {
    std::vector<Candidate> all;
    for (std::size_t row = range.first; row < range.last; ++row)
        all.push_back({-scores[row], static_cast<Id>(row)});
    std::ranges::sort(all, [](const Candidate& a, const Candidate& b) { return a < b; });
    return all;
}

TEST(Scan, KeepsWhatSortingAllScoresWouldPutFirst) {
    const std::vector<float> scores = tied_scores(50'000);
    const auto score = [&](RowRange block, float* out) {
        std::copy_n(scores.begin() + static_cast<std::ptrdiff_t>(block.first), block.size(), out);
    };
    for (const RowRange range : {RowRange{0, 50'000}, RowRange{3, 40'001}, RowRange{17, 18}, RowRange{5, 5}}) {
        const std::vector<Candidate> all = sorted_all(scores, range);
        for (const std::size_t k : {0U, 1U, 10U, 3000U, 60'000U}) {
            for (const std::size_t threads : {1U, 2U, 5U}) {
                const std::vector<Candidate> found = scan_top(range, k, threads, score);
                ASSERT_EQ(found.size(), std::min(k, all.size()));
                EXPECT_TRUE(std::equal(found.begin(), found.end(), all.begin()));
            }
        }
    }
}

TEST(Scan, AScoreThatIsNotANumberComesLast) {
    const auto score = [](RowRange block, float* out) {
        for (std::size_t i = 0; i < block.size(); ++i) {
            const std::size_t row = block.first + i;
            out[i] = row % 3 == 0 ? std::numeric_limits<float>::quiet_NaN() : -static_cast<float>(row);
        }
    };
    const std::vector<Candidate> found = scan_top({0, 40}, 40, 1, score);
    ASSERT_EQ(found.size(), 40U);
    EXPECT_EQ(found[0].id, 1);
    EXPECT_EQ(found[25].id % 3, 2);
    EXPECT_EQ(found[26].id % 3, 0);
}

TEST(Scan, CosinesMatchDoublePrecisionForEveryLength) {
    for (std::size_t dim = 1; dim < 70; ++dim) {
        const KeyedVectors vectors = test::random_keyed(33, dim, static_cast<std::uint32_t>(dim));
        std::vector<float> query(vectors.vector(0).begin(), vectors.vector(0).end());
        make_unit(query);
        const std::vector<Term> term = {query};
        const std::vector<float> scores = vectors.similarities(term);
        for (std::size_t row = 0; row < vectors.size(); ++row) {
            EXPECT_NEAR(scores[row], test::cosine_of(query, vectors.vector(row)), 1e-6);
        }
    }
}

// Rows of several lengths around some centres, many of them twice, some zero.
KeyedVectors clustered(std::size_t rows, std::size_t dim) {
    Matrix matrix = test::random_matrix(rows, dim, 11);
    const Matrix centres = test::random_matrix(20, dim, 12);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto row = matrix.row(i);
        const float length = std::pow(10.0F, static_cast<float>(i % 7) - 3);
        for (std::size_t d = 0; d < dim; ++d) row[d] = length * (0.4F * row[d] + centres.row(i % 20)[d]);
        if (i % 500 == 3) std::ranges::fill(row, 0.0F);
        if (i % 9 == 8) std::ranges::copy(matrix.row(i - 5), row.begin());
    }
    return {test::word_keys(rows), matrix.view()};
}

// What a scan of all rows gives.
std::vector<Candidate> by_scan(const Store& store, std::span<const float> unit, RowRange range, std::size_t k) {
    const Cosines cosines(store);
    return scan_top(range, k, 1, [&](RowRange block, float* out) { cosines(unit, block, out); });
}

TEST(Scan, RowsLeftOutByTheirCodesAreNoneThatAFullScanGives) {
    constexpr std::size_t kRows = 9001;
    for (const std::size_t dim : {8U, 24U, 61U}) {
        const KeyedVectors vectors = clustered(kRows, dim);
        const Store& store = Store::of(vectors);
        for (std::size_t i = 0; i < 60; ++i) {
            const std::size_t row = i * 131;
            std::vector<float> query(vectors.vector(row).begin(), vectors.vector(row).end());
            if (i % 3 == 1) query[i % dim] += 0.3F;
            make_unit(query);
            for (const RowRange range : {RowRange{0, kRows}, RowRange{1029, 9000}, RowRange{40, 45}}) {
                for (const std::size_t k : {0U, 1U, 10U, 700U}) {
                    const std::vector<Candidate> expected = by_scan(store, query, range, k);
                    for (const std::size_t threads : {1U, 3U}) {
                        EXPECT_EQ(nearest(store, query, range, k, threads), expected);
                    }
                }
            }
        }
        EXPECT_EQ(codes_for(store, {0, kRows}, 0) != nullptr, kernel::can_use_nibbles());
    }
}

TEST(Scan, CodesAreMadeOnceManySearchesOfMostRowsHaveAskedForThem) {
    if (!kernel::can_use_nibbles()) GTEST_SKIP() << "no codes on this CPU";
    const KeyedVectors vectors = clustered(5000, 16);
    const Store& store = Store::of(vectors);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(codes_for(store, {0, 2000}, 1), nullptr);
    EXPECT_EQ(codes_for(store, {0, 5000}, 1), nullptr);
    EXPECT_NE(codes_for(store, {0, 5000}, 100), nullptr);
    EXPECT_NE(codes_for(store, {0, 2000}, 1), nullptr);
}

}  // namespace
}  // namespace kith::keyed
