#include "index/range.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include <kith/coded_forest.hpp>
#include <kith/error.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>

#include "support/brute_force.hpp"

namespace kith {
namespace {

constexpr std::size_t kRangeRows = 3000;
constexpr std::size_t kRangeDim = 10;

struct Indexes {
    explicit Indexes(Metric metric)
        : rows(test::random_matrix(kRangeRows, kRangeDim, 1)), queries(test::random_matrix(6, kRangeDim, 2)) {
        ForestBuilder builder({.metric = metric, .dim = kRangeDim});
        builder.add(rows.view(), 0);
        builder.build(10);
        all.push_back(std::make_unique<FlatIndex>(rows.view(), metric));
        all.push_back(std::make_unique<Forest>(builder.forest()));
        all.push_back(std::make_unique<CodedForest>(CodedForest::build(rows.view(), {.metric = metric})));
    }

    Matrix rows;
    Matrix queries;
    std::vector<std::unique_ptr<Index>> all;
};

class RangeSearch : public ::testing::TestWithParam<Metric> {};

// Exactly those within for flat; those within and few missing for the others.
TEST_P(RangeSearch, FindsWhatLiesWithinTheRadius) {
    const Indexes indexes(GetParam());
    for (std::size_t q = 0; q < indexes.queries.rows(); ++q) {
        const Neighbors order = indexes.all[0]->search(indexes.queries.row(q), {.k = kRangeRows});
        for (const std::size_t wanted : {std::size_t{3}, std::size_t{100}, std::size_t{1500}}) {
            const float radius = order.distances[wanted - 1];
            const auto beyond = std::ranges::find_if(
                order.distances, [&](float each) { return !index::is_within(GetParam(), each, radius); });
            const auto within = static_cast<std::size_t>(beyond - order.distances.begin());
            for (const auto& index : indexes.all) {
                const Neighbors found = index->range_search(indexes.queries.row(q), radius);
                EXPECT_LE(found.size(), within);
                for (const float each : found.distances) EXPECT_TRUE(index::is_within(GetParam(), each, radius));
                if (index->kind() == IndexKind::kFlat) {
                    ASSERT_EQ(found.size(), within);
                    EXPECT_TRUE(std::equal(found.ids.begin(), found.ids.end(), order.ids.begin()));
                    EXPECT_TRUE(
                        std::equal(found.distances.begin(), found.distances.end(), order.distances.begin()));
                } else if (GetParam() != Metric::kDot && GetParam() != Metric::kHamming) {
                    EXPECT_GE(static_cast<double>(found.size()), 0.8 * static_cast<double>(within) - 1)
                        << name(index->kind());
                }
                const Neighbors capped = index->range_search(indexes.queries.row(q), radius, {.k = 2});
                EXPECT_LE(capped.size(), 2u);
                if (index->kind() == IndexKind::kFlat) {
                    ASSERT_EQ(capped.size(), 2u);
                    EXPECT_EQ(capped.ids[0], found.ids[0]);
                }
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(EveryMetric, RangeSearch, ::testing::ValuesIn(all_metrics().begin(), all_metrics().end()),
                         [](const auto& each) { return std::string(name(each.param)); });

TEST(RangeSearchItem, LeavesItselfOutWhenAsked) {
    const Indexes indexes(Metric::kEuclidean);
    for (const auto& index : indexes.all) {
        const Neighbors with = index->range_search_item(7, 2.5F);
        const Neighbors without = index->range_search_item(7, 2.5F, {.k = kAll, .exclude_self = true});
        ASSERT_EQ(with.ids[0], 7);
        EXPECT_TRUE(std::equal(with.ids.begin() + 1, with.ids.end(), without.ids.begin(), without.ids.end()));
        const Neighbors capped = index->range_search_item(7, 2.5F, {.k = 2, .exclude_self = true});
        ASSERT_EQ(capped.size(), std::min<std::size_t>(2, without.size()));
        EXPECT_TRUE(std::equal(capped.ids.begin(), capped.ids.end(), without.ids.begin()));
    }
}

TEST(RangeSearchFilter, FindsOnlyWhatIsAllowed) {
    const Indexes indexes(Metric::kAngular);
    const IdFilter filter = IdFilter::where([](Id id) { return id % 5 == 0; });
    for (const auto& index : indexes.all) {
        const Neighbors found =
            index->range_search(indexes.queries.row(0), 0.9F, {.k = kAll, .filter = &filter, .exclude = 10});
        EXPECT_FALSE(found.empty());
        for (const Id id : found.ids) EXPECT_TRUE(id % 5 == 0 && id != 10) << id;
    }
}

TEST(RangeSearchBatch, GivesWhatSingleSearchesGive) {
    const Indexes indexes(Metric::kEuclidean);
    for (const auto& index : indexes.all) {
        const auto found = index->range_search_batch(indexes.queries.view(), 2.0F, {.k = 50}, 2);
        ASSERT_EQ(found.size(), indexes.queries.rows());
        for (std::size_t q = 0; q < found.size(); ++q) {
            EXPECT_EQ(found[q].ids, index->range_search(indexes.queries.row(q), 2.0F, {.k = 50}).ids);
        }
    }
}

TEST(RangeSearchRadius, OddRadiiMeanWhatTheySay) {
    const Indexes indexes(Metric::kEuclidean);
    for (const auto& index : indexes.all) {
        EXPECT_TRUE(index->range_search(indexes.queries.row(0), -1.0F).empty());
        EXPECT_EQ(index->range_search(indexes.queries.row(0), std::numeric_limits<float>::infinity()).size(),
                  kRangeRows);
        EXPECT_THROW((void)index->range_search(indexes.queries.row(0), std::numeric_limits<float>::quiet_NaN()),
                     InvalidArgument);
        EXPECT_TRUE(index->range_search(indexes.queries.row(0), 1.0F, {.k = 0}).empty());
        EXPECT_EQ(index->range_search_item(3, 0.0F).ids, std::vector<Id>{3});
    }
}

}  // namespace
}  // namespace kith
