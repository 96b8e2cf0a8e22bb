#include <kith/dynamic.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/flat.hpp>

#include "index/dynamic/model.hpp"
#include "index/narrow_rows.hpp"
#include "index/recall.hpp"
#include "support/brute_force.hpp"
#include "support/data.hpp"
#include "support/idx_images.hpp"

namespace kith {
namespace {

constexpr std::size_t kDynamicDim = 8;

// So much that nothing is missed.
constexpr SearchOptions kAllOut = {.k = 10, .ef = 2000, .rerank = 2000};

std::vector<Id> range(Id first, Id last) {
    std::vector<Id> ids(static_cast<std::size_t>(last - first));
    std::iota(ids.begin(), ids.end(), first);
    return ids;
}

class Walk {
public:
    explicit Walk(Metric metric)
        : model_{metric, {}},
          index_(kDynamicDim, {.graph = {.metric = metric, .degree = 8, .calibration_queries = 0}, .buffer = 24}) {}

    void step() {
        const unsigned what = random_() % 10;
        if (what < 5) {
            add(1 + random_() % 40);
        } else if (what < 9) {
            remove(random_() % (model_.items.size() + 1) / 4);
        } else {
            index_.compact();
            EXPECT_LE(index_.n_graphs(), 1u);
            EXPECT_EQ(index_.buffered(), 0u);
        }
        check();
    }

private:
    void add(std::size_t count) {
        const Matrix rows = test::random_matrix(count, kDynamicDim, static_cast<unsigned>(random_()));
        std::vector<Id> ids;
        while (ids.size() < count) {
            const Id id = static_cast<Id>(random_() % 600);
            if (model_.items.contains(id) || std::ranges::count(ids, id) > 0) continue;
            ids.push_back(id);
        }
        index_.add(rows.view(), ids);
        for (std::size_t i = 0; i < count; ++i) model_.items[ids[i]] = {rows.row(i).begin(), rows.row(i).end()};
    }

    void remove(std::size_t count) {
        std::vector<Id> ids;
        for (const auto& [id, vector] : model_.items) ids.push_back(id);
        std::ranges::shuffle(ids, random_);
        ids.resize(count);
        index_.remove(ids);
        for (const Id id : ids) model_.items.erase(id);
    }

    void expect(const Neighbors& found, const std::vector<std::pair<double, Id>>& wanted) {
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            EXPECT_EQ(found.ids[i], wanted[i].second);
            EXPECT_NEAR(found.distances[i], wanted[i].first, 1e-4);
        }
    }

    void check() {
        ASSERT_EQ(index_.count(), model_.items.size());
        const Matrix query = test::random_matrix(1, kDynamicDim, static_cast<unsigned>(random_()));
        expect(index_.search(query.row(0), kAllOut), model_.nearest(query.row(0), 10, [](Id) { return true; }));
        const IdFilter even = IdFilter::where([](Id id) { return id % 2 == 0; });
        SearchOptions options = kAllOut;
        options.filter = &even;
        options.exclude = 4;
        expect(index_.search(query.row(0), options),
               model_.nearest(query.row(0), 10, [](Id id) { return id % 2 == 0 && id != 4; }));
        for (Id id = 0; id < 600; ++id) ASSERT_EQ(index_.contains(id), model_.items.contains(id)) << id;
        if (model_.items.empty()) return;
        const auto& [id, vector] = *model_.items.begin();
        EXPECT_EQ(index_.get_vector(id), vector);
        options = kAllOut;
        options.exclude_self = true;
        expect(index_.search_item(id, options),
               model_.nearest(vector, 10, [&, id = id](Id each) { return each != id; }));
    }

    std::mt19937 random_{7};
    test::Model model_;
    DynamicIndex index_;
};

TEST(DynamicIndex, AnswersAsAModelWhateverComesAndGoes) {
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
        Walk walk(metric);
        for (int i = 0; i < 60 && !::testing::Test::HasFailure(); ++i) walk.step();
    }
}

TEST(DynamicIndex, IdsFollowOnFromTheLargest) {
    DynamicIndex index(kDynamicDim, {.buffer = 16});
    EXPECT_EQ(index.add(test::random_matrix(3, kDynamicDim, 1).view()), 0);
    index.add(test::random_matrix(1, kDynamicDim, 2).view(), std::vector<Id>{1'000'000'000'000});
    index.remove(std::vector<Id>{1'000'000'000'000});
    EXPECT_EQ(index.add(test::random_matrix(100, kDynamicDim, 3).view()), 1'000'000'000'001);
    EXPECT_EQ(index.count(), 103u);
    EXPECT_EQ(index.size(), 1'000'000'000'101u);
    EXPECT_EQ(index.n_graphs(), 1u);
}

TEST(DynamicIndex, IdsDoNotRunBeyondTheirEnd) {
    constexpr Id kLast = std::numeric_limits<Id>::max() - 1;
    const Matrix rows = test::random_matrix(2, kDynamicDim, 1);
    DynamicIndex index(kDynamicDim);
    index.add(rows.view().slice(0, 1), std::vector<Id>{kLast - 1});
    EXPECT_THROW(index.add(rows.view()), InvalidArgument);
    EXPECT_EQ(index.add(rows.view().slice(0, 1)), kLast);
    EXPECT_THROW(index.add(rows.view().slice(0, 1)), InvalidArgument);
    index.add(rows.view().slice(1, 1), std::vector<Id>{5});
    EXPECT_EQ(index.search(rows.row(1), {.k = 1}).ids, std::vector<Id>{5});
    EXPECT_EQ(index.count(), 3u);
}

TEST(DynamicIndex, TablesBeyondAllMemoryAreRefused) {
    const Matrix rows = test::random_matrix(8, kDynamicDim, 1);
    DynamicIndex index(kDynamicDim);
    index.add(rows.view().slice(0, 2), std::vector<Id>{0, (Id{1} << 61) - 1});
    EXPECT_THROW((void)index.search_batch(rows.view(), {.k = kAll}), InvalidArgument);
    EXPECT_THROW((void)index.search_items(std::vector<Id>{0}, {.k = kAll}), InvalidArgument);
    EXPECT_EQ(index.search_batch(rows.view(), {.k = 3}).counts, std::vector<std::size_t>(8, 2));
}

TEST(DynamicIndex, WhatIsRefusedChangesNothing) {
    const Matrix rows = test::random_matrix(40, kDynamicDim, 1);
    DynamicIndex index(kDynamicDim, {.buffer = 16});
    index.add(rows.view());
    const auto two = rows.view().slice(0, 2);
    EXPECT_THROW(index.add(two, std::vector<Id>{100, 39}), InvalidArgument) << "there already";
    EXPECT_THROW(index.add(two, std::vector<Id>{100, 100}), InvalidArgument);
    EXPECT_THROW(index.add(two, std::vector<Id>{100, -1}), InvalidArgument);
    EXPECT_THROW(index.add(two, std::vector<Id>{100}), InvalidArgument);
    EXPECT_THROW(index.add(test::random_matrix(1, kDynamicDim + 1, 1).view()), InvalidArgument);
    EXPECT_THROW(index.remove(std::vector<Id>{3, 40}), OutOfRange);
    EXPECT_THROW(index.remove(std::vector<Id>{3, 3}), InvalidArgument);
    EXPECT_THROW(index.add(rows.view(), [](const Progress&) { return false; }), Cancelled);
    EXPECT_THROW((void)index.get_vector(40), OutOfRange);
    EXPECT_THROW((void)index.search_item(40), OutOfRange);
    EXPECT_THROW((void)index.search(std::vector<float>(kDynamicDim), {.recall = 2}), InvalidArgument);
    EXPECT_THROW(DynamicIndex(0), InvalidArgument);
    EXPECT_THROW(DynamicIndex(kDynamicDim, {.buffer = (1 << 20) + 1}), InvalidArgument);
    EXPECT_EQ(index.count(), 40u);
    EXPECT_EQ(index.size(), 40u);
    for (Id id = 0; id < 40; ++id) EXPECT_TRUE(index.contains(id));
}

TEST(DynamicIndex, RangesHoldWhatIsNearWhereverItIs) {
    const Matrix rows = test::random_matrix(300, kDynamicDim, 1);
    DynamicIndex index(kDynamicDim, {.graph = {.metric = Metric::kEuclidean}, .buffer = 64});
    index.add(rows.view().slice(0, 250));
    index.add(rows.view().slice(250, 50));
    EXPECT_EQ(index.buffered(), 50u);
    index.remove(range(10, 30));
    const Neighbors near = index.range_search(rows.row(0), 3.0F, {.k = kAll, .ef = 300, .rerank = 300});
    test::Model model{Metric::kEuclidean, {}};
    for (Id id = 0; id < 300; ++id) {
        const auto row = rows.row(static_cast<std::size_t>(id));
        if (id < 10 || id >= 30) model.items[id] = {row.begin(), row.end()};
    }
    std::vector<Id> wanted;
    for (const auto& [distance, id] : model.nearest(rows.row(0), 300, [](Id) { return true; })) {
        if (distance <= 3.0) wanted.push_back(id);
    }
    EXPECT_EQ(near.ids, wanted);
    EXPECT_NEAR(index.distance(0, 299), test::exact_distance(Metric::kEuclidean, rows.row(0), rows.row(299)), 1e-4);
}

TEST(DynamicIndex, ABuiltGraphGrowsWithoutBeingCopied) {
    const Matrix rows = test::random_matrix(500, kDynamicDim, 1);
    const auto graph =
        GraphIndex::build(rows.view().slice(0, 450), {.metric = Metric::kEuclidean, .calibration_queries = 0});
    DynamicIndex index = DynamicIndex::grow(graph);
    EXPECT_EQ(index.add(rows.view().slice(450, 50)), 450);
    for (std::size_t i = 0; i < 500; i += 7) {
        EXPECT_EQ(index.search(rows.row(i), kAllOut).ids.front(), static_cast<Id>(i));
    }
}

TEST(DynamicIndex, AGraphOfNarrowRowsGrowsByOthersAndIsSavedWithThem) {
    const test::TempDir folder;
    for (const Scalar scalar : test::kNarrowScalars) {
        const Matrix rows = test::narrow_rows(scalar, 500, kDynamicDim, 1);
        const auto graph = GraphIndex::build(rows.view(), {.metric = Metric::kEuclidean, .calibration_queries = 0});
        DynamicIndex index = DynamicIndex::grow(graph);
        const std::vector<float> between(kDynamicDim, 127.1F);
        EXPECT_EQ(index.add({between.data(), 1, kDynamicDim}), 500);
        index.save(folder.file("grown.kith"));
        const DynamicIndex opened = DynamicIndex::open(folder.file("grown.kith"));
        EXPECT_EQ(opened.get_vector(500), between);
        for (std::size_t i = 0; i < 500; i += 7) {
            EXPECT_TRUE(std::ranges::equal(opened.get_vector(static_cast<Id>(i)), rows.row(i)));
            EXPECT_EQ(opened.search(rows.row(i), kAllOut).ids.front(), static_cast<Id>(i));
        }
    }
}

TEST(DynamicIndex, ACompressedGraphGrowsAndItsRoundedVectorsAreSavedAsFloats) {
    const test::TempDir folder;
    const Matrix rows = test::random_matrix(500, kDynamicDim, 1);
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean}) {
        const auto graph = GraphIndex::build(rows.view().slice(0, 450),
                                             {.metric = metric, .compress = true, .calibration_queries = 0});
        DynamicIndex index = DynamicIndex::grow(graph);
        EXPECT_EQ(index.add(rows.view().slice(450, 50)), 450);
        index.save(folder.file("grown.kith"));
        const DynamicIndex opened = DynamicIndex::open(folder.file("grown.kith"));
        DynamicIndex merged = DynamicIndex::open(folder.file("grown.kith"));
        merged.compact();
        for (std::size_t i = 0; i < 500; i += 7) {
            const auto id = static_cast<Id>(i);
            for (const DynamicIndex* each : {&std::as_const(index), &opened, &std::as_const(merged)}) {
                EXPECT_EQ(each->search(rows.row(i), kAllOut).ids.front(), id);
                EXPECT_EQ(each->get_vector(id), index.get_vector(id));
            }
            if (i < 450) {
                EXPECT_EQ(index.get_vector(id), graph.get_vector(id));
            }
        }
    }
}

TEST(DynamicIndex, AnyNumberOfThreadsGivesTheSameAnswers) {
    const Matrix rows = test::random_matrix(1200, kDynamicDim, 1);
    std::vector<NeighborTable> answers;
    for (const std::size_t threads : {1, 3}) {
        DynamicIndex index(kDynamicDim, {.graph = {.threads = threads}, .buffer = 128});
        for (std::size_t first = 0; first < 1200; first += 100) index.add(rows.view().slice(first, 100));
        index.remove(range(0, 333));
        answers.push_back(index.search_batch(rows.view(), {.k = 5, .ef = 10}));
    }
    EXPECT_EQ(answers[0].ids, answers[1].ids);
}

TEST(DynamicIndex, ReplacingHalfOfTheImagesKeepsTheRecall) {
    KITH_NEED_DATA(path, "t10k-images-idx3-ubyte.gz");
    const Matrix images = test::read_images(path, 0, 9000);
    const Matrix queries = test::read_images(path, 9000, 300);
    const auto half = images.view().slice(3000, 6000);
    DynamicIndex index(784, {.graph = {.metric = Metric::kEuclidean}});
    index.add(images.view().slice(0, 6000));
    for (Id first = 0; first < 3000; first += 500) {
        index.remove(range(first, first + 500));
        index.add(images.view().slice(static_cast<std::size_t>(6000 + first), 500));
    }
    EXPECT_EQ(index.count(), 6000u);
    const FlatIndex exact = FlatIndex::view(half, Metric::kEuclidean);
    const auto fresh = GraphIndex::build(half, {.metric = Metric::kEuclidean});
    const double expected = test::recall(fresh, exact, queries.view(), {.k = 10, .recall = 0.95});
    EXPECT_GT(test::recall(index, exact, queries.view(), {.k = 10, .recall = 0.95}, 3000), expected - 0.01);
    index.compact();
    EXPECT_GT(test::recall(index, exact, queries.view(), {.k = 10, .recall = 0.95}, 3000), expected - 0.01);
}

}  // namespace
}  // namespace kith
