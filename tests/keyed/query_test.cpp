#include "keyed/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include <kith/error.hpp>

#include "keyed/random_vectors.hpp"

namespace kith::keyed {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

TEST(Query, RestrictVocabOverridesTheClips) {
    const auto range = [](const SimilarOptions& options) {
        const RowRange r = range_of(options, 100);
        return std::pair(r.first, r.last);
    };
    EXPECT_EQ(range({}), std::pair(std::size_t{0}, std::size_t{100}));
    EXPECT_EQ(range({.clip_start = 10, .clip_end = 20}), std::pair(std::size_t{10}, std::size_t{20}));
    EXPECT_EQ(range({.clip_start = 10, .clip_end = 20, .restrict_vocab = 50}),
              std::pair(std::size_t{0}, std::size_t{50}));
    EXPECT_EQ(range({.restrict_vocab = 500}), std::pair(std::size_t{0}, std::size_t{100}));
    EXPECT_EQ(range_of({.clip_start = 30, .clip_end = 20}, 100).size(), 0U);
    EXPECT_EQ(range_of({.clip_start = 300}, 100).size(), 0U);
}

TEST(Query, NamedRowsAreSortedAndEachThereOnce) {
    const KeyedVectors vectors = test::random_keyed(10, 2);
    const std::vector<float> raw = {1, 2};
    const std::vector<Term> terms = {"w7", Term::row(2), raw, "w2", Term("w7", -1)};
    EXPECT_THAT(rows_named(vectors, terms), ElementsAre(2, 7));
    const std::vector<Term> absent = {"x"};
    EXPECT_THROW(static_cast<void>(rows_named(vectors, absent)), InvalidArgument);
    const std::vector<Term> beyond = {Term::row(10)};
    EXPECT_THROW(static_cast<void>(rows_named(vectors, beyond)), OutOfRange);
}

TEST(Query, TheMeanNormalisesKeysButNotVectors) {
    Matrix matrix(2, 2);
    matrix.row(0)[0] = 10;
    matrix.row(1)[1] = 0.1F;
    const KeyedVectors vectors(test::word_keys(2), matrix.view());
    const std::vector<Term> keys = {"w0", "w1"};
    EXPECT_THAT(mean_of(vectors, keys, Lengths::kUnit),
                ElementsAre(FloatNear(0.70710678F, 1e-6), FloatNear(0.70710678F, 1e-6)));
    EXPECT_THAT(mean_of(vectors, keys, Lengths::kStored),
                ElementsAre(FloatNear(0.99995F, 1e-6), FloatNear(0.0099995F, 1e-6)));
    const std::vector<float> raw = {0, 3};
    const std::vector<Term> mixed = {Term("w0", 4), raw};
    EXPECT_THAT(mean_of(vectors, mixed, Lengths::kUnit), ElementsAre(FloatNear(0.8F, 1e-6), FloatNear(0.6F, 1e-6)));
    const std::vector<Term> opposed = {"w0", Term("w0", -1)};
    EXPECT_THAT(mean_of(vectors, opposed, Lengths::kUnit), ElementsAre(0, 0));
}

TEST(Query, TheUnscaledMeanDividesByTheWeights) {
    const std::vector<std::string_view> names = {"a", "b"};
    Matrix rows(2, 2);
    rows.row(0)[0] = 4;
    rows.row(1)[1] = 2;
    const KeyedVectors vectors(names, rows.view());
    const std::vector<Term> terms = {Term("a", 3), Term("b", -1)};
    EXPECT_THAT(unscaled_mean_of(vectors, terms, Lengths::kStored), ElementsAre(3, -0.5));
    EXPECT_THAT(vectors.mean_vector(terms, {.unit_terms = true, .unit_result = false}), ElementsAre(0.75, -0.25));
    const std::vector<Term> weightless = {Term("a", 0)};
    EXPECT_THAT(unscaled_mean_of(vectors, weightless, Lengths::kStored), ElementsAre(0, 0));
}

TEST(Query, BadTermsAreRefused) {
    const KeyedVectors vectors = test::random_keyed(3, 2);
    EXPECT_THROW(static_cast<void>(mean_of(vectors, {}, Lengths::kUnit)), InvalidArgument);
    const std::vector<Term> weight = {Term("w0", std::numeric_limits<float>::quiet_NaN())};
    EXPECT_THROW(static_cast<void>(mean_of(vectors, weight, Lengths::kUnit)), InvalidArgument);
    const std::vector<float> short_one = {1};
    const std::vector<Term> wrong = {short_one};
    EXPECT_THROW(static_cast<void>(mean_of(vectors, wrong, Lengths::kUnit)), InvalidArgument);
    const std::vector<float> infinite = {1, std::numeric_limits<float>::infinity()};
    const std::vector<Term> endless = {infinite};
    EXPECT_THROW(static_cast<void>(mean_of(vectors, endless, Lengths::kUnit)), InvalidArgument);
}

TEST(Query, MakeUnitKeepsTheDirectionOfTinyAndHugeVectors) {
    std::vector<float> tiny = {3e-30F, 4e-30F};
    make_unit(tiny);
    EXPECT_THAT(tiny, ElementsAre(FloatNear(0.6F, 1e-6), FloatNear(0.8F, 1e-6)));
    std::vector<float> huge = {3e37F, -4e37F};
    make_unit(huge);
    EXPECT_THAT(huge, ElementsAre(FloatNear(0.6F, 1e-6), FloatNear(-0.8F, 1e-6)));
    std::vector<float> zero = {0, 0};
    make_unit(zero);
    EXPECT_THAT(zero, ElementsAre(0, 0));
}

}  // namespace
}  // namespace kith::keyed
