#include "index/selection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <kith/coded_forest.hpp>
#include <kith/error.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/vector_formats.hpp>

#include "support/brute_force.hpp"
#include "support/data.hpp"

namespace kith::index {
namespace {

constexpr Id kSize = 2000;

std::vector<std::uint32_t> listed(const Selection& selection) {
    std::vector<std::uint32_t> ids;
    selection.append_to(ids);
    return ids;
}

TEST(Selection, WithoutAFilterEverythingIsAllowed) {
    const Selection selection({}, kSize, 5);
    EXPECT_TRUE(selection.everything());
    EXPECT_FALSE(selection.filtered());
    EXPECT_EQ(selection.count(), 2000u);
    EXPECT_DOUBLE_EQ(selection.share(), 1.0);
    EXPECT_EQ(listed(selection).size(), 2000u);
}

TEST(Selection, LeavesOutTheIdExcludedAndTheItemItself) {
    const Selection selection({.exclude = 7, .exclude_self = true}, kSize, 5);
    EXPECT_FALSE(selection.everything());
    EXPECT_FALSE(selection.filtered());
    EXPECT_FALSE(selection.allows(5));
    EXPECT_FALSE(selection.allows(7));
    EXPECT_TRUE(selection.allows(6));
    EXPECT_EQ(listed(selection).size(), 1998u);
    EXPECT_TRUE(Selection({.exclude_self = true}, kSize).everything()) << "there is no self";
}

TEST(Selection, ABitmapAndAConditionListTheSame) {
    const auto odd = [](Id id) { return id % 2 == 1; };
    std::vector<std::uint8_t> mask(kSize);
    for (Id id = 0; id < kSize; ++id) mask[static_cast<std::size_t>(id)] = odd(id) ? 1 : 0;
    const IdFilter bitmap = IdFilter::mask(mask);
    const IdFilter condition = IdFilter::where(odd);
    const Selection by_bitmap({.filter = &bitmap, .exclude = 3}, kSize);
    const Selection by_condition({.filter = &condition, .exclude = 3}, kSize);
    EXPECT_EQ(listed(by_bitmap), listed(by_condition));
    EXPECT_EQ(listed(by_bitmap).size(), 999u);
    EXPECT_EQ(by_bitmap.count(), 1000u);
    EXPECT_NEAR(static_cast<double>(by_condition.count()), 1000, 150) << "estimated";
}

TEST(Selection, AFilterForAnotherNumberOfItemsIsRefused) {
    const IdFilter filter = IdFilter::allow(std::vector<Id>{1}, 10);
    EXPECT_THROW(Selection({.filter = &filter}, 11), InvalidArgument);
    const FlatIndex index(test::random_matrix(11, 4, 1).view(), Metric::kEuclidean);
    EXPECT_THROW((void)index.search(std::vector<float>(4), {.filter = &filter}), InvalidArgument);
}

// What is left of a filter's shares of the ids, each index's answers and the truth.
class FilteredSearch : public ::testing::Test {
protected:
    static constexpr std::size_t kQueries = 20;
    static constexpr std::size_t kNeighbors = 10;

    void use(Matrix rows, Metric metric) {
        queries_ = Matrix(kQueries, rows.cols());
        for (std::size_t q = 0; q < kQueries; ++q) {
            std::ranges::copy(rows.row(rows.rows() - kQueries + q), queries_.row(q).begin());
        }
        rows_ = Matrix(rows.rows() - kQueries, rows.cols());
        std::copy_n(rows.data(), rows_.rows() * rows_.cols(), rows_.data());
        metric_ = metric;
        std::mt19937 random(5);
        std::uniform_real_distribution<double> uniform;
        luck_.resize(rows_.rows());
        for (double& each : luck_) each = uniform(random);
    }

    [[nodiscard]] bool lucky(Id id, double share) const { return luck_[static_cast<std::size_t>(id)] < share; }

    [[nodiscard]] IdFilter bitmap(double share) const {
        std::vector<Id> ids;
        for (Id id = 0; id < static_cast<Id>(rows_.rows()); ++id) {
            if (lucky(id, share)) ids.push_back(id);
        }
        return IdFilter::allow(ids, rows_.rows());
    }

    [[nodiscard]] IdFilter condition(double share) const {
        return IdFilter::where([this, share](Id id) { return lucky(id, share); });
    }

    // The distance of the k-th true neighbour among the allowed, for each query; and how many there are.
    [[nodiscard]] std::vector<std::vector<double>> truth(const IdFilter& filter) const {
        std::vector<std::vector<double>> out(kQueries);
        for (std::size_t q = 0; q < kQueries; ++q) {
            std::vector<double>& near = out[q];
            for (std::size_t i = 0; i < rows_.rows(); ++i) {
                if (filter.allows(static_cast<Id>(i))) {
                    near.push_back(test::exact_distance(metric_, rows_.row(i), queries_.row(q)));
                }
            }
            const std::size_t k = std::min(kNeighbors, near.size());
            std::ranges::partial_sort(near, near.begin() + static_cast<std::ptrdiff_t>(k));
            near.resize(k);
        }
        return out;
    }

    // The share of the true neighbours that the index finds. Whatever it finds is allowed, in order and distinct.
    [[nodiscard]] double recall(const Index& index, const IdFilter& filter, SearchOptions options) const {
        const auto expected = truth(filter);
        options.k = kNeighbors;
        options.filter = &filter;
        double found = 0;
        double wanted = 0;
        for (std::size_t q = 0; q < kQueries; ++q) {
            const Neighbors near = index.search(queries_.row(q), options);
            EXPECT_LE(near.size(), expected[q].size());
            for (std::size_t i = 0; i < near.size(); ++i) {
                EXPECT_TRUE(filter.allows(near.ids[i])) << near.ids[i];
                EXPECT_EQ(std::ranges::count(near.ids, near.ids[i]), 1);
                if (i > 0) {
                    EXPECT_LE(near.distances[i - 1], near.distances[i]);
                }
                found += near.distances[i] <= expected[q].back() * (1 + 1e-5) + 1e-6 ? 1 : 0;
            }
            wanted += static_cast<double>(expected[q].size());
        }
        return wanted > 0 ? found / wanted : 1.0;
    }

    // Nowhere less than `least`, nor much less than without a filter.
    void expect_recall_holds(const Index& index, double least, const SearchOptions& options = {}) const {
        least = std::max(least, recall(index, bitmap(1.0), options) - 0.03);
        for (const double share : {1.0, 0.5, 0.1, 0.01, 0.001, 0.0}) {
            EXPECT_GE(recall(index, bitmap(share), options), least) << name(index.kind()) << ", bitmap " << share;
            EXPECT_GE(recall(index, condition(share), options), least)
                << name(index.kind()) << ", condition " << share;
        }
    }

    Matrix rows_;
    Matrix queries_;
    Metric metric_ = Metric::kAngular;
    std::vector<double> luck_;
};

TEST_F(FilteredSearch, RecallHoldsOnGlove) {
    KITH_NEED_DATA(path, "glove.6B.50d.txt.gz");
    use(read_matrix(path, {.limit = 20'000}), Metric::kAngular);
    expect_recall_holds(FlatIndex(rows_.view(), metric_), 1.0);
    ForestBuilder builder({.metric = metric_, .dim = rows_.cols()});
    builder.add(rows_.view(), 0);
    builder.build(20);
    const SearchOptions effort = {.search_k = 4000};
    expect_recall_holds(builder.forest(), 0.9, effort);
    const CodedForest coded = CodedForest::build(rows_.view(), {.metric = metric_});
    expect_recall_holds(coded, 0.9, {.recall = 0.95});
    expect_recall_holds(coded, 0.96, {.recall = 0.99});
}

TEST_F(FilteredSearch, RecallHoldsOnFashionMnist) {
    KITH_NEED_DATA(path, "t10k-images-idx3-ubyte.gz");
    use(read_matrix(path), Metric::kEuclidean);
    expect_recall_holds(FlatIndex(rows_.view(), metric_), 1.0);
    ForestBuilder builder({.metric = metric_, .dim = rows_.cols()});
    builder.add(rows_.view(), 0);
    builder.build(10);
    expect_recall_holds(builder.forest(), 0.9, {.search_k = 2000});
    expect_recall_holds(CodedForest::build(rows_.view(), {.metric = metric_}), 0.92, {.recall = 0.95});
}

TEST_F(FilteredSearch, EveryMetricFindsOnlyWhatIsAllowed) {
    for (const Metric metric : all_metrics()) {
        const Matrix rows = test::random_matrix(kSize, 16, 1);
        const auto query = test::random_matrix(1, 16, 2);
        ForestBuilder builder({.metric = metric, .dim = 16});
        builder.add(rows.view(), 0);
        builder.build(10);
        std::vector<std::unique_ptr<Index>> indexes;
        indexes.push_back(std::make_unique<FlatIndex>(rows.view(), metric));
        indexes.push_back(std::make_unique<Forest>(builder.forest()));
        indexes.push_back(std::make_unique<CodedForest>(CodedForest::build(rows.view(), {.metric = metric})));
        for (const auto& index : indexes) {
            for (const Id modulus : {1, 3, 40, 700}) {
                const IdFilter filter = IdFilter::where([=](Id id) { return id % modulus == 0; });
                const SearchOptions options = {.k = 5, .filter = &filter, .exclude = 0, .exclude_self = true};
                const Neighbors found = index->search_item(modulus, options);
                EXPECT_LE(found.size(), static_cast<std::size_t>(kSize / modulus));
                EXPECT_FALSE(found.empty()) << name(metric) << " " << name(index->kind()) << " " << modulus;
                for (const Id id : found.ids) {
                    EXPECT_TRUE(id % modulus == 0 && id != 0 && id != modulus) << id;
                }
            }
        }
    }
}

TEST_F(FilteredSearch, ABatchAndStoredItemsAreFilteredAlike) {
    use(test::random_matrix(3000, 12, 8), Metric::kEuclidean);
    const FlatIndex flat(rows_.view(), metric_);
    const CodedForest coded = CodedForest::build(rows_.view(), {.metric = metric_});
    for (const double share : {0.5, 0.02}) {
        const IdFilter filter = bitmap(share);
        for (const Index* index : {static_cast<const Index*>(&flat), static_cast<const Index*>(&coded)}) {
            const SearchOptions options = {.k = 4, .filter = &filter, .exclude_self = true};
            const NeighborTable batch = index->search_batch(queries_.view(), options, 2);
            for (std::size_t q = 0; q < batch.rows; ++q) {
                const Neighbors one = index->search(queries_.row(q), options);
                EXPECT_TRUE(std::ranges::equal(batch.row_ids(q), one.ids));
            }
            const std::vector<Id> items = {5, 17, 2000};
            const NeighborTable near = index->search_items(items, options, 2);
            for (std::size_t i = 0; i < items.size(); ++i) {
                EXPECT_TRUE(std::ranges::equal(near.row_ids(i), index->search_item(items[i], options).ids));
                EXPECT_EQ(std::ranges::count(near.row_ids(i), items[i]), 0);
            }
            EXPECT_THROW((void)index->search_items(std::vector<Id>{0, 9999}), OutOfRange);
        }
    }
}

}  // namespace
}  // namespace kith::index
