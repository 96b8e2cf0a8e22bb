#include "keyed/key_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace kith::keyed {
namespace {

TEST(KeyList, HoldsKeysInOrderWithTheirHashesHoweverTheyCame) {
    const std::vector<std::string_view> keys = {"b", "", "a", std::string_view("x\0y", 3), "b"};
    const KeyList together(keys);
    KeyList one_by_one;
    for (const std::string_view key : keys) one_by_one.push_back(key);
    for (const KeyList& list : {together, one_by_one}) {
        ASSERT_EQ(list.size(), keys.size());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            EXPECT_EQ(list[i], keys[i]);
            EXPECT_EQ(list.hashes()[i], hash_of(keys[i]));
        }
    }
    EXPECT_NE(hash_of("a"), hash_of("b"));
    EXPECT_TRUE(std::ranges::equal(together.ends(), std::vector<std::size_t>{1, 1, 2, 5, 6}));
    EXPECT_EQ(KeyList().size(), 0U);
}

}  // namespace
}  // namespace kith::keyed
