#include "index/forest/id_set.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace kith::index {
namespace {

TEST(IdSet, GivesEachMemberOnceInOrder) {
    IdSet ids;
    std::mt19937 random(3);
    for (const std::size_t limit : {1UL, 63UL, 64UL, 4096UL, 4097UL, 300'000UL}) {
        ids.resize(limit);
        std::set<std::uint32_t> expected = {0, static_cast<std::uint32_t>(limit - 1)};
        for (int i = 0; i < 500; ++i) expected.insert(static_cast<std::uint32_t>(random() % limit));
        for (int repetition = 0; repetition < 2; ++repetition) {
            for (const std::uint32_t id : expected) ids.add(id);
        }
        std::vector<std::uint32_t> drained;
        ids.drain(drained);
        EXPECT_EQ(drained, std::vector<std::uint32_t>(expected.begin(), expected.end()));
    }
}

TEST(IdSet, IsEmptyOnceDrained) {
    IdSet ids;
    ids.resize(10'000);
    ids.add(77);
    std::vector<std::uint32_t> drained;
    ids.drain(drained);
    ids.drain(drained);
    EXPECT_EQ(drained, (std::vector<std::uint32_t>{77}));
}

TEST(IdSet, ServesASmallerRangeAfterALargerOne) {
    IdSet ids;
    ids.resize(1'000'000);
    ids.resize(100);
    ids.add(99);
    std::vector<std::uint32_t> drained;
    ids.drain(drained);
    EXPECT_EQ(drained, (std::vector<std::uint32_t>{99}));
}

}  // namespace
}  // namespace kith::index
