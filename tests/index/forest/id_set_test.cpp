#include "index/forest/id_set.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace kith::index {
namespace {

TEST(IdSet, TellsWhetherAnIdIsNew) {
    IdSet met;
    std::mt19937 random(3);
    for (const std::size_t limit : {1UL, 63UL, 64UL, 4096UL, 4097UL, 300'000UL}) {
        for (const int count : {10, 5000}) {  // few and many for the range
            met.resize(limit);
            std::set<std::uint32_t> expected;
            std::vector<std::uint32_t> ids;
            for (int i = 0; i < count; ++i) {
                const auto id = static_cast<std::uint32_t>(random() % limit);
                const bool fresh = expected.insert(id).second;
                ASSERT_EQ(met.contains(id), !fresh);
                ASSERT_EQ(met.add(id), fresh);
                ASSERT_TRUE(met.contains(id));
                if (fresh) ids.push_back(id);
            }
            met.clear(ids);
            for (const std::uint32_t id : ids) ASSERT_TRUE(met.add(id)) << "cleared";
            met.clear(ids);
        }
    }
}

TEST(IdSet, ServesASmallerRangeAfterALargerOne) {
    IdSet met;
    met.resize(1'000'000);
    met.resize(100);
    EXPECT_TRUE(met.add(99));
    EXPECT_FALSE(met.add(99));
}

}  // namespace
}  // namespace kith::index
