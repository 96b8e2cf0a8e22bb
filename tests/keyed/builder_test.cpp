#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

using testing::ElementsAre;

const std::vector<float> kA = {1, 2};
const std::vector<float> kB = {3, 4};

TEST(KeyedVectorsBuilder, CollectsRowsInOrder) {
    KeyedVectorsBuilder builder(2);
    EXPECT_EQ(builder.add("a", kA), 0U);
    EXPECT_EQ(builder.add("b", kB), 1U);
    EXPECT_EQ(builder.find("b"), 1U);
    const KeyedVectors vectors = builder.finish();
    EXPECT_THAT(vectors.keys(), ElementsAre("a", "b"));
    EXPECT_THAT(vectors.vector("b"), ElementsAre(3, 4));
    EXPECT_FLOAT_EQ(vectors.norms()[1], 5);
    EXPECT_EQ(builder.size(), 0U);
    EXPECT_EQ(builder.add("c", kA), 0U) << "usable again, with the same dimensions";
}

TEST(KeyedVectorsBuilder, ARepeatedKeyThrowsStaysOrReplaces) {
    KeyedVectorsBuilder builder(2);
    builder.add("a", kA);
    EXPECT_THROW(builder.add("a", kB), InvalidArgument);
    EXPECT_EQ(builder.add("a", kB, OnDuplicate::kKeep), 0U);
    const KeyedVectors kept = KeyedVectorsBuilder(builder.finish()).finish();
    EXPECT_THAT(kept.vector("a"), ElementsAre(1, 2));
    KeyedVectorsBuilder again(kept);
    EXPECT_EQ(again.add("a", kB, OnDuplicate::kReplace), 0U);
    EXPECT_THAT(again.finish().vector("a"), ElementsAre(3, 4));
    EXPECT_THAT(kept.vector("a"), ElementsAre(1, 2)) << "what was started from does not change";
}

TEST(KeyedVectorsBuilder, RefusesWrongLengthsAndNumbersAndChangesNothing) {
    KeyedVectorsBuilder builder(2);
    const std::vector<float> long_one = {1, 2, 3};
    EXPECT_THROW(builder.add("a", long_one), InvalidArgument);
    const std::vector<float> infinite = {1, std::numeric_limits<float>::infinity()};
    EXPECT_THROW(builder.add("a", infinite), InvalidArgument);
    EXPECT_EQ(builder.size(), 0U);
    EXPECT_FALSE(builder.find("a"));
    EXPECT_THROW(KeyedVectorsBuilder(0), InvalidArgument);
    EXPECT_THROW(builder.set_count(0, 1), OutOfRange);
}

TEST(KeyedVectorsBuilder, RowsWithoutACountHaveNone) {
    KeyedVectorsBuilder builder(2);
    builder.add("a", kA);
    builder.add("b", kB);
    builder.set_count(1, 5);
    builder.add("c", kB);
    EXPECT_THAT(builder.finish().counts(), ElementsAre(0, 5, 0));
}

TEST(KeyedVectorsBuilder, ManyRowsOneByOneEqualAllAtOnce) {
    const KeyedVectors whole = test::random_keyed(3000, 5);
    KeyedVectorsBuilder builder(5);
    builder.reserve(10);
    for (std::size_t row = 0; row < whole.size(); ++row) builder.add(whole.key(row), whole.vector(row));
    const KeyedVectors made = builder.finish();
    EXPECT_EQ(made.keys(), whole.keys());
    EXPECT_TRUE(std::ranges::equal(made.norms(), whole.norms()));
    for (std::size_t row = 0; row < whole.size(); ++row) EXPECT_EQ(made.find(whole.key(row)), row);
}

}  // namespace
}  // namespace kith
