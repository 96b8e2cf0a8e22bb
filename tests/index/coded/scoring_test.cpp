#include "index/coded/scoring.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "index/coded/build.hpp"
#include "index/coded/prepare.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

// Gives `best` these rows as a kernel would that found them below the threshold.
void give(BestScored& best, std::span<const std::uint64_t> scored, const Selection& selection = {}) {
    kernel::CodeQuery query = best.ask(nullptr, scored.size());
    for (const std::uint64_t each : scored) {
        if (each >> 32 < query.threshold) *query.out++ = each;
    }
    best.take(query, selection);
}

std::vector<std::uint64_t> sorted(std::span<const std::uint64_t> values) {
    std::vector<std::uint64_t> out(values.begin(), values.end());
    std::ranges::sort(out);
    return out;
}

// Rows 0, 1, 2, … with scores below `spread`.
std::vector<std::uint64_t> random_scores(std::size_t count, std::uint64_t spread, std::mt19937& random) {
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(random() % spread << 32 | i);
    return out;
}

TEST(BestScored, KeepsTheBestByScoreThenRowInWhateverOrderTheyCome) {
    std::mt19937 random(1);
    for (const std::uint64_t spread : {1, 5, 300, 60000}) {
        for (const std::size_t wanted : {0, 1, 10, 100, 5000}) {
            std::vector<std::uint64_t> scored = random_scores(3000, spread, random);
            const std::size_t expected = std::min(wanted, scored.size());
            const auto best_of_all = std::vector(scored.begin(), scored.end());
            auto in_order = sorted(best_of_all);
            in_order.resize(expected);
            for (int shuffle = 0; shuffle < 3; ++shuffle) {
                std::ranges::shuffle(scored, random);
                BestScored best;
                best.reset(wanted, false);
                for (std::size_t i = 0; i < scored.size(); i += 100) give(best, std::span(scored).subspan(i, 100));
                ASSERT_EQ(sorted(best.finish()), in_order) << spread << " " << wanted;
            }
        }
    }
}

TEST(BestScored, RowsThatComeTwiceAreKeptOnce) {
    std::mt19937 random(2);
    const std::vector<std::uint64_t> scored = random_scores(1000, 200, random);
    BestScored best;
    best.reset(50, true);
    for (int twice = 0; twice < 2; ++twice) {
        for (std::size_t i = 0; i < scored.size(); i += 100) give(best, std::span(scored).subspan(i, 100));
    }
    auto expected = sorted(scored);
    expected.resize(50);
    EXPECT_EQ(sorted(best.finish()), expected);
}

TEST(BestScored, WhatIsNotAllowedIsNotTaken) {
    std::mt19937 random(3);
    const std::vector<std::uint64_t> scored = random_scores(1000, 200, random);
    const IdFilter even = IdFilter::where([](Id id) { return id % 2 == 0; });
    BestScored best;
    best.reset(20, false);
    give(best, scored, Selection({.filter = &even}, 1000));
    std::vector<std::uint64_t> expected;
    for (const std::uint64_t each : sorted(scored)) {
        if (each % 2 == 0 && expected.size() < 20) expected.push_back(each);
    }
    EXPECT_EQ(sorted(best.finish()), expected);
}

TEST(Scoring, ManyQueriesFindWhatEachFindsAlone) {
    const Matrix rows = test::random_matrix(1000, 20, 1);
    const auto data = build_coded(RowStore::copy_of(rows.view(), Metric::kEuclidean),
                                  {.metric = Metric::kEuclidean, .calibration_queries = 0}, {});
    const Matrix queries = test::random_matrix(7, 20, 2);
    const auto* const codes = data->codes.as<std::uint8_t>().data();
    const std::size_t count = data->leaves.as<Leaf>()[0].count;
    std::vector<std::uint32_t> numbers(count);
    for (std::uint32_t i = 0; i < count; ++i) numbers[i] = 3 * i;
    std::vector<std::vector<std::uint8_t>> lookups(queries.rows());
    std::vector<BestScored> together(queries.rows());
    std::vector<Scorer> scorers;
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        make_lookup(*data, queries.row(q), lookups[q]);
        together[q].reset(9, false);
        scorers.push_back({lookups[q].data(), &together[q]});
    }
    score_codes(*data, codes, numbers.data(), count, Selection(), scorers);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        BestScored alone;
        alone.reset(9, false);
        const Scorer scorer{lookups[q].data(), &alone};
        score_codes(*data, codes, numbers.data(), count, Selection(), {&scorer, 1});
        const auto found = sorted(alone.finish());
        EXPECT_EQ(sorted(together[q].finish()), found);
        EXPECT_EQ(found.size(), std::min<std::size_t>(9, count));
    }
}

}  // namespace
}  // namespace kith::index
