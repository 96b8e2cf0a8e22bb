#include "index/forest/verify.hpp"

#include <cstring>
#include <functional>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "index/forest/random_items.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::file_bytes;
using test::forest_of;
using test::random_items;
using test::TempDir;
using test::write_bytes;

constexpr std::size_t kItemDim = 5;
constexpr std::size_t kNode = 16 + 4 * kItemDim;
constexpr std::size_t kItems = 300;

template <class T>
void put(std::vector<char>& bytes, std::size_t node, std::size_t offset, T value) {
    std::memcpy(bytes.data() + node * kNode + offset, &value, sizeof value);
}
std::int32_t get(const std::vector<char>& bytes, std::size_t node, std::size_t offset) {
    std::int32_t value = 0;
    std::memcpy(&value, bytes.data() + node * kNode + offset, sizeof value);
    return value;
}

// The first node of the trees for which `wanted` holds of its descendants.
std::size_t find_node(const std::vector<char>& bytes, const std::function<bool(std::int32_t)>& wanted) {
    std::size_t node = kItems;
    while (!wanted(get(bytes, node, 0))) ++node;
    return node;
}

TEST(Verify, FindsEachKindOfDamage) {
    const TempDir folder;
    const std::string path = folder.file("x.ann");
    forest_of(Metric::kEuclidean, random_items(Metric::kEuclidean, kItems, kItemDim), 2).save_annoy(path);
    const std::vector<char> good = file_bytes(path);
    const std::size_t split = find_node(good, [](std::int32_t n) { return n > 7; });
    const std::size_t leaf = find_node(good, [](std::int32_t n) { return n > 1 && n <= 7; });
    const auto damaged = [&](const std::function<void(std::vector<char>&)>& damage) {
        std::vector<char> bytes = good;
        damage(bytes);
        write_bytes(path, bytes);
        const Forest forest = Forest::open_annoy(path, Metric::kEuclidean, kItemDim);
        EXPECT_THROW(forest.verify(), CorruptFile);
    };
    write_bytes(path, good);
    EXPECT_NO_THROW(Forest::open_annoy(path, Metric::kEuclidean, kItemDim).verify());
    damaged([&](auto& bytes) { put(bytes, 5, 0, std::int32_t{9}); });                       // an item's header
    damaged([&](auto& bytes) { put(bytes, 5, 16, std::nanf("")); });                        // an item's vector
    damaged([&](auto& bytes) { put(bytes, 5, 0, std::int32_t{0}); });                       // a hole in the trees
    damaged([&](auto& bytes) { put(bytes, split, 8, std::int32_t{1 << 30}); });             // a child too far
    damaged([&](auto& bytes) { put(bytes, split, 8, static_cast<std::int32_t>(split)); });  // a loop
    damaged([&](auto& bytes) { put(bytes, split, 8, get(bytes, split, 12)); });             // a subtree twice
    damaged([&](auto& bytes) { put(bytes, split, 4, std::nanf("")); });                     // a plane's offset
    damaged([&](auto& bytes) { put(bytes, split, 20, std::nanf("")); });                    // a plane's normal
    damaged([&](auto& bytes) { put(bytes, leaf, 8, std::int32_t{-1}); });                   // no such item
    damaged([&](auto& bytes) { put(bytes, leaf, 8, get(bytes, leaf, 12)); });               // an item twice
    damaged([&](auto& bytes) { put(bytes, leaf, 0, std::int32_t{-4}); });                   // a negative count
    damaged([&](auto& bytes) { put(bytes, leaf, 0, get(bytes, leaf, 0) - 1); });            // an item missing
}

}  // namespace
}  // namespace kith
