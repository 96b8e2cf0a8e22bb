#include "index/forest/forest_data.hpp"

#include <gtest/gtest.h>

namespace kith::index {
namespace {

storage::Region nodes_of(const NodeLayout& layout, std::initializer_list<std::int32_t> counts) {
    storage::Buffer buffer(counts.size() * layout.node_bytes);
    std::byte* node = buffer.data();
    for (const std::int32_t count : counts) {
        store(node, count);
        node += layout.node_bytes;
    }
    return std::move(buffer).freeze();
}

TEST(ForestData, FindsItemsAndHolesInNodes) {
    const NodeLayout layout = layout_of(Metric::kEuclidean, 2, DotLayout::kAuto);
    const ForestData forest(Metric::kEuclidean, 2, DotLayout::kAuto, nodes_of(layout, {1, 0, 1, 3, 3}), 3, {4}, "");
    EXPECT_EQ(forest.n_nodes(), 5U);
    EXPECT_TRUE(forest.is_item(0));
    EXPECT_FALSE(forest.is_item(1));
    EXPECT_EQ(forest.find_holes(), (std::vector<std::uint32_t>{1}));
    EXPECT_EQ(forest.node(3), forest.trees());
    EXPECT_EQ(forest.items().vector(2), forest.ann_bytes() + 2 * layout.node_bytes + layout.vector);
}

TEST(ForestData, FindsItemsAndHolesInPlainRows) {
    const NodeLayout layout = layout_of(Metric::kEuclidean, 2, DotLayout::kAuto);
    storage::Buffer rows(3 * 2 * sizeof(float));
    rows.as<float>()[4] = 7;
    const ForestData forest(Metric::kEuclidean, 2, DotLayout::kAuto, std::move(rows).freeze(),
                            nodes_of(layout, {3}), 3, {3}, {0, 1}, "");
    EXPECT_EQ(forest.n_nodes(), 4U);
    EXPECT_FALSE(forest.is_item(0));
    EXPECT_FALSE(forest.is_item(1));
    EXPECT_TRUE(forest.is_item(2));
    EXPECT_EQ(load<float>(forest.items().vector(2)), 7);
    EXPECT_EQ(descendants(forest.node(3)), 3);
    EXPECT_EQ(forest.ann_bytes(), nullptr);
}

}  // namespace
}  // namespace kith::index
