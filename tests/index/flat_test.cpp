#include <kith/flat.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"
#include "support/brute_force.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::exact_distance;
using test::exact_order;
using test::random_integers;
using test::random_matrix;

class FlatIndexTest : public ::testing::TestWithParam<Metric> {
protected:
    const Metric metric_ = GetParam();
    test::TempDir folder_;
    std::string path_ = folder_.file("a.kith");
};

void expect_same(const Neighbors& a, const Neighbors& b) {
    EXPECT_EQ(a.ids, b.ids);
    EXPECT_EQ(a.distances, b.distances);
}

TEST_P(FlatIndexTest, GivesTheNeighboursThatDoublePrecisionGives) {
    for (const std::size_t dim : {1, 3, 25, 64, 65, 100}) {
        const Matrix rows = random_matrix(1500, dim, 1);
        const Matrix queries = random_matrix(5, dim, 2);
        const FlatIndex index(rows.view(), metric_);
        for (std::size_t q = 0; q < queries.rows(); ++q) {
            const auto expected = exact_order(metric_, rows.view(), queries.row(q));
            const Neighbors found = index.search(queries.row(q), {.k = 50});
            ASSERT_EQ(found.size(), 50u);
            for (std::size_t i = 0; i < found.size(); ++i) {
                // Rounding may swap what lies within it; the distances must agree all the same.
                const auto row = rows.row(static_cast<std::size_t>(found.ids[i]));
                EXPECT_NEAR(found.distances[i], expected[i].first, 2e-5 * static_cast<double>(dim));
                EXPECT_NEAR(found.distances[i], exact_distance(metric_, row, queries.row(q)),
                            2e-5 * static_cast<double>(dim));
            }
        }
    }
}

TEST_P(FlatIndexTest, EqualDistancesAreInTheOrderOfIds) {
    // Copies of a few rows, so that ties are exact in every metric.
    const Matrix few = random_integers(7, 5, 2, 3);
    Matrix rows(2000, 5);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        std::copy_n(few.row(i * 31 % 7).begin(), 5, rows.row(i).begin());
    }
    const FlatIndex index(rows.view(), metric_);
    const Neighbors found = index.search(few.row(2), {.k = 1999});
    for (std::size_t i = 1; i < found.size(); ++i) {
        if (found.distances[i] == found.distances[i - 1]) {
            EXPECT_LT(found.ids[i - 1], found.ids[i]);
        } else {
            EXPECT_EQ(found.distances[i] > found.distances[i - 1], !larger_is_nearer(metric_));
        }
    }
}

TEST_P(FlatIndexTest, ABatchIsBitwiseWhatSingleSearchesGiveWhateverTheThreads) {
    const Matrix rows = random_matrix(3000, 40, 5);
    const Matrix queries = random_matrix(37, 40, 6);
    const FlatIndex index(rows.view(), metric_);
    for (const std::size_t threads : {1, 2, 8}) {
        const NeighborTable table = index.search_batch(queries.view(), {.k = 13}, threads);
        for (std::size_t q = 0; q < queries.rows(); ++q) {
            const Neighbors one = index.search(queries.row(q), {.k = 13});
            const auto ids = table.row_ids(q);
            const auto distances = table.row_distances(q);
            EXPECT_EQ(std::vector<Id>(ids.begin(), ids.end()), one.ids);
            EXPECT_EQ(std::vector<float>(distances.begin(), distances.end()), one.distances);
        }
    }
}

TEST_P(FlatIndexTest, OwnedViewedAndMappedRowsAnswerAlike) {
    const Matrix rows = random_matrix(500, 33, 7);
    const FlatIndex owned(rows.view(), metric_);
    // The same rows in a wider table.
    Matrix wide(500, 40);
    for (std::size_t i = 0; i < 500; ++i) std::copy_n(rows.row(i).begin(), 33, wide.row(i).begin());
    const FlatIndex viewed = FlatIndex::view({wide.data(), 500, 33, 40}, metric_);
    const FlatIndex copied({wide.data(), 500, 33, 40}, metric_);
    viewed.save(path_);
    const std::string strided = test::read_bytes(path_);
    owned.save(path_);
    EXPECT_EQ(test::read_bytes(path_), strided);
    const FlatIndex mapped = FlatIndex::open(path_);
    const FlatIndex faulted = FlatIndex::open(path_, {.prefault = true});
    for (Id id = 0; id < 20; ++id) {
        const Neighbors expected = owned.search_item(id);
        for (const FlatIndex* const each : {&viewed, &copied, &mapped, &faulted}) {
            expect_same(each->search_item(id), expected);
            expect_same(each->search(rows.row(static_cast<std::size_t>(id))), expected);
            EXPECT_EQ(each->get_vector(id), owned.get_vector(id));
            EXPECT_EQ(each->distance(id, 77), owned.distance(id, 77));
        }
    }
}

TEST_P(FlatIndexTest, DistanceIsThePublicValueAndAgreesWithSearch) {
    const Matrix rows = random_matrix(200, 20, 8);
    const FlatIndex index(rows.view(), metric_);
    const Neighbors found = index.search_item(5, {.k = 200});
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(index.distance(5, found.ids[i]), found.distances[i]);
        EXPECT_NEAR(found.distances[i],
                    exact_distance(metric_, rows.row(5), rows.row(static_cast<std::size_t>(found.ids[i]))), 1e-3);
    }
}

TEST_P(FlatIndexTest, VectorsComeBackAsStored) {
    const Matrix rows = random_matrix(10, 70, 9);
    const FlatIndex index(rows.view(), metric_);
    for (std::size_t i = 0; i < 10; ++i) {
        const std::vector<float> vector = index.get_vector(static_cast<Id>(i));
        for (std::size_t j = 0; j < 70; ++j) {
            const float stored = rows.row(i)[j];
            EXPECT_EQ(vector[j], metric_ == Metric::kHamming ? (stored > 0.5F ? 1.0F : 0.0F) : stored);
        }
    }
}

TEST_P(FlatIndexTest, FewerComeBackWhenThereAreFewer) {
    const Matrix rows = random_matrix(3, 4, 10);
    const FlatIndex index(rows.view(), metric_);
    EXPECT_EQ(index.search(rows.row(0), {.k = 10}).size(), 3u);
    EXPECT_EQ(index.search(rows.row(0), {.k = std::numeric_limits<std::size_t>::max()}).size(), 3u);
    EXPECT_EQ(index.search(rows.row(0), {.k = 0}).size(), 0u);
    const FlatIndex empty(Matrix(0, 4).view(), metric_);
    EXPECT_EQ(empty.size(), 0u);
    EXPECT_TRUE(empty.search(rows.row(0)).empty());
    empty.save(path_);
    EXPECT_TRUE(FlatIndex::open(path_).search(rows.row(0)).empty());
}

TEST_P(FlatIndexTest, BadArgumentsAreRefused) {
    const Matrix rows = random_matrix(10, 4, 11);
    const FlatIndex index(rows.view(), metric_);
    Neighbors out;
    EXPECT_THROW((void)index.search(std::vector<float>(3)), InvalidArgument);
    EXPECT_THROW((void)index.search(std::vector<float>(5)), InvalidArgument);
    EXPECT_THROW((void)index.search(std::vector<float>{0, 0, 0, std::numeric_limits<float>::quiet_NaN()}),
                 InvalidArgument);
    EXPECT_THROW((void)index.search(std::vector<float>{0, 0, std::numeric_limits<float>::infinity(), 0}),
                 InvalidArgument);
    EXPECT_THROW((void)index.search(rows.row(0), {.search_k = -2}), InvalidArgument);
    EXPECT_THROW((void)index.search_item(10), OutOfRange);
    EXPECT_THROW((void)index.search_item(-1), OutOfRange);
    EXPECT_THROW((void)index.get_vector(10), OutOfRange);
    EXPECT_THROW((void)index.distance(0, 10), OutOfRange);
    EXPECT_THROW((void)index.distance(-1, 0), OutOfRange);
    std::vector<float> narrow(3);
    EXPECT_THROW(index.get_vector(0, narrow), InvalidArgument);
    EXPECT_TRUE(index.contains(9));
    EXPECT_FALSE(index.contains(10));
    EXPECT_FALSE(index.contains(-1));
}

TEST_P(FlatIndexTest, VectorsThatCannotBeSearchedAreRefused) {
    Matrix rows = random_matrix(10, 4, 12);
    rows.row(6)[3] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_THROW(FlatIndex(rows.view(), metric_), InvalidArgument);
    EXPECT_THROW((void)FlatIndex::view(rows.view(), metric_), InvalidArgument);
    EXPECT_THROW(FlatIndex(Matrix(3, 0).view(), metric_), InvalidArgument);
}

TEST_P(FlatIndexTest, ManyThreadsMaySearchAtOnce) {
    const Matrix rows = random_matrix(1000, 16, 13);
    const FlatIndex index(rows.view(), metric_);
    std::vector<Neighbors> expected;
    for (Id id = 0; id < 40; ++id) expected.push_back(index.search_item(id));
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            Neighbors out;
            for (Id id = 0; id < 40; ++id) {
                index.search(rows.row(static_cast<std::size_t>(id)), {}, out);
                expect_same(out, expected[static_cast<std::size_t>(id)]);
            }
        });
    }
}

TEST_P(FlatIndexTest, AMappedFileMayBeReplacedWhileItIsSearched) {
    const Matrix first = random_matrix(100, 8, 14);
    const Matrix second = random_matrix(50, 8, 15);
    FlatIndex(first.view(), metric_).save(path_);
    const FlatIndex old = FlatIndex::open(path_);
    const Neighbors before = old.search_item(99);
    FlatIndex(second.view(), metric_).save(path_);
    expect_same(old.search_item(99), before);
    EXPECT_EQ(FlatIndex::open(path_).size(), 50u);
    // A mapped index may also be saved over its own file.
    old.save(path_);
    expect_same(FlatIndex::open(path_).search_item(99), before);
}

TEST_P(FlatIndexTest, DamagedNumbersInAFileGiveAnswersNotCrashes) {
    const Matrix rows = random_matrix(100, 8, 16);
    FlatIndex(rows.view(), metric_).save(path_);
    std::string bytes = test::read_bytes(path_);
    const storage::SectionEntry entry = storage::FileReader(path_).sections()[0];
    for (std::size_t i = 0; i < entry.size; ++i)
        bytes[entry.offset + i] = static_cast<char>(i % 3 == 0 ? 0x7f : 0xff);
    test::write_bytes(path_, bytes);
    const FlatIndex index = FlatIndex::open(path_);
    EXPECT_EQ(index.search(rows.row(0), {.k = 100}).size(), 100u);
    EXPECT_EQ(index.search_item(3, {.k = 7}).size(), 7u);
}

INSTANTIATE_TEST_SUITE_P(Metrics, FlatIndexTest, ::testing::ValuesIn(all_metrics().begin(), all_metrics().end()),
                         [](const auto& metric) { return std::string(name(metric.param)); });

// All metrics but angular, whose quotients are not exact.
TEST(FlatIndexExact, WholeNumbersGiveTheOraclesIdsTiesIncluded) {
    const Matrix rows = random_integers(3000, 9, 1, 4);
    for (const Metric metric : {Metric::kEuclidean, Metric::kManhattan, Metric::kDot, Metric::kHamming}) {
        const FlatIndex index(rows.view(), metric);
        for (std::size_t q = 0; q < 20; ++q) {
            const auto expected = exact_order(metric, rows.view(), rows.row(q));
            const Neighbors found = index.search_item(static_cast<Id>(q), {.k = 100});
            for (std::size_t i = 0; i < 100; ++i) {
                ASSERT_EQ(found.ids[i], expected[i].second) << name(metric) << ", place " << i;
                EXPECT_EQ(found.distances[i], static_cast<float>(expected[i].first));
            }
        }
    }
}

TEST(FlatIndexFiles, AViewKeepsItsOwnerAlive) {
    auto rows = std::make_shared<Matrix>(random_matrix(10, 4, 17));
    const std::weak_ptr<Matrix> watch = rows;
    {
        const FlatIndex index = FlatIndex::view(std::as_const(*rows).view(), Metric::kDot, rows);
        rows.reset();
        EXPECT_FALSE(watch.expired());
        EXPECT_EQ(index.search_item(3, {.k = 1}).size(), 1u);
    }
    EXPECT_TRUE(watch.expired());
}

TEST(FlatIndexFiles, AZeroVectorIsAtRootTwoFromEverything) {
    Matrix rows(3, 2);
    rows.row(1)[0] = 1;
    const FlatIndex index(rows.view(), Metric::kAngular);
    const Neighbors found = index.search_item(0, {.k = 3});
    EXPECT_EQ(found.ids, (std::vector<Id>{0, 1, 2}));
    for (const float distance : found.distances) EXPECT_FLOAT_EQ(distance, std::sqrt(2.0F));
}

TEST(FlatIndexFiles, VectorsThatTheFileHasAlreadyAreNotWrittenTwice) {
    const test::TempDir folder;
    const Matrix rows = random_matrix(10, 4, 18);
    const FlatIndex index(rows.view(), Metric::kDot);
    storage::FileWriter writer(folder.file("a.kith"), {1, Metric::kDot, Scalar::kFloat32, 4, 10});
    writer.add(storage::SectionKind::kVectors, std::span<const float>(rows.data(), 40));
    index.write_sections(writer);
    writer.commit();
    EXPECT_EQ(FlatIndex::open(folder.file("a.kith")).get_vector(9), index.get_vector(9));
}

TEST(FlatIndexFiles, FilesThatItCannotSearchAreTypedErrors) {
    const test::TempDir folder;
    const std::string path = folder.file("a.kith");
    const auto write = [&](const storage::FileDescription& description, std::size_t bytes) {
        storage::FileWriter writer(path, description);
        writer.add(storage::SectionKind::kVectors, std::span<const std::byte>(std::vector<std::byte>(bytes)));
        writer.commit();
    };
    write({1, Metric::kDot, Scalar::kBits, 4, 10}, 80);
    EXPECT_THROW((void)FlatIndex::open(path), Unsupported);
    write({1, Metric::kHamming, Scalar::kFloat32, 4, 10}, 160);
    EXPECT_THROW((void)FlatIndex::open(path), Unsupported);
    write({1, Metric::kDot, Scalar::kFloat32, 0, 1000}, 0);
    EXPECT_THROW((void)FlatIndex::open(path), CorruptFile);
    storage::FileWriter(path, {1, Metric::kDot, Scalar::kFloat32, 4, 10}).commit();
    EXPECT_THROW((void)FlatIndex::open(path), CorruptFile);
    EXPECT_THROW((void)FlatIndex::open(folder.file("none")), IoError);
}

// Enough rows and searches that codes are made and used; the first searches were without.
TEST_P(FlatIndexTest, CodesChangeNoBitOfAnAnswer) {
    for (const std::size_t dim : {8, 50, 130}) {
        const Matrix rows = random_matrix(9000, dim, 21);
        const Matrix queries = random_matrix(40, dim, 22);
        const FlatIndex index(rows.view(), metric_);
        for (const std::size_t k : {1, 10, 3000}) {
            std::vector<Neighbors> plain;
            for (std::size_t q = 0; q < 5; ++q) {
                const FlatIndex fresh = FlatIndex::view(rows.view(), metric_);
                plain.push_back(fresh.search(queries.row(q), {.k = k}));
            }
            const NeighborTable batch = index.search_batch(queries.view(), {.k = k}, 2);
            for (std::size_t q = 0; q < 5; ++q) {
                expect_same(index.search(queries.row(q), {.k = k}), plain[q]);
                EXPECT_TRUE(std::ranges::equal(batch.row_ids(q), plain[q].ids));
                EXPECT_TRUE(std::ranges::equal(batch.row_distances(q), plain[q].distances));
                const float radius = plain[q].distances.back();
                const FlatIndex fresh = FlatIndex::view(rows.view(), metric_);
                expect_same(index.range_search(queries.row(q), radius), fresh.range_search(queries.row(q), radius));
                const IdFilter filter = IdFilter::where([](Id id) { return id % 3 != 0; });
                const SearchOptions some = {.k = k, .filter = &filter, .exclude = 7};
                expect_same(index.search(queries.row(q), some), fresh.search(queries.row(q), some));
            }
        }
    }
}

TEST_P(FlatIndexTest, AFileHoldsTheCodes) {
    const Matrix rows = random_matrix(5000, 20, 23);
    const Matrix queries = random_matrix(3, 20, 24);
    const FlatIndex index(rows.view(), metric_);
    index.save(path_);
    const bool bounded = metric_ != Metric::kManhattan && metric_ != Metric::kHamming;
    EXPECT_EQ(storage::FileReader(path_).has(storage::SectionKind::kNibbleRows), bounded);
    const FlatIndex opened = FlatIndex::open(path_);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        expect_same(opened.search(queries.row(q), {.k = 20}),
                    FlatIndex::view(rows.view(), metric_).search(queries.row(q), {.k = 20}));
    }
    const std::string again = folder_.file("b.kith");
    opened.save(again);
    EXPECT_EQ(test::read_bytes(again), test::read_bytes(path_));
}

}  // namespace
}  // namespace kith
