#include "base/sort_few.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace kith {
namespace {

// Told apart by what the order does not see.
struct Item {
    unsigned key;
    std::size_t was;

    friend bool operator<(const Item& a, const Item& b) noexcept { return a.key < b.key; }
    friend bool operator==(const Item&, const Item&) = default;
};

TEST(SortFew, SortsEveryNumberOfValuesAsAStableSort) {
    std::mt19937 random(3);
    for (std::size_t n = 0; n <= kFew; ++n) {
        for (const unsigned different : {1U, 3U, 1000U}) {
            std::vector<Item> items;
            for (std::size_t i = 0; i < n; ++i) items.push_back({static_cast<unsigned>(random()) % different, i});
            std::vector<Item> expected = items;
            std::ranges::stable_sort(expected, [](const Item& a, const Item& b) { return a < b; });
            sort_few(std::span(items));
            ASSERT_EQ(items, expected) << n << " of " << different;
        }
    }
}

}  // namespace
}  // namespace kith
