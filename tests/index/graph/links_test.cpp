#include "index/graph/links.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include <kith/matrix.hpp>

#include "kernel/select.hpp"
#include "kernel/support.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

LinkedRows of(const Matrix& rows) {
    static const kernel::DistanceKernels kernels =
        kernel::kernels_for(kernel::active(), Metric::kEuclidean, Scalar::kFloat32);
    return {&kernels, reinterpret_cast<const std::byte*>(rows.data()), rows.cols() * sizeof(float), rows.cols(),
            rows.rows()};
}

std::vector<std::uint32_t> everyone(std::size_t count) {
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j) out.push_back(static_cast<std::uint32_t>(j));
    }
    return out;
}

std::vector<std::uint32_t> linked(const Matrix& rows, std::size_t degree, std::size_t threads = 1) {
    const ProgressFn nobody;
    ProgressMeter meter("linking", 2 * rows.rows(), nobody);
    return make_links(of(rows), everyone(rows.rows()), degree, threads, meter);
}

TEST(Links, LeadInDifferentDirectionsFirst) {
    // Rows on a line: the neighbours on either side come before all that lie behind them.
    Matrix rows(50, 1);
    for (std::size_t i = 0; i < 50; ++i) rows.row(i)[0] = static_cast<float>(i);
    const std::vector<std::uint32_t> links = linked(rows, 4);
    for (std::uint32_t i = 1; i < 49; ++i) {
        const std::set<std::uint32_t> first = {links[i * 4], links[i * 4 + 1]};
        EXPECT_EQ(first, (std::set<std::uint32_t>{i - 1, i + 1}));
    }
}

TEST(Links, AreTheNearestWhereThereIsRoom) {
    const Matrix rows = test::random_matrix(60, 5, 1);
    const std::vector<std::uint32_t> links = linked(rows, 40);
    for (std::size_t i = 0; i < 60; ++i) {
        const auto order = test::exact_order(Metric::kEuclidean, rows.view(), rows.row(i));
        const auto mine = std::span(links).subspan(i * 40, 40);
        EXPECT_EQ(std::set<std::uint32_t>(mine.begin(), mine.end()).size(), 40u);
        EXPECT_EQ(std::ranges::count(mine, i), 0);
        EXPECT_GT(std::ranges::count(mine, order[1].second), 0);
    }
}

TEST(Links, DoNotDependOnTheThreads) {
    const Matrix rows = test::random_matrix(300, 6, 1);
    EXPECT_EQ(linked(rows, 8, 1), linked(rows, 8, 3));
}

TEST(Links, AreMendedUntilEveryRowIsReached) {
    // Two rings that know nothing of each other, and rows that nothing leads to.
    constexpr std::size_t kCount = 40;
    constexpr std::size_t kDegree = 4;
    const Matrix rows = test::random_matrix(kCount, 3, 1);
    std::vector<std::uint32_t> links(kCount * kDegree);
    for (std::uint32_t i = 0; i < kCount; ++i) {
        const std::uint32_t next = i < 15 ? (i + 1) % 15 : i < 30 ? 15 + (i - 14) % 15 : i;
        std::fill_n(links.begin() + i * kDegree, kDegree, next);
    }
    EXPECT_EQ(connect(of(rows), links, kDegree, 3), 25u);
    EXPECT_EQ(connect(of(rows), links, kDegree, 3), 0u);
    const std::vector<bool> back = reaching(links, kDegree, 3);
    EXPECT_TRUE(back[20]) << "what was cut off leads back";
}

TEST(Links, AllAlikeAreReachedToo) {
    constexpr std::size_t kCount = 500;
    const Matrix rows(kCount, 2);
    std::vector<std::uint32_t> candidates;
    for (std::size_t i = 0; i < kCount; ++i) {
        for (std::uint32_t j = 0; j < 8; ++j) candidates.push_back(j);
    }
    const ProgressFn nobody;
    ProgressMeter meter("linking", 2 * kCount, nobody);
    std::vector<std::uint32_t> links = make_links(of(rows), candidates, 4, 2, meter);
    (void)connect(of(rows), links, 4, 77);
    EXPECT_EQ(connect(of(rows), links, 4, 77), 0u);
}

}  // namespace
}  // namespace kith::index
