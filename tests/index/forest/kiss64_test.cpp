#include "index/forest/kiss64.hpp"

#include <set>

#include <gtest/gtest.h>

#include <kith/forest.hpp>

namespace kith::index {
namespace {

TEST(Kiss64, GivesAnnoysNumbers) {
    Kiss64 standard(kDefaultForestSeed);
    for (const std::uint64_t expected : {8932985056925012148U, 5710300428094272059U, 18342510866933518593U,
                                         14303636270573868250U, 542381058189297533U}) {
        EXPECT_EQ(standard.next(), expected);
    }
    Kiss64 other(42);
    for (const std::uint64_t expected : {5680804532875375661U, 421217147685971266U, 15020224898898924438U,
                                         16951546275468841018U, 12649982757840217320U}) {
        EXPECT_EQ(other.next(), expected);
    }
}

TEST(Kiss64, TakesAZeroSeed) {
    Kiss64 zero(0);
    Kiss64 one(1);
    EXPECT_EQ(zero.next(), one.next());
}

TEST(Kiss64, TreesHaveStreamsOfTheirOwn) {
    std::set<std::uint64_t> firsts;
    for (std::uint64_t tree = 0; tree < 1000; ++tree) firsts.insert(Kiss64::of_tree(5, tree).next());
    EXPECT_EQ(firsts.size(), 1000U);
    EXPECT_EQ(Kiss64::of_tree(5, 0).next(), Kiss64(5).next());
}

TEST(Kiss64, StaysBelowItsBound) {
    Kiss64 random(9);
    std::set<std::size_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random.below(7));
    EXPECT_EQ(seen, (std::set<std::size_t>{0, 1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace kith::index
