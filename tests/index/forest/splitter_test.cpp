#include "index/forest/splitter.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

struct Halves {
    std::vector<std::uint32_t> ids;
    std::vector<std::byte> node;
    std::size_t left;
};

Halves split(const TestGrove& test, std::uint64_t seed = 5) {
    Splitter splitter(test.grove);
    Kiss64 random(seed);
    std::vector<std::byte> plane(splitter.plane_bytes(), std::byte{1});
    Halves out{std::vector<std::uint32_t>(test.ids.size()), std::vector<std::byte>(test.grove.layout.node_bytes),
               0};
    const std::uint32_t upper = splitter.begin(random);
    EXPECT_EQ(upper, SplitSource::kNone);
    out.left = splitter.split(0, out.ids.size(), upper, random, plane.data()).left;
    splitter.copy_ids(0, out.left, out.ids.data());
    splitter.copy_ids(out.left, out.ids.size() - out.left, out.ids.data() + out.left);
    splitter.write_plane(plane.data(), out.node.data());
    return out;
}

// Which side of the written plane an item is on, from the node's bytes alone; the dot product's extra coordinate is
// not in the node, so that it cannot be told for kDot.
double margin(const Grove& grove, const std::byte* node, std::uint32_t id) {
    const NodeLayout& layout = grove.layout;
    if (grove.metric == Metric::kHamming) {
        const auto coordinate = load<std::uint64_t>(node + layout.vector);
        const auto word = load<std::uint64_t>(grove.node(id) + layout.vector + coordinate / 64 * 8);
        return (word >> (63 - coordinate % 64) & 1) != 0 ? 1 : -1;
    }
    double sum = layout.plane_term == PlaneTerm::kOffset ? load<float>(node + layout.term) : 0;
    for (std::size_t d = 0; d < grove.dim; ++d) {
        sum += static_cast<double>(load<float>(node + layout.vector + 4 * d)) * grove.vector(id)[d];
    }
    return sum;
}

TEST(Splitter, PutsEachItemOnItsSideOfThePlane) {
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kHamming}) {
        for (const std::size_t rows : {300UL, 20'000UL}) {
            const TestGrove test(metric, random_items(metric, rows, 40));
            auto [ids, node, left] = split(test, 5);
            EXPECT_GT(left, rows / 20);
            EXPECT_LT(left, rows - rows / 20);
            for (std::size_t i = 0; i < rows; ++i) {
                const double m = margin(test.grove, node.data(), ids[i]);
                if (std::abs(m) > 1e-4) {
                    EXPECT_EQ(m > 0, i >= left) << name(metric) << ' ' << i;
                }
            }
            // A permutation, in ascending order on each side.
            EXPECT_TRUE(std::is_sorted(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(left)));
            EXPECT_TRUE(std::is_sorted(ids.begin() + static_cast<std::ptrdiff_t>(left), ids.end()));
            std::sort(ids.begin(), ids.end());
            EXPECT_EQ(ids, test.ids);
        }
    }
}

// One element a thousand times the others: codes tell nothing of the rest, and the vectors must decide.
TEST(Splitter, PutsEachItemOnItsSideWhereCodesAreTooCoarse) {
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean}) {
        Matrix items = random_items(metric, 2000, 40);
        for (const std::size_t d : {0UL, 39UL}) items.row(77)[d] = 1000;
        for (std::size_t i = 100; i < 200; ++i) items.row(i)[5] = 1e-30F;
        const TestGrove test(metric, items);
        const auto [ids, node, left] = split(test);
        for (std::size_t i = 0; i < 2000; ++i) {
            const double m = margin(test.grove, node.data(), ids[i]);
            if (std::abs(m) > 1e-3) {
                EXPECT_EQ(m > 0, i >= left) << name(metric) << ' ' << i;
            }
        }
    }
}

TEST(Splitter, WritesNoDotFactorIntoAPlane) {
    const TestGrove test(Metric::kDot, random_items(Metric::kDot, 500, 10));
    const auto [ids, node, left] = split(test);
    EXPECT_EQ(load<float>(node.data() + test.grove.layout.term), 0);
}

TEST(Splitter, HalvesEqualItemsWithAPlaneThatSaysNothing) {
    for (const Metric metric : all_metrics()) {
        Matrix items(200, 6);
        for (std::size_t i = 0; i < 200; ++i) std::fill(items.row(i).begin(), items.row(i).end(), 1.0F);
        const TestGrove test(metric, items);
        const auto [ids, node, left] = split(test);
        EXPECT_GE(left, 2U) << name(metric);
        EXPECT_LE(left, 198U) << name(metric);
    }
}

TEST(Splitter, SplitsTwoItems) {
    for (const Metric metric : all_metrics()) {
        const TestGrove test(metric, random_items(metric, 2, 6));
        EXPECT_EQ(split(test).left, 1U);
    }
}

// Half of the items are zero, so that the centroids must come from the others.
TEST(Splitter, ZeroVectorsMoveNoCentroid) {
    for (const std::size_t rows : {400UL, 40'000UL}) {
        Matrix items(rows, 20);
        for (std::size_t i = 0; i < rows; i += 2) items.row(i)[0] = i % 4 == 0 ? 1.0F : -1.0F;
        const TestGrove test(Metric::kAngular, items);
        int separated = 0;
        for (std::uint64_t seed = 1; seed < 60; ++seed) {
            auto [ids, node, left] = split(test, seed);
            // Zero vectors are on the plane and flip coins; the others are told apart.
            EXPECT_NEAR(static_cast<double>(left), static_cast<double>(rows) / 2, static_cast<double>(rows) / 8);
            const float normal = std::abs(load<float>(node.data() + test.grove.layout.vector));
            separated += std::abs(normal - 1) < 1e-5F ? 1 : 0;
        }
        // All but when both centroids start from zero or from equal rows: five of eight.
        EXPECT_GT(separated, 25);
    }
}

}  // namespace
}  // namespace kith::index
