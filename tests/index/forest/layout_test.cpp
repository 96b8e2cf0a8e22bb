#include "index/forest/layout.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

namespace kith::index {
namespace {

TEST(NodeLayout, IsAnnoysForEveryMetric) {
    const NodeLayout angular = layout_of(Metric::kAngular, 50, DotLayout::kAuto);
    EXPECT_EQ(angular, (NodeLayout{4, 12, 12 + 200, 52, 0, PlaneTerm::kNone}));
    for (const Metric metric : {Metric::kEuclidean, Metric::kManhattan}) {
        EXPECT_EQ(layout_of(metric, 50, DotLayout::kAuto),
                  (NodeLayout{8, 16, 16 + 200, 52, 4, PlaneTerm::kOffset}));
    }
    EXPECT_EQ(layout_of(Metric::kDot, 50, DotLayout::kRelease),
              (NodeLayout{4, 16, 16 + 200, 53, 12, PlaneTerm::kFactorSquared}));
    EXPECT_EQ(layout_of(Metric::kDot, 50, DotLayout::kHead),
              (NodeLayout{4, 24, 24 + 200, 55, 12, PlaneTerm::kNone}));
}

TEST(NodeLayout, PacksBitsIntoWholeWords) {
    for (const auto& [dim, words] : {std::pair{1U, 1U}, {64U, 1U}, {65U, 2U}, {128U, 2U}, {1000U, 16U}}) {
        const NodeLayout layout = layout_of(Metric::kHamming, dim, DotLayout::kAuto);
        EXPECT_EQ(layout.node_bytes, 16 + 8 * words);
        EXPECT_EQ(layout.leaf_capacity, 2 * words + 3);
        EXPECT_EQ(elements_of(Metric::kHamming, dim), words);
    }
}

TEST(NodeLayout, DotIsTheReleasesUnlessAskedOtherwise) {
    EXPECT_EQ(layout_of(Metric::kDot, 7, DotLayout::kAuto), layout_of(Metric::kDot, 7, DotLayout::kRelease));
}

TEST(NodeLayout, RefusesImpossibleDimensions) {
    EXPECT_THROW((void)layout_of(Metric::kAngular, 0, DotLayout::kAuto), InvalidArgument);
    EXPECT_THROW((void)layout_of(Metric::kAngular, kMaxDim + 1, DotLayout::kAuto), InvalidArgument);
    EXPECT_NO_THROW((void)layout_of(Metric::kDot, kMaxDim, DotLayout::kHead));
}

}  // namespace
}  // namespace kith::index
