#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

#include "keyed/formats/files.hpp"

namespace kith {
namespace {

// man : woman and king : queen differ by the same step; Queen is a second spelling, right on the answer.
KeyedVectors royals() {
    const std::vector<std::string> keys = {"man", "woman", "king", "queen", "Queen", "apple"};
    const float rows[6][3] = {{1, 0, 0}, {1, 1, 0}, {1, 0, 1}, {1, 0.9F, 1}, {1, 1, 1}, {-1, -1, -1}};
    return KeyedVectors(keys, MatrixView<const float>(rows[0], 6, 3));
}

AnalogyReport evaluate_questions(const std::string& text, const AnalogyOptions& options = {}) {
    const test::TempDir dir;
    test::write_file(dir.file("q.txt"), text);
    return evaluate_analogies(royals(), dir.file("q.txt"), options);
}

TEST(Analogies, CountsBySectionAndInTotal) {
    const AnalogyReport report = evaluate_questions(
        ": family\nman woman king queen\nman woman king apple\n: empty\n: other words\nMan King Woman Queen\n"
        "man woman king nothing\nthree words only\n\n");
    ASSERT_EQ(report.sections.size(), 3U);
    EXPECT_EQ(report.sections[0].name, "family");
    EXPECT_EQ(report.sections[0].correct, 1U);
    EXPECT_EQ(report.sections[0].incorrect, 1U);
    EXPECT_EQ(report.sections[1].accuracy(), 0);
    EXPECT_EQ(report.sections[2].name, "other words");
    EXPECT_EQ(report.sections[2].correct, 1U);
    EXPECT_EQ(report.sections[2].unknown, 1U);
    EXPECT_EQ(report.total.correct, 2U);
    EXPECT_EQ(report.total.incorrect, 1U);
    EXPECT_DOUBLE_EQ(report.total.accuracy(), 2.0 / 3);
    EXPECT_EQ(report.malformed_lines, 1U);
    EXPECT_EQ(report.sections[0].questions[1].predicted, "QUEEN");
    EXPECT_EQ(report.sections[0].questions[1].expected, "APPLE");
    EXPECT_FALSE(report.sections[0].questions[1].is_correct);
}

TEST(Analogies, CaseMattersWhenItIsToldTo) {
    const std::string text = ": s\nman woman king queen\nMan woman king queen\n";
    const AnalogyReport report = evaluate_questions(text, {.case_insensitive = false});
    EXPECT_EQ(report.total.correct, 0U) << "Queen is nearer";
    EXPECT_EQ(report.total.incorrect, 1U);
    EXPECT_EQ(report.total.unknown, 1U);
    EXPECT_EQ(report.sections[0].questions[0].predicted, "Queen");
}

TEST(Analogies, UnknownWordsMayCountAsWrongAndWordsBeyondTheLimitAreUnknown) {
    const std::string text = ": s\nman woman king queen\nman woman king nothing\n";
    EXPECT_EQ(evaluate_questions(text, {.dummy4unknown = true}).total.incorrect, 1U);
    EXPECT_EQ(evaluate_questions(text, {.restrict_vocab = 3}).total.unknown, 2U);
    EXPECT_EQ(evaluate_questions(text, {.restrict_vocab = 0}).total.correct, 1U);
    EXPECT_EQ(evaluate_questions(text, {.method = AnalogyMethod::kMultiply, .threads = 2}).total.correct, 1U);
}

TEST(Analogies, ErrorsSayWhere) {
    EXPECT_TRUE(test::mentions(
        test::error_of([] { static_cast<void>(evaluate_questions("\nman woman king queen\n")); }), "on line 1"));
    EXPECT_TRUE(
        test::mentions(test::error_of([] { static_cast<void>(evaluate_questions(": s\nman \xff king queen\n")); }),
                       "UTF-8 on line 2"));
    EXPECT_THROW(static_cast<void>(evaluate_analogies(royals(), "/nonexistent/q.txt")), IoError);
    EXPECT_THROW(static_cast<void>(evaluate_questions(": s\nman woman king queen\n",
                                                      {.progress = [](const Progress&) { return false; }})),
                 Cancelled);
    EXPECT_EQ(evaluate_questions("").sections.size(), 0U);
}

}  // namespace
}  // namespace kith
