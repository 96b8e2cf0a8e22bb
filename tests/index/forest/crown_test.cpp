#include "index/forest/crown.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

struct Grown {
    explicit Grown(const TestGrove& test)
        : planes(test.grove), splitter(test.grove, planes), crown(test.grove, planes, splitter), ids(test.ids) {
        Kiss64 random(5);
        root = crown.grow(ids, random);
    }
    CodedPlanes planes;
    NearSplitter splitter;
    Crown crown;
    std::vector<std::uint32_t> ids;
    std::uint32_t root;
};

// Each id is on the side of each plane that its codes say.
std::size_t check(Grown& grown, const TestGrove& test, std::uint32_t node, std::size_t first, std::size_t count) {
    const auto begin = grown.ids.begin() + static_cast<std::ptrdiff_t>(first);
    if (node == Crown::kNone) {
        EXPECT_TRUE(std::is_sorted(begin, begin + static_cast<std::ptrdiff_t>(count)));
        return 1;
    }
    const CodeView rows{test.codes->row(0), test.codes->stride()};
    std::vector<float> margins(count);
    Kiss64 random(1);
    grown.planes.margins(grown.crown.plane(node), rows, {grown.ids.data() + first, count}, random, margins.data());
    const std::size_t left = grown.crown.left(node);
    EXPECT_LE(left, count);
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(margins[i] > 0, i >= left);
    return check(grown, test, grown.crown.child(node, 0), first, left) +
           check(grown, test, grown.crown.child(node, 1), first + left, count - left);
}

TEST(Crown, EveryRowGoesDownToItsLeaf) {
    for (const std::size_t dim : {20UL, 300UL}) {
        const std::size_t rows = dim == 20 ? 120'000 : 12'000;
        const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, rows, dim));
        Grown grown(test);
        ASSERT_NE(grown.root, Crown::kNone);
        EXPECT_GT(check(grown, test, grown.root, 0, rows), 2U);
        std::sort(grown.ids.begin(), grown.ids.end());
        EXPECT_EQ(grown.ids, test.ids);
    }
}

TEST(Crown, FewRowsNeedNone) {
    const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, 1000, 20));
    Grown grown(test);
    EXPECT_EQ(grown.root, Crown::kNone);
    EXPECT_EQ(grown.ids, test.ids);
}

}  // namespace
}  // namespace kith::index
