#include "keyed/scan.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

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

}  // namespace
}  // namespace kith::keyed
