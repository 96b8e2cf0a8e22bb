#include "index/forest/stepped_search.hpp"

#include <memory>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <kith/filter.hpp>

#include "index/forest/ann_file.hpp"
#include "index/forest/damaged_forest.hpp"
#include "index/forest/random_items.hpp"
#include "index/forest/search.hpp"
#include "index/forest/section.hpp"
#include "support/temp_dir.hpp"

namespace kith::index {
namespace {

using test::forest_of;
using test::random_items;

// One of a few queries that are answered in turns, each by as many steps of any length as it likes.
struct Run {
    const void* query;
    Selection selection;
    std::size_t k;
    SteppedSearch search;
    std::size_t search_k = 0;

    Run(const std::shared_ptr<const ForestData>& forest, const void* its_query, const Selection& its_selection,
        std::size_t its_k)
        : query(its_query), selection(its_selection), k(its_k), search(forest, query, selection, k) {}
};

void expect_searches(const std::shared_ptr<const ForestData>& forest, std::span<const Selection> selections) {
    std::mt19937 random(6);
    std::vector<Run> runs;
    for (std::size_t i = 0; i < selections.size(); ++i) {
        for (const std::size_t k : {1UL, 10UL, 100UL, 100'000UL}) {
            runs.emplace_back(forest, forest->items().vector(random() % forest->n_items()), selections[i], k);
        }
    }
    Neighbors found;
    Neighbors expected;
    for (int turn = 0; turn < 12; ++turn) {
        for (std::size_t i = 0; i < runs.size(); ++i) {
            Run& run = runs[i];
            const std::size_t longest = turn == 11 ? 1'000'000 : turn % 3 == 0 ? 3 : turn % 3 == 1 ? 200 : 2000;
            run.search_k += random() % longest;
            run.search.step(run.search_k, found);
            search_forest(*forest, run.query, run.selection, run.k, run.search_k, expected);
            ASSERT_EQ(found.ids, expected.ids) << name(forest->metric()) << " run " << i << " k " << run.k
                                               << " search_k " << run.search_k << " dim " << forest->dim();
            ASSERT_EQ(found.distances, expected.distances);
        }
    }
}

TEST(SteppedSearch, EachStepIsASearchOfItsEffortWhateverElseTheThreadSearches) {
    const test::TempDir folder;
    for (const Metric metric : all_metrics()) {
        // Leaves of a few items; of a usual number; rows that are read in part.
        for (const std::size_t dim : {2UL, 24UL, 300UL}) {
            constexpr std::size_t kItems = 2500;
            forest_of(metric, random_items(metric, kItems, dim), 8).save_annoy(folder.file("x.ann"));
            forest_of(metric, random_items(metric, kItems, dim), 8).save(folder.file("x.kith"));
            std::vector<Id> few{3, 700, 2499};
            std::vector<Id> half;
            for (Id id = 0; id < static_cast<Id>(kItems); id += 2) half.push_back(id);
            const IdFilter rare = IdFilter::allow(few, kItems);
            const IdFilter every_other = IdFilter::allow(half, kItems);
            const IdFilter most = IdFilter::deny(few, kItems);
            const IdFilter tenth = IdFilter::where([](Id id) { return id % 10 == 3; });
            const IdFilter none = IdFilter::allow({}, kItems);
            std::vector<Selection> selections{Selection(), Selection({.exclude = 17}, kItems)};
            for (const IdFilter* filter : {&rare, &every_other, &most, &tenth, &none}) {
                selections.emplace_back(SearchOptions{.filter = filter, .exclude = 700}, kItems);
            }
            expect_searches(open_ann(folder.file("x.ann"), metric, dim, {}), selections);
            expect_searches(open_section(folder.file("x.kith"), false), selections);
        }
    }
}

TEST(SteppedSearch, KnowsTheDotProductsTwoLayouts) {
    const test::TempDir folder;
    for (const DotLayout layout : {DotLayout::kRelease, DotLayout::kHead}) {
        const Matrix items = random_items(Metric::kDot, 2000, 10);
        forest_of(Metric::kDot, items, 6, {.dot_layout = layout}).save_annoy(folder.file("x.ann"));
        const std::vector<Selection> selections(2);
        expect_searches(open_ann(folder.file("x.ann"), Metric::kDot, 10, {.dot_layout = layout}), selections);
    }
}

// Many equal items: splits at random, single items as leaves, keys that are equal.
TEST(SteppedSearch, TellsEqualKeysApart) {
    const test::TempDir folder;
    for (const Metric metric : all_metrics()) {
        Matrix items(1200, 3);
        for (std::size_t i = 0; i < items.rows(); ++i) items.row(i)[i % 3] = static_cast<float>(i % 2);
        forest_of(metric, items, 9).save_annoy(folder.file("x.ann"));
        const std::vector<Selection> selections(3);
        expect_searches(open_ann(folder.file("x.ann"), metric, 3, {}), selections);
    }
}

TEST(SteppedSearch, PassesOverHoles) {
    const test::TempDir folder;
    const Matrix items = random_items(Metric::kEuclidean, 500, 6);
    ForestBuilder builder({.metric = Metric::kEuclidean, .dim = 6});
    for (std::size_t i = 0; i < items.rows(); ++i) builder.add(static_cast<Id>(3 * i), items.row(i));
    builder.build(5);
    builder.save_annoy(folder.file("x.ann"));
    builder.save(folder.file("x.kith"));
    const IdFilter filter = IdFilter::where([](Id id) { return id % 2 == 0; });
    const std::vector<Selection> selections{Selection(), Selection({.filter = &filter}, 1498)};
    expect_searches(open_ann(folder.file("x.ann"), Metric::kEuclidean, 6, {}), selections);
    expect_searches(open_section(folder.file("x.kith"), false), selections);
}

TEST(SteppedSearch, EndsWhateverTheNodesSay) {
    std::mt19937 random(8);
    for (int round = 0; round < 300; ++round) {
        const auto forest = test::damaged_forest(random, round % 2 == 0);
        const float query[3] = {1, 2, 3};
        SteppedSearch search(forest, query, Selection(), 10);
        Neighbors found;
        for (std::size_t search_k = 1; search_k < 100'000; search_k *= 3) {
            search.step(search_k, found);
            EXPECT_LE(found.size(), 10U);
            for (const Id id : found.ids) EXPECT_LT(id, static_cast<Id>(test::kDamagedItems));
        }
    }
}

}  // namespace
}  // namespace kith::index
