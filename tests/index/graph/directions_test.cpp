#include "index/graph/directions.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "support/brute_force.hpp"

namespace kith::index {
namespace {

double product(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

void expect_orthonormal(const Matrix& rows) {
    for (std::size_t a = 0; a < rows.rows(); ++a) {
        for (std::size_t b = 0; b <= a; ++b) EXPECT_NEAR(product(rows.row(a), rows.row(b)), a == b ? 1 : 0, 1e-4);
    }
}

// Elements 7, 3 and 20 vary ten times as much as the others.
Matrix sample() {
    Matrix rows = test::random_matrix(3000, 30, 1);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        for (const std::size_t d : {7, 3, 20}) rows.row(i)[d] *= 10;
    }
    return rows;
}

TEST(Directions, AreThoseThatVaryMost) {
    const Directions found = strongest_directions(sample().view(), 3, 1, 2);
    expect_orthonormal(found.rows);
    for (std::size_t r = 0; r < 3; ++r) {
        double within = 0;
        for (const std::size_t d : {7, 3, 20}) within += std::pow(found.rows.row(r)[d], 2);
        EXPECT_GT(within, 0.99);
    }
    EXPECT_NEAR(found.share[2], 300.0 / 327, 0.02);
    EXPECT_TRUE(std::ranges::is_sorted(found.share));
}

TEST(Directions, AllOfThemKeepAllThatVaries) {
    const Directions found = strongest_directions(sample().view(), 30, 1, 1);
    expect_orthonormal(found.rows);
    EXPECT_NEAR(found.share.back(), 1, 1e-3);
}

TEST(Directions, DoNotDependOnTheThreads) {
    const Directions one = strongest_directions(sample().view(), 5, 1, 1);
    const Directions three = strongest_directions(sample().view(), 5, 1, 3);
    EXPECT_TRUE(std::equal(one.rows.data(), one.rows.data() + 150, three.rows.data()));
}

TEST(Directions, TurnedTheySpanTheSameAndShareWhatVaries) {
    const Matrix rows = sample();
    const Directions found = strongest_directions(rows.view(), 6, 1, 1);
    Matrix turned = found.rows;
    rotate(turned, 5);
    expect_orthonormal(turned);
    for (std::size_t r = 0; r < 6; ++r) {
        double within = 0;
        for (std::size_t s = 0; s < 6; ++s) within += std::pow(product(turned.row(r), found.rows.row(s)), 2);
        EXPECT_NEAR(within, 1, 1e-3);
    }
}

TEST(Directions, RowsThatDoNotVaryHaveNone) {
    const Matrix rows(100, 4);
    const Directions found = strongest_directions(rows.view(), 2, 1, 1);
    EXPECT_EQ(found.share.back(), 1.0);
}

}  // namespace
}  // namespace kith::index
