#include "keyed/transport.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace kith::keyed {
namespace {

using Masses = std::vector<std::uint64_t>;

double cost_of(const Masses& supply, const Masses& demand, const std::vector<double>& cost) {
    return transport_cost(supply, demand, MatrixView<const double>(cost.data(), supply.size(), demand.size()));
}

TEST(Transport, MovesEverythingTheOnlyWay) {
    EXPECT_EQ(cost_of({3}, {3}, {2.0}), 6);
    EXPECT_EQ(cost_of({3, 2}, {5}, {2.0, 7.0}), 20);
    EXPECT_EQ(cost_of({5}, {3, 2}, {2.0, 7.0}), 20);
    EXPECT_EQ(cost_of({}, {}, {}), 0);
}

TEST(Transport, TakesBackWhatWasMovedFirst) {
    // The cheapest single move, 0 to 0 for 1, leaves only 1 to 1 for 100.
    EXPECT_EQ(cost_of({1, 1}, {1, 1}, {1, 2, 2, 100}), 4);
}

// With one of everything it is an assignment, of which all can be tried.
TEST(Transport, IsTheBestOfAllAssignments) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (int round = 0; round < 200; ++round) {
        const std::size_t n = 1 + random() % 6;
        std::vector<double> cost(n * n);
        for (double& each : cost) each = round % 3 == 0 ? static_cast<double>(random() % 4) : uniform(random);
        std::vector<std::size_t> order(n);
        std::iota(order.begin(), order.end(), std::size_t{0});
        double best = 1e9;
        do {
            double sum = 0;
            for (std::size_t i = 0; i < n; ++i) sum += cost[i * n + order[i]];
            best = std::min(best, sum);
        } while (std::next_permutation(order.begin(), order.end()));
        EXPECT_NEAR(cost_of(Masses(n, 1), Masses(n, 1), cost), best, 1e-12);
        EXPECT_NEAR(cost_of(Masses(n, 7), Masses(n, 7), cost), 7 * best, 1e-11);
    }
}

TEST(Transport, OnALineItIsTheAreaBetweenTheSums) {
    std::mt19937_64 random(2);
    for (int round = 0; round < 50; ++round) {
        const std::size_t n = 40;
        Masses supply(n);
        Masses demand(n);
        for (int i = 0; i < 500; ++i) {
            ++supply[random() % n];
            ++demand[random() % n];
        }
        std::vector<double> cost(n * n);
        double area = 0;
        double running = 0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) cost[i * n + j] = i < j ? double(j - i) : double(i - j);
            running += static_cast<double>(supply[i]) - static_cast<double>(demand[i]);
            area += std::abs(running);
        }
        EXPECT_NEAR(cost_of(supply, demand, cost), area, 1e-9);
    }
}

}  // namespace
}  // namespace kith::keyed
