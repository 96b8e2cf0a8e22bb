#include "index/dynamic/segment.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "support/brute_force.hpp"

namespace kith::index {
namespace {

ItemRows some_items() {
    const Matrix rows = test::random_matrix(4, 3, 1);
    ItemRows items;
    items.dim = 3;
    const Id ids[] = {70, 5, 1000, 6};
    for (std::size_t i = 0; i < 4; ++i) items.add(ids[i], rows.row(i));
    return items;
}

TEST(Segment, RowsAreInTheOrderOfIds) {
    const ItemRows items = some_items();
    const Segment segment = Segment::build(items, {}, {});
    EXPECT_EQ(std::vector<Id>(segment.ids().begin(), segment.ids().end()), (std::vector<Id>{5, 6, 70, 1000}));
    EXPECT_EQ(segment.row_of(70), 2);
    EXPECT_EQ(segment.row_of(7), std::nullopt);
    EXPECT_EQ(segment.graph().get_vector(2), std::vector<float>(items.rows.begin(), items.rows.begin() + 3));
}

TEST(Segment, RemovedRowsAreGoneFromACopy) {
    const Segment whole = Segment::build(some_items(), {}, {});
    const Segment part = whole.without(std::vector<Id>{2}).without(std::vector<Id>{0});
    EXPECT_EQ(whole.count(), 4u);
    EXPECT_EQ(part.count(), 2u);
    EXPECT_EQ(part.row_of(70), std::nullopt);
    EXPECT_EQ(part.row_of(6), 1);
    ItemRows left;
    left.dim = 3;
    part.append_to(left);
    EXPECT_EQ(left.ids, (std::vector<Id>{6, 1000}));
    EXPECT_EQ(left.rows.size(), 6u);
}

}  // namespace
}  // namespace kith::index
