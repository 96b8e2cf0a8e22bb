#include "index/row_store.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "support/temp_dir.hpp"

namespace kith::index {
namespace {

const std::vector<float> kValues = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

TEST(RowStore, ACopyAndAViewWithAStrideGiveTheSameRows) {
    const RowStore copy = RowStore::copy_of({kValues.data(), 3, 2, 4}, Metric::kEuclidean);
    const RowStore view = RowStore::view_of({kValues.data(), 3, 2, 4}, Metric::kEuclidean, nullptr);
    for (std::size_t i = 0; i < 3; ++i) {
        std::vector<float> a(2), b(2);
        copy.get(i, a);
        view.get(i, b);
        EXPECT_EQ(a, b);
        EXPECT_EQ(a[0], static_cast<float>(4 * i));
    }
    EXPECT_EQ(view.distance(0, 1), copy.distance(0, 1));
    EXPECT_FLOAT_EQ(copy.distance(0, 1), std::sqrt(32.0F));
}

TEST(RowStore, HammingRowsAreBitsOfElementsAboveOneHalf) {
    const std::vector<float> values = {0.5F, 0.6F, 1, 1, 1, 1};
    const RowStore rows = RowStore::copy_of({values.data(), 2, 3}, Metric::kHamming);
    std::vector<float> row(3);
    rows.get(0, row);
    EXPECT_EQ(row, (std::vector<float>{0, 1, 1}));
    EXPECT_EQ(rows.distance(0, 1), 1.0F);
    EXPECT_EQ(rows.length(), 1u);
}

TEST(RowStore, RefusesWhatIsNotFinite) {
    std::vector<float> values = kValues;
    values[5] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_THROW((void)RowStore::copy_of({values.data(), 3, 4}, Metric::kAngular), InvalidArgument);
    EXPECT_THROW((void)RowStore::view_of({values.data(), 3, 4}, Metric::kAngular, nullptr), InvalidArgument);
}

TEST(RowStore, WholeNumbersAreNarrowedToBytesAndStayWhatTheyWere) {
    std::vector<float> values(600 * 7);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 256);
    const MatrixView<const float> view(values.data(), 600, 7);
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
        const RowStore floats = RowStore::copy_of(view, metric);
        const RowStore bytes = RowStore::narrowed(RowStore::copy_of(view, metric), 2);
        ASSERT_EQ(bytes.scalar(), Scalar::kUint8);
        EXPECT_EQ(bytes.stride(), 7u);
        std::vector<float> row(7);
        for (std::size_t i = 0; i < 600; ++i) {
            bytes.get(i, row);
            ASSERT_TRUE(std::ranges::equal(row, view.row(i)));
            ASSERT_EQ(bytes.distance(i, 599 - i), floats.distance(i, 599 - i));
        }
    }
}

TEST(RowStore, WhatAByteDoesNotHoldExactlyIsNotNarrowed) {
    for (const float odd : {-0.0F, 0.5F, 256.0F, -1.0F, 1e30F, 255.00002F}) {
        for (const std::size_t place : {std::size_t{0}, std::size_t{6}, std::size_t{4199}}) {
            std::vector<float> values(600 * 7, 3);
            values[place] = odd;
            const RowStore rows =
                RowStore::narrowed(RowStore::copy_of({values.data(), 600, 7}, Metric::kEuclidean), 2);
            EXPECT_EQ(rows.scalar(), Scalar::kFloat32) << odd << " at " << place;
        }
    }
    const RowStore bits = RowStore::narrowed(RowStore::copy_of({kValues.data(), 3, 4}, Metric::kHamming), 1);
    EXPECT_EQ(bits.scalar(), Scalar::kBits);
}

TEST(RowStore, NarrowedRowsAreWrittenAsTheFileHoldsThem) {
    const test::TempDir folder;
    const RowStore rows = RowStore::narrowed(RowStore::copy_of({kValues.data(), 3, 4}, Metric::kEuclidean), 1);
    for (const Scalar scalar : {Scalar::kUint8, Scalar::kFloat32}) {
        storage::FileWriter writer(folder.file("a.kith"), {1, rows.metric(), scalar, rows.dim(), rows.count()});
        rows.write(writer);
        writer.commit();
        const RowStore opened = RowStore::open(storage::FileReader(folder.file("a.kith")));
        EXPECT_EQ(opened.scalar(), scalar);
        EXPECT_EQ(opened.distance(0, 2), rows.distance(0, 2));
    }
}

TEST(RowStore, WhatIsWrittenIsWhatIsOpened) {
    const test::TempDir folder;
    const RowStore rows = RowStore::view_of({kValues.data(), 3, 2, 4}, Metric::kManhattan, nullptr);
    storage::FileWriter writer(folder.file("a.kith"), {1, rows.metric(), rows.scalar(), rows.dim(), rows.count()});
    rows.write(writer);
    rows.write(writer);
    writer.commit();
    const RowStore opened = RowStore::open(storage::FileReader(folder.file("a.kith")));
    ASSERT_EQ(opened.count(), 3u);
    EXPECT_EQ(opened.distance(0, 2), rows.distance(0, 2));
}

}  // namespace
}  // namespace kith::index
