#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Similar, EveryIndexThatSeesEverythingGivesTheExactAnswer) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"));
    ASSERT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file("a.kith"), "-t", "10"}).code, 0);
    ASSERT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file("a.ann"), "-t", "10"}).code, 0);
    const Json exact = run_json({"similar", folder.file("glove.txt"), "king"});
    EXPECT_EQ(exact.at("exact"), true);
    ASSERT_EQ(exact.at("neighbors").size(), 10U);
    EXPECT_EQ(run_json({"similar", folder.file("a.kith"), "king", "--exact"}), exact);
    const std::vector<std::vector<std::string>> ways = {
        {folder.file("a.kith"), "king"},
        {folder.file("glove.txt"), "king", "--index", folder.file("a.kith")},
        {folder.file("glove.txt"), "king", "--index", folder.file("a.ann")},
        {folder.file("glove.txt"), "king", "--trees", "10"}};
    for (std::vector<std::string> way : ways) {
        way.insert(way.begin(), "similar");
        way.insert(way.end(), {"--search-k", "1000000"});
        const Json found = run_json(way);
        EXPECT_EQ(found.at("exact"), false);
        EXPECT_EQ(found.at("neighbors"), exact.at("neighbors"));
    }
}

TEST(Similar, SeveralWordsAreTakenTogetherAndLeftOut) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"));
    const Result result = run({"similar", folder.file("glove.txt"), "king", "woman", "--not", "man", "-k", "3",
                               "--restrict-vocab", "2000"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, StartsWith("word"));
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 4);
    EXPECT_THAT(result.out, ::testing::Not(HasSubstr("king ")));
}

TEST(Similar, AnUnknownWordComesWithSuggestions) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"));
    const Result result = run({"similar", folder.file("glove.txt"), "minster"});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("'minster' is not among the 3,000 words"));
    EXPECT_THAT(result.err, HasSubstr("did you mean 'minister'"));
}

TEST(Similar, RefusesAnIndexOfOtherVectors) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 300);
    write_small_glove(folder.file("more.txt"), 400);
    ASSERT_EQ(run({"build", folder.file("more.txt"), "-o", folder.file("a.kith"), "-t", "3"}).code, 0);
    EXPECT_EQ(run({"similar", folder.file("glove.txt"), "the", "--index", folder.file("a.kith")}).code, 2);
    EXPECT_EQ(run({"similar", folder.file("glove.txt"), "the", "--exact", "--trees", "3"}).code, 2);
}

TEST(Analogy, CompletesTheKnownOne) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 5000);
    for (const char* way : {"--exact", "--cosmul"}) {
        const Json report = run_json({"analogy", folder.file("glove.txt"), "man", "king", "woman", way});
        ASSERT_EQ(report.at("answers").size(), 5U);
        EXPECT_EQ(report.at("answers")[0].at("word"), "queen") << way;
    }
    EXPECT_THAT(run({"analogy", folder.file("glove.txt"), "man", "king", "woman", "-k", "1"}).out,
                StartsWith("man is to king as woman is to\n"));
    EXPECT_EQ(run({"analogy", folder.file("glove.txt"), "man", "king", "womann"}).code, 2);
}

}  // namespace
}  // namespace kith::test
