#include "index/forest/coded_plane.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

constexpr Metric kPlaneMetrics[] = {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot};

// Long rows are whole blocks and need no copy.
constexpr std::size_t kPlaneDim = 300;

TEST(CodedPlanes, WrittenPlanesHaveTheMarginsOfTheCodes) {
    for (const Metric metric : kPlaneMetrics) {
        const TestGrove test(metric, random_items(metric, 500, kPlaneDim));
        const NodeLayout& layout = test.grove.layout;
        CodedPlanes planes(test.grove);
        const CodeView rows{test.codes->row(0), test.codes->stride()};
        for (std::uint64_t seed = 1; seed < 10; ++seed) {
            Kiss64 random(seed);
            CodedPlane plane;
            planes.choose(rows, test.ids, random, plane);
            ASSERT_FALSE(plane.blank());
            std::vector<float> margins(500);
            planes.margins(plane, rows, test.ids, random, margins.data());

            std::vector<std::byte> packed(planes.packed_bytes());
            std::vector<std::byte> node(layout.node_bytes);
            planes.pack(plane, packed.data());
            planes.unpack(packed.data(), node.data());
            double squares = 0;
            for (std::size_t d = 0; d < kPlaneDim; ++d) {
                squares += std::pow(load<float>(node.data() + layout.vector + 4 * d), 2);
            }
            if (metric != Metric::kDot) {
                EXPECT_NEAR(squares, 1, 1e-4);
            }
            if (metric == Metric::kDot) continue;  // whose nodes leave out a coordinate
            std::size_t differ = 0;
            std::size_t above = 0;
            for (std::uint32_t id = 0; id < 500; ++id) {
                const float scale = metric == Metric::kAngular
                                        ? 1 / std::sqrt(load<float>(test.grove.node(id) + layout.children))
                                        : 1;
                double margin =
                    layout.plane_term == PlaneTerm::kOffset ? load<float>(node.data() + layout.term) : 0;
                for (std::size_t d = 0; d < kPlaneDim; ++d) {
                    margin += static_cast<double>(load<float>(node.data() + layout.vector + 4 * d)) *
                              test.grove.vector(id)[d] * scale;
                }
                // Half a step in each element, as chance adds them up, and rounding.
                const double doubt = 2 * test.codes->step() + 1e-4;
                differ += std::abs(margin) > doubt && (margin > 0) != (margins[id] > 0) ? 1 : 0;
                above += margins[id] > 0 ? 1 : 0;
            }
            EXPECT_EQ(differ, 0U) << name(metric);
            EXPECT_GT(above, 25U) << name(metric);
            EXPECT_LT(above, 475U) << name(metric);
        }
    }
}

TEST(CodedPlanes, EqualRowsHaveABlankPlane) {
    Matrix items = random_items(Metric::kEuclidean, 300, kPlaneDim);
    const TestGrove test(Metric::kEuclidean, items);
    CodedPlanes planes(test.grove);
    const CodeView rows{test.codes->row(0), test.codes->stride()};
    Kiss64 random(3);
    CodedPlane plane;
    planes.choose(rows, std::vector<std::uint32_t>(100, 7), random, plane);
    EXPECT_TRUE(plane.blank());
}

TEST(CodedPlanes, RowsWithoutAnAngleAreOnEitherSide) {
    Matrix items = random_items(Metric::kAngular, 300, kPlaneDim);
    for (std::size_t i = 0; i < 100; ++i) std::fill(items.row(i).begin(), items.row(i).end(), 0.0F);
    const TestGrove test(Metric::kAngular, items);
    CodedPlanes planes(test.grove);
    const CodeView rows{test.codes->row(0), test.codes->stride()};
    Kiss64 random(3);
    CodedPlane plane;
    planes.choose(rows, test.ids, random, plane);
    std::vector<float> margins(300);
    planes.margins(plane, rows, test.ids, random, margins.data());
    const auto above = std::count_if(margins.begin(), margins.begin() + 100, [](float m) { return m > 0; });
    EXPECT_GT(above, 25);
    EXPECT_LT(above, 75);
}

}  // namespace
}  // namespace kith::index
