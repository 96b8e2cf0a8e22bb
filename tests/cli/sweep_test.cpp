#include "sweep.hpp"

#include <gtest/gtest.h>

#include <random>

#include <kith/error.hpp>
#include <kith/matrix.hpp>

namespace kith::cli {
namespace {

Matrix random_vectors(std::size_t rows, std::size_t cols) {
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    Matrix matrix(rows, cols);
    for (std::size_t i = 0; i < rows * cols; ++i) matrix.data()[i] = normal(random);
    return matrix;
}

TEST(SweepTrees, ASearchThatSeesEverythingIsExact) {
    const Matrix vectors = random_vectors(500, 8);
    SweepOptions options;
    options.first = 2;
    options.last = 8;
    options.step = 3;
    options.queries = 10;
    options.search_k = 1'000'000;
    const auto points = sweep_trees(vectors.view(), options, {});
    ASSERT_EQ(points.size(), 3U);
    EXPECT_EQ(points[2].trees, 8U);
    for (const SweepPoint& point : points) EXPECT_EQ(point.accuracy, 1.0);
}

TEST(SweepTrees, ProgressEndsAtTheTotalAndCanStopIt) {
    const Matrix vectors = random_vectors(300, 4);
    SweepOptions options;
    options.last = 11;
    std::uint64_t done = 0;
    std::uint64_t total = 1;
    (void)sweep_trees(vectors.view(), options, [&](const Progress& progress) {
        EXPECT_GE(progress.done, done);
        done = progress.done;
        total = progress.total;
        return true;
    });
    EXPECT_EQ(done, total);
    EXPECT_THROW((void)sweep_trees(vectors.view(), options, [](const Progress&) { return false; }), Cancelled);
}

TEST(SweepTrees, RefusesAnEmptyRange) {
    const Matrix vectors = random_vectors(10, 4);
    SweepOptions options;
    options.first = 5;
    options.last = 4;
    EXPECT_THROW((void)sweep_trees(vectors.view(), options, {}), InvalidArgument);
    EXPECT_THROW((void)sweep_trees({}, {}, {}), InvalidArgument);
}

TEST(SweepCsv, HasALinePerPoint) {
    const std::vector<SweepPoint> points = {{1, 0.25, 0.001, 0.125}, {11, 0.5, 0.002, 1}};
    EXPECT_EQ(sweep_csv(points, 100),
              "num_trees,build_seconds,accuracy_at_100,query_seconds\n"
              "1,0.250000,0.1250,0.001000000\n"
              "11,0.500000,1.0000,0.002000000\n");
}

}  // namespace
}  // namespace kith::cli
