#include "index/forest/coded_splits.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"
#include "index/forest/tree_grower.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

// Splits down to fifty ids; returns how many there were.
std::size_t descend(CodedSplits& splits, std::size_t first, std::size_t count, std::uint32_t upper, Kiss64& random,
                    std::vector<std::uint32_t>& out) {
    if (count <= 50) {
        out.resize(out.size() + count);
        splits.copy_ids(first, count, out.data() + out.size() - count);
        EXPECT_TRUE(std::is_sorted(out.end() - static_cast<std::ptrdiff_t>(count), out.end()));
        return count;
    }
    std::vector<std::byte> plane(splits.plane_bytes());
    const SplitSource::Split split = splits.split(first, count, upper, random, plane.data());
    EXPECT_GT(split.left, 0U);
    EXPECT_LT(split.left, count);
    return descend(splits, first, split.left, split.upper[0], random, out) +
           descend(splits, first + split.left, count - split.left, split.upper[1], random, out);
}

TEST(CodedSplits, GoThroughCrownAndNearRows) {
    Matrix items = random_items(Metric::kAngular, 90'000, 20);
    // Equal rows in great numbers: the crown stops early, or a split of it is of no use.
    for (std::size_t i = 0; i < 60'000; ++i) std::copy_n(items.row(0).begin(), 20, items.row(i).begin());
    for (const bool many_equal : {false, true}) {
        const TestGrove test(Metric::kAngular, many_equal ? items : random_items(Metric::kAngular, 90'000, 20));
        ASSERT_NE(test.grove.codes, nullptr);
        CodedSplits splits(test.grove);
        for (std::uint64_t seed = 1; seed < 3; ++seed) {
            Kiss64 random(seed);
            std::vector<std::uint32_t> met;
            const std::uint32_t upper = splits.begin(random);
            EXPECT_EQ(descend(splits, 0, 90'000, upper, random, met), 90'000U);
            std::sort(met.begin(), met.end());
            EXPECT_EQ(met, test.ids);
        }
    }
}

}  // namespace
}  // namespace kith::index
