// Forests under many threads. The thread sanitizer runs these too (`./test tsan`).
#include <gtest/gtest.h>

#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/open.hpp>
#include <random>
#include <string>
#include <vector>

#include "concurrency/at_once.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

constexpr std::size_t kItems = 600;
constexpr std::size_t kForestDim = 12;
constexpr std::size_t kForestThreads = 4;

Matrix random_rows(unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Matrix rows(kItems, kForestDim);
    for (std::size_t i = 0; i < kItems; ++i) {
        for (float& x : rows.row(i)) x = normal(random);
    }
    return rows;
}

ForestBuilder built(const Matrix& rows, Metric metric, std::size_t threads) {
    ForestOptions options;
    options.metric = metric;
    options.dim = kForestDim;
    ForestBuilder builder(options);
    builder.add(rows.view(), 0);
    builder.build(8, threads);
    return builder;
}

// What a search for every 20th row finds.
std::vector<Neighbors> answers(const Index& index, const Matrix& rows) {
    std::vector<Neighbors> found;
    for (std::size_t i = 0; i < kItems; i += 20) found.push_back(index.search(rows.row(i), {.k = 5}));
    return found;
}

void expect_same(const std::vector<Neighbors>& a, const std::vector<Neighbors>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].ids, b[i].ids);
        EXPECT_EQ(a[i].distances, b[i].distances);
    }
}

class EveryMetric : public testing::TestWithParam<Metric> {};

TEST_P(EveryMetric, GrownByManyThreadsAnswersAsGrownByOne) {
    const Matrix rows = random_rows(1);
    const auto alone = answers(built(rows, GetParam(), 1).forest(), rows);
    expect_same(answers(built(rows, GetParam(), kForestThreads).forest(), rows), alone);
}

TEST_P(EveryMetric, OneForestSearchedFromManyThreadsGivesEachWhatItGivesOne) {
    const Matrix rows = random_rows(2);
    const Forest forest = built(rows, GetParam(), 1).forest();
    const auto alone = answers(forest, rows);
    test::at_once(kForestThreads, [&](std::size_t) { expect_same(answers(forest, rows), alone); });
}

INSTANTIATE_TEST_SUITE_P(Metrics, EveryMetric, testing::ValuesIn(all_metrics().begin(), all_metrics().end()),
                         [](const auto& metric) { return std::string(name(metric.param)); });

TEST(Forest, SearchesGoOnWhileOthersOpenAndCloseTheSameFile) {
    const test::TempDir folder;
    const std::string path = folder.file("shared.ann");
    const Matrix rows = random_rows(3);
    built(rows, Metric::kAngular, 1).save_annoy(path);
    const Forest forest = Forest::open_annoy(path, Metric::kAngular, kForestDim);
    const auto expected = answers(forest, rows);
    test::at_once(kForestThreads, [&](std::size_t thread) {
        for (int round = 0; round < 20; ++round) {
            if (thread % 2 == 0) {
                expect_same(answers(forest, rows), expected);
            } else {
                const Forest own =
                    Forest::open_annoy(path, Metric::kAngular, kForestDim, {.prefault = round % 2 == 0});
                EXPECT_EQ(own.search(rows.row(0), {.k = 5}).ids, expected[0].ids);
            }
        }
    });
}

TEST(Forest, AFileReplacedWhileItIsSearchedIsAlwaysTheOldOneOrTheNewOne) {
    const test::TempDir folder;
    const std::string path = folder.file("replaced.kith");
    const Matrix rows = random_rows(4);
    const Forest a = built(rows, Metric::kEuclidean, 1).forest();
    const Forest b = built(random_rows(5), Metric::kEuclidean, 1).forest();
    const Neighbors from_a = a.search(rows.row(7), {.k = 5});
    const Neighbors from_b = b.search(rows.row(7), {.k = 5});
    ASSERT_NE(from_a.ids, from_b.ids);
    a.save(path);
    test::at_once(kForestThreads, [&](std::size_t thread) {
        for (int round = 0; round < 20; ++round) {
            if (thread == 0) {
                (round % 2 == 0 ? b : a).save(path);
            } else {
                const Neighbors found = open_index(path)->search(rows.row(7), {.k = 5});
                EXPECT_TRUE(found.ids == from_a.ids || found.ids == from_b.ids);
            }
        }
    });
}

TEST(Forest, TheOneHandedOutStaysAsItIsWhileItsBuilderGoesOn) {
    const Matrix rows = random_rows(6);
    ForestBuilder builder = built(rows, Metric::kAngular, 1);
    const Forest forest = builder.forest();
    const auto expected = answers(forest, rows);
    test::at_once(kForestThreads, [&](std::size_t thread) {
        for (int round = 0; round < 5; ++round) {
            if (thread == 0) {
                builder.unbuild();
                builder.add(0, rows.row(static_cast<std::size_t>(round) + 1));
                builder.build(4, 2);
            } else {
                expect_same(answers(forest, rows), expected);
            }
        }
    });
}

TEST(Index, BatchesFromManyThreadsAtOnceDoNotDisturbEachOther) {
    const Matrix rows = random_rows(7);
    const FlatIndex exact = FlatIndex::view(rows.view(), Metric::kEuclidean);
    const NeighborTable expected = exact.search_batch(rows.view(), {.k = 3}, 1);
    test::at_once(kForestThreads, [&](std::size_t) {
        const NeighborTable found = exact.search_batch(rows.view(), {.k = 3}, 2);
        EXPECT_EQ(found.ids, expected.ids);
        EXPECT_EQ(found.distances, expected.distances);
    });
}

}  // namespace
}  // namespace kith
