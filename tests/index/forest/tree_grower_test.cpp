#include "index/forest/tree_grower.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

const TreeGrower::Placed kGoOn = [](std::size_t) { return true; };

TEST(TreeGrower, HoldsEveryItemOnceInPostOrder) {
    for (const Metric metric : all_metrics()) {
        const std::size_t rows = 3000;
        const TestGrove test(metric, random_items(metric, rows, 70));
        TreeGrower grower(test.grove);
        const Tree tree = *grower.grow(0, kGoOn);
        const NodeLayout& layout = test.grove.layout;
        const std::size_t count = tree.nodes.size() / layout.node_bytes;
        std::vector<std::uint32_t> met;
        std::set<std::uint32_t> children;
        for (std::size_t i = 0; i < count; ++i) {
            const std::byte* node = tree.nodes.data() + i * layout.node_bytes;
            const auto below = static_cast<std::uint32_t>(descendants(node));
            const bool split = std::binary_search(tree.splits.begin(), tree.splits.end(), i);
            EXPECT_EQ(split, below > layout.leaf_capacity);
            for (std::uint32_t slot = 0; slot < (split ? 2 : below); ++slot) {
                const auto index = load<std::uint32_t>(node + layout.children + 4 * slot);
                if (index < rows) {
                    met.push_back(index);
                } else {
                    ASSERT_TRUE(split);
                    EXPECT_LT(index - rows, i) << "a child comes before its parent";
                    EXPECT_TRUE(children.insert(index).second);
                }
            }
        }
        EXPECT_EQ(children.size(), count - 1) << "all but the root are somebody's child";
        EXPECT_EQ(descendants(tree.nodes.data() + (count - 1) * layout.node_bytes), static_cast<int>(rows));
        std::sort(met.begin(), met.end());
        EXPECT_EQ(met, test.ids) << name(metric);
    }
}

TEST(TreeGrower, TheSmallerChildComesFirst) {
    const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, 2000, 10));
    TreeGrower grower(test.grove);
    const Tree tree = *grower.grow(0, kGoOn);
    const NodeLayout& layout = test.grove.layout;
    const auto size_of = [&](std::uint32_t index) {
        return index < 2000 ? 1 : descendants(tree.nodes.data() + (index - 2000) * std::size_t{layout.node_bytes});
    };
    for (const std::uint32_t split : tree.splits) {
        const std::byte* node = tree.nodes.data() + split * std::size_t{layout.node_bytes};
        const auto left = load<std::uint32_t>(node + layout.children);
        const auto right = load<std::uint32_t>(node + layout.children + 4);
        EXPECT_EQ(size_of(left) + size_of(right), descendants(node));
        if (left >= 2000 && right >= 2000 && size_of(left) != size_of(right)) {
            EXPECT_EQ(left < right, size_of(left) < size_of(right));
        }
    }
}

TEST(TreeGrower, DependsOnSeedAndNumberOnly) {
    const Matrix items = random_items(Metric::kAngular, 2000, 10);
    const TestGrove test(Metric::kAngular, items, 7);
    const TestGrove other_seed(Metric::kAngular, items, 8);
    TreeGrower first(test.grove);
    TreeGrower second(test.grove);
    TreeGrower third(other_seed.grove);
    (void)second.grow(5, kGoOn);
    EXPECT_EQ(first.grow(3, kGoOn)->nodes, second.grow(3, kGoOn)->nodes);
    EXPECT_NE(first.grow(3, kGoOn)->nodes, first.grow(4, kGoOn)->nodes);
    EXPECT_NE(first.grow(3, kGoOn)->nodes, third.grow(3, kGoOn)->nodes);
}

TEST(TreeGrower, SmallRootsFollowAnnoysRules) {
    const Matrix items = random_items(Metric::kEuclidean, 20, 2);  // a leaf holds 4
    // Holes: only some of the twenty ids are items.
    for (const std::size_t real : {1UL, 2UL, 4UL, 5UL}) {
        TestGrove test(Metric::kEuclidean, items);
        test.ids.resize(real);
        test.grove.ids = test.ids;
        TreeGrower grower(test.grove);
        const Tree tree = *grower.grow(0, kGoOn);
        const NodeLayout& layout = test.grove.layout;
        const std::byte* root = tree.nodes.data() + tree.nodes.size() - layout.node_bytes;
        EXPECT_EQ(descendants(root), 20);
        if (real == 1) {
            EXPECT_EQ(tree.nodes.size(), layout.node_bytes) << "a leaf in the dress of a split";
            EXPECT_EQ(load<std::uint32_t>(root + layout.children), 0U);
        } else {
            EXPECT_FALSE(tree.splits.empty());
        }
    }
}

TEST(TreeGrower, StopsWhenTold) {
    const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, 2000, 10));
    TreeGrower grower(test.grove);
    std::size_t placed = 0;
    EXPECT_FALSE(grower
                     .grow(0,
                           [&](std::size_t count) {
                               placed += count;
                               return placed < 500;
                           })
                     .has_value());
    EXPECT_LT(placed, 700U);
    placed = 0;
    EXPECT_TRUE(grower
                    .grow(0,
                          [&](std::size_t count) {
                              placed += count;
                              return true;
                          })
                    .has_value());
    EXPECT_EQ(placed, 2000U);
}

TEST(Tree, IsPlacedWithItsChildrenRenumbered) {
    const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, 50, 2));
    TreeGrower grower(test.grove);
    const Tree tree = *grower.grow(0, kGoOn);
    std::vector<std::byte> placed(tree.nodes.size());
    tree.place(test.grove, 1050, placed.data());
    const NodeLayout& layout = test.grove.layout;
    for (const std::uint32_t split : tree.splits) {
        for (int side = 0; side < 2; ++side) {
            const std::size_t at =
                split * std::size_t{layout.node_bytes} + layout.children + 4 * static_cast<std::size_t>(side);
            const auto before = load<std::uint32_t>(tree.nodes.data() + at);
            EXPECT_EQ(load<std::uint32_t>(placed.data() + at), before < 50 ? before : before + 1000);
        }
    }
}

}  // namespace
}  // namespace kith::index
