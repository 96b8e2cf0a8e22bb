#include "keyed/evaluate/word_list.hpp"

#include <gtest/gtest.h>

#include "keyed/random_vectors.hpp"

namespace kith::keyed {
namespace {

TEST(WordList, OfRowsSpelledAlikeTheFirstStands) {
    const std::vector<std::string> keys = {"Paris", "rome", "PARIS", "paris", "ath\xc3\xa8nes"};
    const Matrix matrix = test::random_matrix(5, 2);
    const KeyedVectors vectors(keys, matrix.view());
    const WordList upper(vectors, 0, Spelling::kUpperCase);
    EXPECT_EQ(upper.size(), 5U);
    EXPECT_EQ(upper.row_of("PARIS"), 0U);
    EXPECT_EQ(upper.row_of("ATH\xc3\x88NES"), 4U);
    EXPECT_FALSE(upper.row_of("paris")) << "must be spelled first";
    EXPECT_EQ(upper.spelling_of(3), "PARIS");
    const WordList as_is(vectors, 2, Spelling::kAsIs);
    EXPECT_EQ(as_is.size(), 2U);
    EXPECT_EQ(as_is.row_of("rome"), 1U);
    EXPECT_FALSE(as_is.row_of("paris"));
}

}  // namespace
}  // namespace kith::keyed
