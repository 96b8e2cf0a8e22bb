#include <kith/keyed_vectors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include <kith/error.hpp>

#include "keyed/random_vectors.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Three rows: lengths 5, 1 and 0.
KeyedVectors three(std::span<const std::uint64_t> counts = {}) {
    static Matrix matrix = [] {
        Matrix made(3, 2);
        made.row(0)[0] = 3;
        made.row(0)[1] = 4;
        made.row(1)[1] = -1;
        return made;
    }();
    const std::vector<std::string> keys = {"five", "one", "zero"};
    return KeyedVectors(keys, matrix.view(), counts);
}

template <class F>
std::string error_of(F call) {
    try {
        call();
    } catch (const InvalidArgument& error) {
        return error.what();
    }
    return "nothing thrown";
}

TEST(KeyedVectors, GivesBackWhatItWasMadeOf) {
    const KeyedVectors vectors = three();
    EXPECT_EQ(vectors.size(), 3U);
    EXPECT_EQ(vectors.dim(), 2U);
    EXPECT_THAT(vectors.keys(), ElementsAre("five", "one", "zero"));
    EXPECT_THAT(vectors.vector("five"), ElementsAre(3, 4));
    EXPECT_THAT(vectors.vector(1), ElementsAre(0, -1));
    EXPECT_THAT(vectors.norms(), ElementsAre(5, 1, 0));
    EXPECT_THAT(vectors.unit_vector("five"), ElementsAre(0.6F, 0.8F));
    EXPECT_THAT(vectors.unit_vector("zero"), ElementsAre(0, 0));
    EXPECT_TRUE(vectors.counts().empty());
    EXPECT_EQ(vectors.find("one"), 1U);
    EXPECT_FALSE(vectors.contains("two"));
    EXPECT_EQ(vectors.key(2), "zero");
}

TEST(KeyedVectors, AnEmptyOneAnswersEverything) {
    const KeyedVectors vectors;
    EXPECT_TRUE(vectors.empty());
    EXPECT_EQ(vectors.dim(), 0U);
    EXPECT_FALSE(vectors.find("a"));
    EXPECT_TRUE(vectors.keys().empty());
    EXPECT_THROW(static_cast<void>(vectors.vector(0)), OutOfRange);
    EXPECT_TRUE(vectors.sorted_by_count().empty());
    EXPECT_TRUE(vectors.normalized().empty());
}

TEST(KeyedVectors, CopiesShareTheirRows) {
    const KeyedVectors vectors = three();
    const KeyedVectors copy = vectors;  // NOLINT(performance-unnecessary-copy-initialization)
    EXPECT_EQ(copy.vectors().data(), vectors.vectors().data());
}

TEST(KeyedVectors, RefusalsNameWhatIsWrong) {
    const Matrix matrix = test::random_matrix(2, 3);
    const std::vector<std::string> twice = {"a", "a"};
    EXPECT_EQ(error_of([&] { KeyedVectors(twice, matrix.view()); }),
              "keys[1] is 'a', as keys[0] is; every key may stand once");
    EXPECT_EQ(error_of([&] { KeyedVectors(test::word_keys(3), matrix.view()); }), "3 keys for 2 vectors");
    const std::vector<std::uint64_t> counts = {1, 2, 3};
    EXPECT_EQ(error_of([&] { KeyedVectors(test::word_keys(2), matrix.view(), counts); }), "3 counts for 2 keys");
    EXPECT_THAT(error_of([&] { static_cast<void>(three().row_of("six")); }), HasSubstr("'six'"));
    EXPECT_THROW(static_cast<void>(three().key(3)), OutOfRange);
    Matrix bad(1, 1);
    bad.data()[0] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_THAT(error_of([&] { KeyedVectors(test::word_keys(1), bad.view()); }), HasSubstr("row 0, column 0"));
    EXPECT_THAT(error_of([&] { KeyedVectors(test::word_keys(1), MatrixView<const float>(nullptr, 1, 0)); }),
                HasSubstr("columns"));
}

TEST(KeyedVectors, AViewCopiesNothingAndKeepsItsOwner) {
    auto matrix = std::make_shared<Matrix>(test::random_matrix(4, 3));
    const std::weak_ptr<Matrix> watch = matrix;
    const std::vector<std::string_view> keys = {"a", "b", "c", "d"};
    {
        const KeyedVectors vectors = KeyedVectors::view(keys, matrix->view(), matrix);
        EXPECT_EQ(vectors.vectors().data(), matrix->data());
        matrix.reset();
        EXPECT_FALSE(watch.expired());
        EXPECT_EQ(vectors.vector("d").size(), 3U);
    }
    EXPECT_TRUE(watch.expired());
    const Matrix wide = test::random_matrix(4, 3);
    const MatrixView<const float> strided(wide.data(), 4, 2, 3);
    EXPECT_THAT(KeyedVectors(keys, strided).vector(3), ElementsAre(wide.row(3)[0], wide.row(3)[1]));
}

TEST(KeyedVectors, AViewOfRowsWithSpaceBetweenThemIsAsACopyOfThem) {
    const test::TempDir folder;
    const std::vector<std::string_view> keys = {"a", "b", "c", "d"};
    const Matrix wide = test::random_matrix(4, 7);
    const MatrixView<const float> strided(wide.data(), 4, 5, 7);
    const KeyedVectors copy(keys, strided);
    const KeyedVectors view = KeyedVectors::view(keys, strided);
    EXPECT_EQ(view.vectors().data(), wide.data());
    view.save(folder.file("view.kith"));
    KeyedVectorsBuilder builder(view);
    const KeyedVectors built = builder.finish();
    const KeyedVectors saved = KeyedVectors::open(folder.file("view.kith"));
    for (const KeyedVectors& vectors : {view, built, saved}) {
        for (std::size_t row = 0; row < 4; ++row) {
            EXPECT_TRUE(std::ranges::equal(vectors.vector(row), copy.vector(row)));
            EXPECT_EQ(vectors.norms()[row], copy.norms()[row]);
        }
        const std::vector<Match> found = vectors.most_similar("c", {.topn = 3});
        const std::vector<Match> wanted = copy.most_similar("c", {.topn = 3});
        ASSERT_EQ(found.size(), 3U);
        for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_EQ(found[i].key, wanted[i].key);
            EXPECT_EQ(found[i].score, wanted[i].score);
        }
    }
}

TEST(KeyedVectors, SelectKeepsKeysCountsAndOrderAskedFor) {
    const std::vector<std::uint64_t> counts = {7, 9, 9};
    const KeyedVectors vectors = three(counts);
    const std::vector<std::size_t> rows = {2, 0};
    const KeyedVectors picked = vectors.select(rows);
    EXPECT_THAT(picked.keys(), ElementsAre("zero", "five"));
    EXPECT_THAT(picked.counts(), ElementsAre(9, 7));
    EXPECT_THAT(picked.norms(), ElementsAre(0, 5));
    EXPECT_EQ(picked.find("five"), 1U);
    EXPECT_THAT(vectors.sorted_by_count().keys(), ElementsAre("one", "zero", "five"));
    const std::vector<std::size_t> twice = {1, 1};
    EXPECT_THROW(static_cast<void>(vectors.select(twice)), InvalidArgument);
    const std::vector<std::size_t> outside = {3};
    EXPECT_THROW(static_cast<void>(vectors.select(outside)), OutOfRange);
}

TEST(KeyedVectors, FindAllGivesWhatFindGives) {
    const std::vector<std::string_view> keys = {"zero", "two", "five", "zero"};
    EXPECT_THAT(three().find_all(keys), ElementsAre(2U, std::nullopt, 0U, 2U));
    EXPECT_TRUE(three().find_all({}).empty());
}

TEST(KeyedVectors, VectorsForAllTakesEachKeyThatIsThereOnce) {
    const std::vector<std::uint64_t> counts = {7, 9, 8};
    const std::vector<std::string_view> keys = {"zero", "two", "five", "zero"};
    const KeyedVectors chosen = three(counts).vectors_for_all(keys);
    EXPECT_THAT(chosen.keys(), ElementsAre("zero", "five"));
    EXPECT_THAT(chosen.counts(), ElementsAre(8, 7));
    EXPECT_THAT(chosen.vector("five"), ElementsAre(3, 4));
    EXPECT_THAT(chosen.norms(), ElementsAre(0, 5));
    const std::vector<std::string_view> none = {"two"};
    EXPECT_TRUE(three().vectors_for_all(none).empty());
    EXPECT_EQ(three().vectors_for_all({}).dim(), 2U);
    EXPECT_TRUE(KeyedVectors().vectors_for_all(none).empty());
}

TEST(KeyedVectors, IntersectTakesTheVectorsOfSharedKeysAndNothingElse) {
    const std::vector<std::uint64_t> counts = {7, 9, 8};
    const std::vector<std::string> keys = {"two", "zero", "one"};
    Matrix rows(3, 2);
    rows.row(0)[0] = 1;
    rows.row(1)[1] = 2;
    rows.row(2)[0] = -3;
    const KeyedVectors ours = three(counts);
    const KeyedVectors mixed = ours.intersect(KeyedVectors(keys, rows.view()));
    EXPECT_THAT(mixed.keys(), ElementsAre("five", "one", "zero"));
    EXPECT_THAT(mixed.vector("five"), ElementsAre(3, 4)) << "is only here";
    EXPECT_THAT(mixed.vector("one"), ElementsAre(-3, 0));
    EXPECT_THAT(mixed.vector("zero"), ElementsAre(0, 2));
    EXPECT_THAT(mixed.norms(), ElementsAre(5, 3, 2));
    EXPECT_THAT(mixed.counts(), ElementsAre(7, 9, 8));
    EXPECT_THAT(ours.vector("one"), ElementsAre(0, -1)) << "does not change";

    EXPECT_THAT(ours.intersect(KeyedVectors()).vector("one"), ElementsAre(0, -1));
    EXPECT_TRUE(KeyedVectors().intersect(ours).empty());
    const KeyedVectors wider(keys, Matrix(3, 4).view());
    EXPECT_THAT(error_of([&] { static_cast<void>(ours.intersect(wider)); }),
                testing::AllOf(HasSubstr("4 dimensions"), HasSubstr("have 2")));
}

TEST(KeyedVectors, NormalizedRowsHaveLengthOneAndZeroRowsStay) {
    const KeyedVectors unit = three().normalized();
    EXPECT_THAT(unit.keys(), ElementsAre("five", "one", "zero"));
    EXPECT_THAT(unit.norms(), ElementsAre(testing::FloatEq(1), 1, 0));
    EXPECT_THAT(unit.vector("five"), ElementsAre(0.6F, 0.8F));
}

}  // namespace
}  // namespace kith
