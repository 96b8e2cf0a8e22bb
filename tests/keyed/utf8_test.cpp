#include "keyed/utf8.hpp"

#include <gtest/gtest.h>

namespace kith::keyed {
namespace {

TEST(Utf8, TheFirstIllFormedByteIsFound) {
    EXPECT_FALSE(find_invalid_utf8(""));
    EXPECT_FALSE(find_invalid_utf8("plain text that is longer than eight bytes"));
    EXPECT_FALSE(find_invalid_utf8("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
    EXPECT_EQ(find_invalid_utf8("12345678\xff"), 8U);
    EXPECT_EQ(find_invalid_utf8("a\xc3"), 1U) << "cut";
    EXPECT_EQ(find_invalid_utf8("\xc0\xaf"), 0U) << "overlong";
    EXPECT_EQ(find_invalid_utf8("\xe0\x80\x80"), 0U) << "overlong";
    EXPECT_EQ(find_invalid_utf8("\xed\xa0\x80"), 0U) << "surrogate";
    EXPECT_EQ(find_invalid_utf8("\xf4\x90\x80\x80"), 0U) << "beyond U+10FFFF";
    EXPECT_EQ(find_invalid_utf8("\x80"), 0U);
}

// Expected values are those of bytes.decode(errors="replace") in Python.
TEST(Utf8, IllFormedSequencesAreReplacedAsPythonDoes) {
    EXPECT_EQ(repair_utf8("a\xe2\x82"
                          "b",
                          "?"),
              "a?b");
    EXPECT_EQ(repair_utf8("\xf0\x9f\x98", "?"), "?");
    EXPECT_EQ(repair_utf8("\xc0\xaf", "?"), "??");
    EXPECT_EQ(repair_utf8("\xed\xa0\x80", "?"), "???");
    EXPECT_EQ(repair_utf8("\xe2\x28\xa1", "?"), "?(?");
    EXPECT_EQ(repair_utf8("\xff\xc3\xa9\xff", ""), "\xc3\xa9");
    EXPECT_EQ(repair_utf8("a\xff", kReplacementCharacter), "a\xef\xbf\xbd");
}

TEST(Utf8, UpperCaseKnowsTheCommonAlphabets) {
    EXPECT_EQ(upper_case("Caf\u00e9 na\u00efve \u00ff"), "CAF\u00c9 NA\u00cfVE \u0178");
    EXPECT_EQ(upper_case("stra\u00dfe \u00f7"), "STRASSE \u00f7");
    EXPECT_EQ(upper_case("\u0142\u00f3d\u017a \u010desk\u00fd \u0131\u0149"),
              "\u0141\u00d3D\u0179 \u010cESK\u00dd I\u02bcN");
    EXPECT_EQ(upper_case("\u03b1\u03c2\u03ce \u03ac\u03af\u03cc"), "\u0391\u03a3\u038f \u0386\u038a\u038c");
    EXPECT_EQ(upper_case("\u043c\u0451\u0434 \u0457"), "\u041c\u0401\u0414 \u0407");
    EXPECT_EQ(upper_case("\u4e2d\u6587 \U0001f600 123"), "\u4e2d\u6587 \U0001f600 123");
    EXPECT_EQ(upper_case("a\xff"
                         "b"),
              "A\xff"
              "B");
    EXPECT_EQ(upper_case("\u0138"), "\u0138") << "kra has no capital";
}

}  // namespace
}  // namespace kith::keyed
