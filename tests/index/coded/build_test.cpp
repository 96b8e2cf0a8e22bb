#include "index/coded/build.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "support/brute_force.hpp"

namespace kith::index {
namespace {

std::shared_ptr<const CodedData> built(const CodedForestOptions& options, std::size_t rows = 3000,
                                       const ProgressFn& progress = {}) {
    return build_coded(RowStore::copy_of(test::random_matrix(rows, 12, 1).view(), options.metric), options,
                       progress);
}

bool same_codes(const storage::Region& a, const storage::Region& b) {
    return std::ranges::equal(a.bytes(), b.bytes());
}

TEST(CodedBuild, EveryTreeHoldsEveryRowOnce) {
    const auto data = built({.metric = Metric::kEuclidean, .n_trees = 3, .calibration_queries = 0});
    std::vector<int> seen(3000);
    for (const std::uint32_t row : data->order.as<std::uint32_t>()) ++seen.at(row);
    for (const int count : seen) EXPECT_EQ(count, 3);
    std::uint64_t next = 0;
    for (const Leaf& leaf : data->leaves.as<Leaf>()) {
        EXPECT_EQ(leaf.first, next);
        next += leaf.count;
    }
    EXPECT_EQ(next, 9000u);
}

TEST(CodedBuild, GivesTheSameBytesForAnyNumberOfThreads) {
    for (const Metric metric : all_metrics()) {
        CodedForestOptions options{.metric = metric, .n_trees = 2, .calibration_queries = 20, .threads = 1};
        const auto one = built(options);
        for (const std::size_t threads : {2, 8}) {
            options.threads = threads;
            const auto other = built(options);
            EXPECT_TRUE(same_codes(one->centroids, other->centroids));
            EXPECT_TRUE(same_codes(one->codewords, other->codewords));
            EXPECT_TRUE(same_codes(one->leaves, other->leaves));
            EXPECT_TRUE(same_codes(one->order, other->order));
            EXPECT_TRUE(same_codes(one->codes, other->codes));
            ASSERT_EQ(one->curve.size(), other->curve.size());
            for (std::size_t i = 0; i < one->curve.size(); ++i) {
                EXPECT_EQ(one->curve[i].recall, other->curve[i].recall);
                EXPECT_EQ(one->curve[i].search_k, other->curve[i].search_k);
            }
        }
    }
}

TEST(CodedBuild, NamesTheOptionThatIsOutOfRange) {
    try {
        (void)built({.n_trees = 65});
        FAIL() << "expected InvalidArgument";
    } catch (const InvalidArgument& error) {
        EXPECT_STREQ(error.what(), "n_trees is 65; it must be between 1 and 64");
    }
    EXPECT_THROW((void)built({.n_trees = 0}), InvalidArgument);
    EXPECT_THROW((void)built({.leaf_size = 3}), InvalidArgument);
    EXPECT_THROW((void)built({.code_width = 65}), InvalidArgument);
}

TEST(CodedBuild, StopsWhenProgressSaysSo) {
    EXPECT_THROW((void)built({}, 3000, [](const Progress&) { return false; }), Cancelled);
}

TEST(CodedBuild, SmallAndDegenerateDataBuild) {
    for (const std::size_t rows : {0, 1, 2, 33}) {
        const auto data = built({.metric = Metric::kAngular}, rows);
        EXPECT_EQ(data->rows.count(), rows);
    }
}

}  // namespace
}  // namespace kith::index
