#include "index/forest/tree_grower.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

const TreeGrower::Placed kGoOn = [](std::size_t) {};

// A tree's nodes as they are written right behind the items.
struct Nodes {
    Nodes(const TestGrove& test, std::uint64_t number) : Nodes(test, TreeGrower(test.grove), number) {}
    Nodes(const TestGrove& test, TreeGrower&& grower, std::uint64_t number) {
        const Tree tree = grower.grow(number, kGoOn);
        bytes.resize(tree.nodes.size() * test.grove.layout.node_bytes);
        grower.place(tree, test.grove.n_items, bytes.data());
        for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
            if (tree.nodes[i].children[1] != Tree::kLeaf) splits.push_back(i);
        }
    }
    std::vector<std::byte> bytes;
    std::vector<std::uint32_t> splits;
};

TEST(TreeGrower, HoldsEveryItemOnceInPostOrder) {
    for (const Metric metric : all_metrics()) {
        const std::size_t rows = 3000;
        const TestGrove test(metric, random_items(metric, rows, 70));
        const Nodes tree(test, 0);
        const NodeLayout& layout = test.grove.layout;
        const std::size_t count = tree.bytes.size() / layout.node_bytes;
        std::vector<std::uint32_t> met;
        std::set<std::uint32_t> children;
        for (std::size_t i = 0; i < count; ++i) {
            const std::byte* node = tree.bytes.data() + i * layout.node_bytes;
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
        EXPECT_EQ(descendants(tree.bytes.data() + (count - 1) * layout.node_bytes), static_cast<int>(rows));
        std::sort(met.begin(), met.end());
        EXPECT_EQ(met, test.ids) << name(metric);
    }
}

TEST(TreeGrower, TheSmallerChildComesFirst) {
    const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, 2000, 10));
    const Nodes tree(test, 0);
    const NodeLayout& layout = test.grove.layout;
    const auto size_of = [&](std::uint32_t index) {
        return index < 2000 ? 1 : descendants(tree.bytes.data() + (index - 2000) * std::size_t{layout.node_bytes});
    };
    for (const std::uint32_t split : tree.splits) {
        const std::byte* node = tree.bytes.data() + split * std::size_t{layout.node_bytes};
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
    TreeGrower used(test.grove);
    (void)used.grow(5, kGoOn);
    const std::vector<std::byte> third = Nodes(test, 3).bytes;
    EXPECT_EQ(third, Nodes(test, std::move(used), 3).bytes);
    EXPECT_NE(third, Nodes(test, 4).bytes);
    EXPECT_NE(third, Nodes(other_seed, 3).bytes);
}

TEST(TreeGrower, SmallRootsFollowAnnoysRules) {
    const Matrix items = random_items(Metric::kEuclidean, 20, 2);  // a leaf holds 4
    // Holes: only some of the twenty ids are items.
    for (const std::size_t real : {1UL, 2UL, 4UL, 5UL}) {
        TestGrove test(Metric::kEuclidean, items);
        test.ids.resize(real);
        test.grove.ids = test.ids;
        const Nodes tree(test, 0);
        const NodeLayout& layout = test.grove.layout;
        const std::byte* root = tree.bytes.data() + tree.bytes.size() - layout.node_bytes;
        EXPECT_EQ(descendants(root), 20);
        if (real == 1) {
            EXPECT_EQ(tree.bytes.size(), layout.node_bytes) << "a leaf in the dress of a split";
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
    const TreeGrower::Placed stop = [&](std::size_t count) {
        placed += count;
        if (placed >= 500) throw Cancelled("enough");
    };
    EXPECT_THROW((void)grower.grow(0, stop), Cancelled);
    EXPECT_LT(placed, 700U);
    placed = 0;
    (void)grower.grow(0, [&](std::size_t count) { placed += count; });
    EXPECT_EQ(placed, 2000U);
}

TEST(TreeGrower, RenumbersChildrenWhereATreeIsPlaced) {
    const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, 50, 2));
    TreeGrower grower(test.grove);
    const Tree tree = grower.grow(0, kGoOn);
    const Nodes at_once(test, 0);
    std::vector<std::byte> placed(at_once.bytes.size());
    grower.place(tree, 1050, placed.data());
    const NodeLayout& layout = test.grove.layout;
    ASSERT_FALSE(at_once.splits.empty());
    for (const std::uint32_t split : at_once.splits) {
        for (int side = 0; side < 2; ++side) {
            const std::size_t at =
                split * std::size_t{layout.node_bytes} + layout.children + 4 * static_cast<std::size_t>(side);
            const auto before = load<std::uint32_t>(at_once.bytes.data() + at);
            EXPECT_EQ(load<std::uint32_t>(placed.data() + at), before < 50 ? before : before + 1000);
        }
    }
}

}  // namespace
}  // namespace kith::index
