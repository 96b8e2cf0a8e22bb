#include <gtest/gtest.h>

#include <cmath>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

#include "keyed/formats/files.hpp"
#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

KeyedVectors line() {
    const std::vector<std::string> keys = {"a", "b", "c", "d"};
    const float rows[4][2] = {{1, 0}, {1, 0.1F}, {1, 1}, {0, 1}};
    return KeyedVectors(keys, MatrixView<const float>(rows[0], 4, 2));
}

WordPairReport evaluate_pairs(const std::string& text, const WordPairOptions& options = {}) {
    const test::TempDir dir;
    test::write_file(dir.file("p.tsv"), text);
    return evaluate_word_pairs(line(), dir.file("p.tsv"), options);
}

TEST(WordPairs, AgreementIsACorrelationOfRanksAndValues) {
    const WordPairReport report =
        evaluate_pairs("# comment\na\tb\t9.5\nA\tC\t 5 \r\na\td\t0.1\nonly two\nx\ta\t3\na\tb\tten\n\n");
    EXPECT_EQ(report.pairs, 3U);
    EXPECT_EQ(report.unknown, 1U);
    EXPECT_EQ(report.malformed_lines, 2U);
    EXPECT_DOUBLE_EQ(report.unknown_percent, 25);
    EXPECT_DOUBLE_EQ(report.spearman.coefficient, 1);
    EXPECT_GT(report.pearson.coefficient, 0.9);
}

TEST(WordPairs, OptionsChangeWhatIsComparedAndHow) {
    EXPECT_EQ(evaluate_pairs("A\tb\t1\na\tc\t2\n", {.case_insensitive = false}).unknown, 1U);
    EXPECT_EQ(evaluate_pairs("a b 1\na c 2\n", {.delimiter = ' '}).pairs, 2U);
    EXPECT_EQ(evaluate_pairs("a\tb\t1\na\tc\t2\n", {.restrict_vocab = 2}).pairs, 1U);
    const WordPairReport dummy = evaluate_pairs("a\tb\t1\nx\ty\t2\n", {.dummy4unknown = true});
    EXPECT_EQ(dummy.pairs, 2U);
    EXPECT_EQ(dummy.unknown_percent, 0);
    EXPECT_DOUBLE_EQ(dummy.spearman.coefficient, -1);
}

TEST(WordPairs, NothingToCompareIsAnError) {
    EXPECT_THROW(static_cast<void>(evaluate_pairs("# nothing\n")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(evaluate_pairs("a b 1\n")), InvalidArgument) << "the wrong delimiter";
    EXPECT_THROW(static_cast<void>(evaluate_word_pairs(line(), "/nonexistent/p")), IoError);
}

}  // namespace
}  // namespace kith
