#include "index/row_store.hpp"

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
