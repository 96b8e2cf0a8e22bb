#include <kith/index.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include <kith/error.hpp>

namespace kith {
namespace {

// Item i is the number i; the neighbours of x are the items from x upwards.
class Numbers final : public Index {
public:
    Numbers() = default;
    // Says that it is smaller than it is by the time it is searched.
    explicit Numbers(std::size_t size) : size_(size) {}

    [[nodiscard]] IndexKind kind() const noexcept override { return IndexKind::kGraph; }
    [[nodiscard]] Metric metric() const noexcept override { return Metric::kEuclidean; }
    [[nodiscard]] std::size_t dim() const noexcept override { return 1; }
    [[nodiscard]] std::size_t size() const noexcept override { return size_; }
    [[nodiscard]] bool contains(Id id) const noexcept override { return id >= 0 && id < 10; }
    void search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const override {
        out.clear();
        for (auto id = static_cast<Id>(query[0]); id < 10 && out.size() < options.k; ++id) {
            out.ids.push_back(id);
            out.distances.push_back(static_cast<float>(id) - query[0]);
        }
    }
    void search_item(Id id, const SearchOptions& options, Neighbors& out) const override {
        const auto query = static_cast<float>(id);
        search({&query, 1}, options, out);
    }
    void get_vector(Id id, std::span<float> out) const override { out[0] = static_cast<float>(id); }
    [[nodiscard]] float distance(Id a, Id b) const override { return static_cast<float>(std::abs(a - b)); }
    void save(const std::string& /*path*/) const override {}
    void write_sections(storage::FileWriter& /*writer*/) const override {}

    using Index::get_vector;
    using Index::search;
    using Index::search_item;

private:
    std::size_t size_ = 10;
};

TEST(IndexBase, ShortFormsReturnWhatTheLongOnesWrite) {
    const Numbers index;
    const float query = 4;
    EXPECT_EQ(index.search({&query, 1}, {.k = 2}).ids, (std::vector<Id>{4, 5}));
    EXPECT_EQ(index.search_item(7, {.k = 2}).ids, (std::vector<Id>{7, 8}));
    EXPECT_EQ(index.get_vector(3), std::vector<float>{3});
}

TEST(IndexBase, ABatchGivesTheRowsOfSingleSearchesWhateverTheThreads) {
    const Numbers index;
    std::vector<float> queries(100);
    for (std::size_t i = 0; i < queries.size(); ++i) queries[i] = static_cast<float>(i % 10);
    for (const std::size_t threads : {0, 1, 2, 7, 200}) {
        const NeighborTable table = index.search_batch({queries.data(), 100, 1}, {.k = 4}, threads);
        ASSERT_EQ(table.rows, 100u);
        ASSERT_EQ(table.k, 4u);
        for (std::size_t i = 0; i < 100; ++i) {
            const Neighbors one = index.search({&queries[i], 1}, {.k = 4});
            const auto ids = table.row_ids(i);
            const auto distances = table.row_distances(i);
            EXPECT_EQ(std::vector<Id>(ids.begin(), ids.end()), one.ids);
            EXPECT_EQ(std::vector<float>(distances.begin(), distances.end()), one.distances);
        }
    }
}

TEST(IndexBase, ShortRowsOfABatchArePadded) {
    const float queries[] = {8, 0};
    const NeighborTable table = Numbers().search_batch({queries, 2, 1}, {.k = 3}, 1);
    EXPECT_EQ(table.counts, (std::vector<std::size_t>{2, 3}));
    EXPECT_EQ(table.ids, (std::vector<Id>{8, 9, kNoId, 0, 1, 2}));
    EXPECT_TRUE(std::isnan(table.distances[2]));
}

TEST(IndexBase, ABatchIsNoWiderThanTheIndex) {
    const float query = 0;
    const NeighborTable table = Numbers().search_batch({&query, 1, 1}, {.k = 1'000'000'000}, 1);
    EXPECT_EQ(table.k, 10u);
    EXPECT_EQ(table.counts[0], 10u);
}

TEST(IndexBase, ABatchIsNoWiderThanTheIndexWasThoughItGrowsMeanwhile) {
    const float queries[] = {0, 8, 1};
    const NeighborTable table = Numbers(3).search_batch({queries, 3, 1}, {.k = 5});
    EXPECT_EQ(table.k, 3u);
    EXPECT_EQ(table.counts, (std::vector<std::size_t>{3, 2, 3}));
    EXPECT_EQ(table.ids, (std::vector<Id>{0, 1, 2, 8, 9, kNoId, 1, 2, 3}));
}

TEST(IndexBase, ABatchMayBeEmptyOrWantNothing) {
    const float query = 0;
    EXPECT_EQ(Numbers().search_batch({nullptr, 0, 1}).rows, 0u);
    EXPECT_EQ(Numbers().search_batch({&query, 1, 1}, {.k = 0}).ids.size(), 0u);
}

TEST(IndexBase, ABatchIsCheckedBeforeAnythingIsSearched) {
    const float queries[] = {1, std::numeric_limits<float>::quiet_NaN()};
    try {
        (void)Numbers().search_batch({queries, 2, 1});
        FAIL() << "expected InvalidArgument";
    } catch (const InvalidArgument& error) {
        EXPECT_STREQ(error.what(), "queries[1, 0] is nan; every element must be finite");
    }
    EXPECT_THROW((void)Numbers().search_batch({queries, 1, 2}), InvalidArgument);
    EXPECT_THROW((void)Numbers().search_batch({queries, 1, 1}, {.search_k = -5}), InvalidArgument);
}

TEST(IndexBase, EveryKindHasAName) {
    EXPECT_EQ(name(IndexKind::kNone), "none");
    EXPECT_EQ(name(IndexKind::kFlat), "flat");
    EXPECT_EQ(name(IndexKind::kForest), "forest");
    EXPECT_EQ(name(IndexKind::kGraph), "graph");
    EXPECT_EQ(name(static_cast<IndexKind>(200)), "unknown");
}

}  // namespace
}  // namespace kith
