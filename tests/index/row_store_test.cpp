#include "index/row_store.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
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

struct Narrow {
    Scalar scalar;
    float low;
    float step;
};

// 256 numbers each, from the least that the type holds and others do not.
constexpr Narrow kNarrow[] = {{Scalar::kUint8, 0, 1}, {Scalar::kInt8, -128, 1}, {Scalar::kFloat16, -16, 0.125F}};

std::vector<float> numbers_of(const Narrow& type, std::size_t count) {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = type.low + type.step * static_cast<float>(i % 256);
    return values;
}

TEST(RowStore, RowsAreNarrowedToTheFewestBytesThatHoldThemAndStayWhatTheyWere) {
    for (const Narrow& type : kNarrow) {
        const std::vector<float> values = numbers_of(type, 600 * 7);
        const MatrixView<const float> view(values.data(), 600, 7);
        for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
            const RowStore floats = RowStore::copy_of(view, metric);
            const RowStore narrow = RowStore::narrowed(RowStore::copy_of(view, metric), 2);
            ASSERT_EQ(narrow.scalar(), type.scalar);
            EXPECT_EQ(narrow.stride(), row_bytes(type.scalar, 7));
            std::vector<float> row(7);
            for (std::size_t i = 0; i < 600; ++i) {
                narrow.get(i, row);
                ASSERT_TRUE(std::ranges::equal(row, view.row(i)));
                ASSERT_EQ(narrow.distance(i, 599 - i), floats.distance(i, 599 - i));
            }
        }
    }
}

// One element decides for all, wherever it is.
TEST(RowStore, OneElementThatATypeDoesNotHoldExactlyRulesItOut) {
    const std::pair<float, Scalar> odd[] = {{-0.0F, Scalar::kFloat16},    {0.5F, Scalar::kFloat16},
                                            {256, Scalar::kFloat16},      {-1, Scalar::kInt8},
                                            {-128, Scalar::kInt8},        {-129, Scalar::kFloat16},
                                            {255, Scalar::kUint8},        {65504, Scalar::kFloat16},
                                            {0x1p-24F, Scalar::kFloat16}, {255.00002F, Scalar::kFloat32},
                                            {1e30F, Scalar::kFloat32},    {65520, Scalar::kFloat32},
                                            {0x1p-25F, Scalar::kFloat32}, {0.1F, Scalar::kFloat32},
                                            {2049, Scalar::kFloat32}};
    for (const auto& [element, scalar] : odd) {
        for (const std::size_t place : {std::size_t{0}, std::size_t{6}, std::size_t{4199}}) {
            std::vector<float> values(600 * 7, 3);
            values[place] = element;
            const RowStore rows =
                RowStore::narrowed(RowStore::copy_of({values.data(), 600, 7}, Metric::kEuclidean), 2);
            EXPECT_EQ(rows.scalar(), scalar) << element << " at " << place;
            std::vector<float> row(7);
            rows.get(place / 7, row);
            EXPECT_EQ(row[place % 7], element);
            EXPECT_EQ(std::signbit(row[place % 7]), std::signbit(element));
        }
    }
    const RowStore bits = RowStore::narrowed(RowStore::copy_of({kValues.data(), 3, 4}, Metric::kHamming), 1);
    EXPECT_EQ(bits.scalar(), Scalar::kBits);
}

TEST(RowStore, NarrowedRowsAreWrittenAsTheFileHoldsThem) {
    const test::TempDir folder;
    for (const Narrow& type : kNarrow) {
        const std::vector<float> values = numbers_of(type, 300);
        const RowStore rows = RowStore::narrowed(RowStore::copy_of({values.data(), 75, 4}, Metric::kEuclidean), 1);
        for (const Scalar scalar : {type.scalar, Scalar::kFloat32}) {
            storage::FileWriter writer(folder.file("a.kith"), {1, rows.metric(), scalar, rows.dim(), rows.count()});
            rows.write(writer);
            writer.commit();
            const RowStore opened = RowStore::open(storage::FileReader(folder.file("a.kith")));
            EXPECT_EQ(opened.scalar(), scalar);
            EXPECT_EQ(opened.distance(0, 74), rows.distance(0, 74));
        }
    }
}

// Writes rows of bytes with steps that nobody should believe, and opens them.
RowStore opened_with_steps(Metric metric, Scalar scalar, const std::vector<float>& steps) {
    const test::TempDir folder;
    const std::vector<std::byte> bytes(3 * row_bytes(scalar, 4), std::byte{7});
    storage::FileWriter writer(folder.file("a.kith"), {1, metric, scalar, 4, 3});
    writer.add(storage::SectionKind::kVectors, std::span<const std::byte>(bytes));
    writer.add(storage::SectionKind::kSteps, std::span<const float>(steps));
    writer.commit();
    return RowStore::open(storage::FileReader(folder.file("a.kith")));
}

TEST(RowStore, StepsThatAreNoneAreRefused) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    for (const Metric metric : {Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
        for (const float bad : {0.0F, -1.0F, kInfinity, std::nanf(""), 3e38F, 1e-40F}) {
            EXPECT_THROW((void)opened_with_steps(metric, Scalar::kInt8, {bad}), CorruptFile) << bad;
        }
        EXPECT_THROW((void)opened_with_steps(metric, Scalar::kInt8, {1, 1, 1}), CorruptFile);
        EXPECT_THROW((void)opened_with_steps(metric, Scalar::kInt8, {}), CorruptFile);
        EXPECT_THROW((void)opened_with_steps(metric, Scalar::kFloat32, {1}), CorruptFile);
        EXPECT_THROW((void)opened_with_steps(metric, Scalar::kFloat16, {1}), CorruptFile);
        EXPECT_EQ(opened_with_steps(metric, Scalar::kUint8, {0.5F}).step(), 0.5F);
    }
    EXPECT_THROW((void)opened_with_steps(Metric::kAngular, Scalar::kInt8, {1}), CorruptFile);
    // Of these there are many: each is looked at when its row is.
    const RowStore rows = opened_with_steps(Metric::kAngular, Scalar::kInt8, {std::nanf(""), -1, 2});
    EXPECT_EQ(rows.step(), 2);
    std::vector<float> row(4);
    for (const std::size_t i : {0, 1}) {
        rows.get(i, row);
        EXPECT_EQ(row, std::vector<float>(4, 0));
    }
    rows.get(2, row);
    EXPECT_EQ(row, std::vector<float>(4, 14));
}

TEST(RowStore, CompressedRowsCompareAsTheRoundedVectors) {
    std::vector<float> values(40 * 7);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<float>(i)) * 30;
    const MatrixView<const float> view(values.data(), 40, 7);
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
        const RowStore rows = RowStore::compressed(RowStore::copy_of(view, metric), 2);
        ASSERT_TRUE(rows.is_compressed());
        EXPECT_EQ(rows.stride(), 7u);
        Matrix rounded(40, 7);
        for (std::size_t i = 0; i < 40; ++i) rows.get(i, rounded.row(i));
        const RowStore floats = RowStore::copy_of(rounded.view(), metric);
        QueryMemory memory;
        for (std::size_t i = 0; i < 40; ++i) {
            const float distance = floats.distance(0, i);
            EXPECT_NEAR(rows.distance(0, i), distance, 1e-3F + 1e-5F * std::abs(distance)) << name(metric);
            const float rank = rows.kernels().pair(rows.as_row(rounded.row(0), memory), rows.row(i), 7);
            EXPECT_NEAR(rows.distance_of(rank), distance, 1e-3F + 1e-5F * std::abs(distance)) << name(metric);
        }
    }
}

// A query as many steps away as no float can say.
TEST(RowStore, AQueryFarBeyondTheRowsHasNumbersForDistances) {
    const std::vector<float> values = {1e-30F, 2e-30F, -3e-30F, 1.23e-30F};
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
        const RowStore rows = RowStore::compressed(RowStore::copy_of({values.data(), 2, 2}, metric), 1);
        const std::vector<float> query = {3e38F, -3e38F};
        QueryMemory memory;
        const float rank = rows.kernels().pair(rows.as_row(query, memory), rows.row(1), 2);
        EXPECT_FALSE(std::isnan(rows.distance_of(rank))) << name(metric);
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
