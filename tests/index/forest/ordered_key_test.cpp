#include "index/forest/ordered_key.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace kith::index {
namespace {

TEST(OrderedKey, AscendsWithTheFloat) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const std::vector<float> ascending = {-kInfinity, -3e38F, -1, -1e-30F, -1e-45F,  0,
                                          1e-45F,     1e-30F, 1,  3e38F,   kInfinity};
    for (std::size_t i = 1; i < ascending.size(); ++i) EXPECT_LT(ordered(ascending[i - 1]), ordered(ascending[i]));
}

TEST(OrderedKey, TakesBothZerosAsEqual) {
    EXPECT_EQ(ordered(0.0F), ordered(-0.0F));
}

TEST(OrderedKey, TheTopIsAboveEveryNumber) {
    EXPECT_GT(kTopPriority, ordered(std::numeric_limits<float>::infinity()));
}

TEST(OrderedKey, ComparesPriorityFirstAndThenNode) {
    EXPECT_LT(make_key(1, 500), make_key(2, 3));
    EXPECT_LT(make_key(2, 3), make_key(2, 4));
    EXPECT_EQ(priority_of(make_key(7, 9)), 7U);
    EXPECT_EQ(node_of(make_key(7, 9)), 9U);
}

}  // namespace
}  // namespace kith::index
