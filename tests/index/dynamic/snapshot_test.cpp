#include "index/dynamic/snapshot.hpp"

#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "support/brute_force.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kSnapshotDim = 4;
constexpr GraphOptions kOptions = {.metric = Metric::kEuclidean, .degree = 8, .calibration_queries = 0};

Snapshot nothing() {
    return {Metric::kEuclidean, kSnapshotDim, {}, WaitingItems(Metric::kEuclidean, kSnapshotDim, 8), 10'000};
}

ItemRows items(Id first, std::size_t count) {
    const Matrix rows = test::random_matrix(count, kSnapshotDim, static_cast<unsigned>(first + 1));
    ItemRows out;
    out.dim = kSnapshotDim;
    for (std::size_t i = 0; i < count; ++i) out.add(first + static_cast<Id>(i), rows.row(i));
    return out;
}

TEST(Snapshot, GraphsThatAreNotMuchLargerAreMerged) {
    Snapshot now = nothing();
    merge(now, items(0, 1000), kOptions, {});
    merge(now, items(1000, 100), kOptions, {});
    ASSERT_EQ(now.segments.size(), 2u);
    merge(now, items(1100, 60), kOptions, {});
    ASSERT_EQ(now.segments.size(), 2u);
    EXPECT_EQ(now.segments[1]->count(), 160u);
    merge(now, items(1160, 340), kOptions, {});
    ASSERT_EQ(now.segments.size(), 1u);
    EXPECT_EQ(now.count(), 1500u);
    EXPECT_TRUE(now.find(1499).has_value());
    EXPECT_FALSE(now.find(1500).has_value());
}

TEST(Snapshot, WhatWaitsGoesIntoTheGraph) {
    Snapshot now = nothing();
    now.waiting.append(7, std::vector<float>{1, 2, 3, 4});
    now.waiting.append(8, std::vector<float>{1, 2, 3, 5});
    now.waiting.remove(0);
    merge_all(now, kOptions, {});
    ASSERT_EQ(now.segments.size(), 1u);
    EXPECT_EQ(now.waiting.size(), 0u);
    EXPECT_EQ(now.segments[0]->ids().front(), 8);
}

TEST(Snapshot, AGraphOfWhichLittleIsLeftIsBuiltAnew) {
    Snapshot now = nothing();
    merge(now, items(0, 100), kOptions, {});
    const auto remove = [&](Id first, Id last) {
        std::vector<Id> rows;
        for (Id row = first; row < last; ++row) rows.push_back(row);
        now.segments[0] = std::make_shared<const Segment>(now.segments[0]->without(rows));
        clean(now, kOptions, {});
    };
    remove(0, 50);
    EXPECT_EQ(now.segments[0]->graph().size(), 100u);
    remove(50, 51);
    EXPECT_EQ(now.segments[0]->graph().size(), 49u);
    EXPECT_EQ(now.segments[0]->ids().front(), 51);
    remove(0, 49);
    EXPECT_TRUE(now.segments.empty());
}

TEST(Snapshot, AMergeCalledOffLeavesEverythingAsItWas) {
    Snapshot now = nothing();
    merge(now, items(0, 100), kOptions, {});
    EXPECT_THROW(merge(now, items(100, 80), kOptions, [](const Progress&) { return false; }), Cancelled);
    EXPECT_EQ(now.count(), 100u);
}

TEST(Snapshot, WhatCannotBeAnIdIsNotFound) {
    Snapshot now = nothing();
    merge(now, items(0, 30), kOptions, {});
    now.next_id = 20;
    Neighbors out;
    search_snapshot(now, std::vector<float>(kSnapshotDim), {.k = 30, .ef = 30}, {kNoId, kNoId}, out);
    EXPECT_EQ(out.size(), 20u);
    range_search_snapshot(now, std::vector<float>(kSnapshotDim), 1000, {.k = 30}, out);
    EXPECT_EQ(out.size(), 20u);
    for (const Id id : out.ids) EXPECT_LT(id, 20);
}

TEST(Snapshot, AsManyAsThereAreAreFound) {
    Snapshot now = nothing();
    merge(now, items(0, 30), kOptions, {});
    now.waiting.append(99, std::vector<float>{0, 0, 0, 0});
    Neighbors out;
    search_snapshot(now, std::vector<float>(kSnapshotDim), {.k = kAll, .ef = 30}, {kNoId, kNoId}, out);
    EXPECT_EQ(out.size(), 31u);
    EXPECT_EQ(out.ids.front(), 99);
    search_snapshot(now, std::vector<float>(kSnapshotDim), {.k = 0}, {kNoId, kNoId}, out);
    EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace kith::index
