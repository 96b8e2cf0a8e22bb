#include "keyed/key_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <unordered_map>

namespace kith::keyed {
namespace {

using storage::Region;

std::vector<std::string> random_keys(std::size_t count) {
    std::mt19937 random(7);
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i) keys.push_back(std::to_string(random() % (2 * count)));
    keys.emplace_back();
    keys.emplace_back("with a\0zero", 11);
    return keys;
}

// The keys in so many lists of about one length, and one without any.
std::vector<KeyList> lists_of(std::span<const std::string_view> keys, std::size_t count) {
    std::vector<KeyList> lists(count + 1);
    for (std::size_t i = 0; i < keys.size(); ++i) lists[i * count / keys.size()].push_back(keys[i]);
    return lists;
}

TEST(KeyTable, AgreesWithAStandardMapHoweverKeysAreAdded) {
    const std::vector<std::string> keys = random_keys(5000);
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    std::unordered_map<std::string, std::size_t> model;
    KeyTableBuilder one_by_one;
    std::vector<std::size_t> repeated;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto [there, is_new] = model.emplace(keys[i], model.size());
        if (!is_new) repeated.push_back(i);
        EXPECT_EQ(one_by_one.add(keys[i]), std::pair(there->second, is_new));
    }
    KeyTableBuilder together;
    EXPECT_EQ(together.add_all(lists_of(views, 1)), repeated);
    KeyTableBuilder apart;
    EXPECT_EQ(apart.add_all(lists_of(views, 7), 2), repeated);
    for (KeyTableBuilder* const builder : {&one_by_one, &together, &apart}) {
        const KeyTable table = builder->finish();
        EXPECT_EQ(builder->size(), 0U);
        ASSERT_EQ(table.size(), model.size());
        for (const auto& [key, row] : model) {
            EXPECT_EQ(table.find(key), row);
            EXPECT_EQ(table.key(row), key);
        }
        for (const char* const absent : {"x", "99999999", "with a"}) EXPECT_FALSE(table.find(absent));
    }
}

TEST(KeyTable, ALargeOneIsFilledAlikeByAnyNumberOfThreadsAndLists) {
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < 90'000; ++i) keys.push_back(std::to_string(i * 7));
    for (const bool twice : {false, true}) {
        if (twice) keys.insert(keys.begin() + 60'000, "7");
        const std::vector<std::string_view> views(keys.begin(), keys.end());
        std::vector<KeyTable> tables;
        for (const std::size_t threads : {1, 2, 8}) {
            KeyTableBuilder builder;
            EXPECT_EQ(builder.add_all(lists_of(views, 2 * threads - 1), threads),
                      twice ? std::vector<std::size_t>{60'000} : std::vector<std::size_t>());
            tables.push_back(builder.finish());
            const KeyTable& table = tables.back();
            ASSERT_EQ(table.size(), 90'000U);
            for (std::size_t row = 0; row < table.size(); ++row) {
                ASSERT_EQ(table.key(row), std::to_string(row * 7));
                ASSERT_EQ(table.find(table.key(row)), row);
            }
            for (const char* const absent : {"", "8", "77777777"}) EXPECT_FALSE(table.find(absent));
            EXPECT_TRUE(std::ranges::equal(table.slots().bytes(), tables.front().slots().bytes()));
        }
    }
}

TEST(KeyTable, AnEmptyOneFindsNothing) {
    EXPECT_FALSE(KeyTable().find(""));
    EXPECT_FALSE(KeyTableBuilder().finish().find("a"));
    EXPECT_EQ(KeyTableBuilder().finish().size(), 0U);
}

TEST(KeyTable, KeysAddedLaterAreFoundBesideEarlierOnes) {
    KeyTableBuilder builder;
    const std::vector<std::string_view> first = {"a", "b"};
    builder.add_all(lists_of(first, 1));
    builder.add("c");
    const std::vector<std::string_view> second = {"d", "a"};
    EXPECT_EQ(builder.add_all(lists_of(second, 1)), std::vector<std::size_t>{1});
    EXPECT_EQ(builder.find("d"), 3U);
    EXPECT_FALSE(builder.find("e"));
    EXPECT_EQ(builder.finish().find("c"), 2U);
}

Region damaged(const Region& good, std::mt19937& random) {
    storage::Buffer buffer(good.size());
    std::memcpy(buffer.data(), good.data(), good.size());
    for (int i = 0; i < 20; ++i) buffer.data()[random() % good.size()] = static_cast<std::byte>(random());
    return std::move(buffer).freeze();
}

TEST(KeyTable, DamagedArraysNeverLeadOutside) {
    KeyTableBuilder builder;
    for (int i = 0; i < 200; ++i) builder.add("key" + std::to_string(i));
    const KeyTable good = builder.finish();
    std::mt19937 random(3);
    for (int round = 0; round < 500; ++round) {
        const KeyTable bad(good.bytes(), damaged(good.offsets(), random), damaged(good.slots(), random));
        for (std::size_t row = 0; row < bad.size(); ++row) {
            const std::string key(bad.key(row));
            const auto found = bad.find(key);
            if (found) {
                EXPECT_EQ(bad.key(*found), key);
            }
        }
    }
}

TEST(KeyTable, ATableWithoutAnEmptySlotEndsTheSearch) {
    storage::Buffer full(8 * sizeof(std::uint64_t));
    std::memset(full.data(), 0xff, full.size());
    KeyTableBuilder builder;
    builder.add("a");
    const KeyTable good = builder.finish();
    EXPECT_FALSE(KeyTable(good.bytes(), good.offsets(), std::move(full).freeze()).find("b"));
}

}  // namespace
}  // namespace kith::keyed
