#include <algorithm>
#include <queue>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "index/forest/ann_file.hpp"
#include "index/forest/damaged_forest.hpp"
#include "index/forest/ordered_key.hpp"
#include "index/forest/random_items.hpp"
#include "index/forest/search.hpp"
#include "support/temp_dir.hpp"

namespace kith::index {
namespace {

using test::forest_of;
using test::random_items;

// Annoy's search, one node at a time, as the definition of what a walk may meet: the nodes of the leaves.
std::set<std::uint32_t> annoys_leaves(const ForestData& forest, const float* query, std::size_t search_k) {
    const NodeLayout& layout = forest.layout();
    std::priority_queue<std::pair<float, std::uint32_t>> queue;
    for (const std::uint32_t root : forest.roots()) queue.emplace(std::numeric_limits<float>::infinity(), root);
    std::set<std::uint32_t> leaves;
    std::size_t met = 0;
    while (met < search_k && !queue.empty()) {
        const auto [priority, index] = queue.top();
        queue.pop();
        if (index < forest.n_items()) {
            leaves.insert(index);
            ++met;
            continue;
        }
        const std::byte* node = forest.node(index);
        const auto below = static_cast<std::uint32_t>(descendants(node));
        if (below <= layout.leaf_capacity) {
            leaves.insert(index);
            met += below;
            continue;
        }
        const std::uint32_t row = index - static_cast<std::uint32_t>(forest.n_items());
        float margin = 0;
        forest.kernels().f32.dot_gather(query, forest.trees() + layout.vector, layout.node_bytes, &row, 1,
                                        forest.dim(), &margin);
        if (layout.plane_term == PlaneTerm::kOffset) margin += load<float>(node + layout.term);
        queue.emplace(std::min(priority, -margin), load<std::uint32_t>(node + layout.children));
        queue.emplace(std::min(priority, margin), load<std::uint32_t>(node + layout.children + 4));
    }
    return leaves;
}

TEST(Walk, MeetsTheLeavesThatAnnoyMeets) {
    const test::TempDir folder;
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan}) {
        const Matrix items = random_items(metric, 5000, 20);
        forest_of(metric, items, 7).save_annoy(folder.file("x.ann"));
        const auto forest = open_ann(folder.file("x.ann"), metric, 20, {});
        const Matrix queries = random_items(metric, 30, 20, 99);
        for (std::size_t i = 0; i < queries.rows(); ++i) {
            for (const std::size_t search_k :
                 {1UL, 20UL, 100UL, 1000UL, 10'000UL, 34'999UL, 35'000UL, 1'000'000UL}) {
                SearchScratch scratch;
                walk_trees(*forest, queries.row(i).data(), search_k, scratch);
                std::set<std::uint32_t> met;
                for (const ReachedLeaf& leaf : scratch.leaves.leaves()) met.insert(node_of(leaf.key));
                EXPECT_EQ(met, annoys_leaves(*forest, queries.row(i).data(), search_k))
                    << name(metric) << " query " << i << " search_k " << search_k;
            }
        }
    }
}

TEST(Walk, GoesOnToTheLeavesOfAWholeWalk) {
    const test::TempDir folder;
    std::mt19937 random(4);
    for (const Metric metric : all_metrics()) {
        const Matrix items = random_items(metric, 3000, 12);
        forest_of(metric, items, 7).save_annoy(folder.file("x.ann"));
        const auto forest = open_ann(folder.file("x.ann"), metric, 12, {});
        for (std::size_t i = 0; i < 20; ++i) {
            const void* const query = forest->items().vector(i);
            Frontier frontier;
            begin_walk(*forest, frontier);
            std::size_t total = 0;
            std::set<std::uint64_t> met;
            while (total < 21'000) {
                const std::size_t search_k = total + 1 + random() % (random() % 4 == 0 ? 5000 : 50);
                SearchScratch scratch;
                walk_on(*forest, query, search_k - total, frontier, scratch);
                total += scratch.leaves.total();
                for (const ReachedLeaf& leaf : scratch.leaves.leaves()) met.insert(leaf.key);
                walk_trees(*forest, query, search_k, scratch);
                std::set<std::uint64_t> whole;
                for (const ReachedLeaf& leaf : scratch.leaves.leaves()) whole.insert(leaf.key);
                ASSERT_EQ(met, whole) << name(metric) << " query " << i << " search_k " << search_k;
                ASSERT_EQ(total, scratch.leaves.total());
            }
        }
    }
}

TEST(Walk, MeetsEverythingWhenThereIsNoEnd) {
    const test::TempDir folder;
    const Matrix items = random_items(Metric::kHamming, 3000, 100);
    forest_of(Metric::kHamming, items, 3).save_annoy(folder.file("x.ann"));
    const auto forest = open_ann(folder.file("x.ann"), Metric::kHamming, 100, {});
    SearchScratch scratch;
    walk_trees(*forest, forest->items().vector(0), 1'000'000, scratch);
    EXPECT_EQ(scratch.leaves.total(), 9000U);
}

TEST(Walk, EndsWhateverTheNodesSay) {
    std::mt19937 random(8);
    for (int round = 0; round < 300; ++round) {
        const auto forest = test::damaged_forest(random, round % 2 == 0);
        const float query[3] = {1, 2, 3};
        Neighbors found;
        search_forest(*forest, query, Selection(), 10, 1'000'000, found);
        EXPECT_LE(found.size(), 10U);
        for (const Id id : found.ids) EXPECT_LT(id, static_cast<Id>(test::kDamagedItems));
    }
}

}  // namespace
}  // namespace kith::index
