#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

// Four words in a plane, so that every answer is known.
void write_plane(const std::string& path) {
    spill(path, "6 2\nman 1 0.1\nking 1 1\nwoman -1 0.1\nqueen -1 1\ncat 0.1 -1\ndog -0.1 -1\n");
}

TEST(Eval, AnswersAndCorrelationsAreTheOnesKnown) {
    const TempDir folder;
    write_plane(folder.file("v.txt"));
    spill(folder.file("q.txt"), ": royal\nman king woman queen\nking man queen cat\n: none\nman king boy prince\n");
    spill(folder.file("pairs.tsv"), "# comment\ncat\tdog\t9\nman\tking\t7\nman\tcat\t1\n");
    const Json report = run_json(
        {"eval", folder.file("v.txt"), "--analogies", folder.file("q.txt"), "--pairs", folder.file("pairs.tsv")});
    EXPECT_EQ(report.at("words"), 6);
    EXPECT_EQ(report.at("q.txt").at("sections")[0].at("correct"), 1);
    EXPECT_EQ(report.at("q.txt").at("accuracy"), 0.5);
    EXPECT_EQ(report.at("pairs.tsv").at("pairs"), 3);
    EXPECT_DOUBLE_EQ(report.at("pairs.tsv").at("spearman"), 1.0);
}

TEST(Eval, TakesTheUsualSetsFromTheDataFolder) {
    const TempDir folder;
    write_plane(folder.file("v.txt"));
    std::filesystem::create_directories(folder.file("data/eval"));
    spill(folder.file("data/eval/wordsim353.tsv"), "cat\tdog\t9\nman\tking\t7\nman\tcat\t1\n");
    const Result result = run({"eval", folder.file("v.txt")}, {{"KITH_DATA_DIR", folder.file("data")}});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("spearman"));
    const Result nothing = run({"eval", folder.file("v.txt")}, {{"KITH_DATA_DIR", folder.file("none")}});
    EXPECT_EQ(nothing.code, 2);
    EXPECT_THAT(nothing.err, HasSubstr("--analogies"));
}

TEST(Eval, RefusesFilesThatAreNotTests) {
    const TempDir folder;
    write_plane(folder.file("v.txt"));
    spill(folder.file("q.txt"), "man king woman queen\n");
    EXPECT_EQ(run({"eval", folder.file("v.txt"), "--analogies", folder.file("q.txt")}).code, 3);
    EXPECT_EQ(run({"eval", folder.file("v.txt"), "--analogies", folder.file("none.txt")}).code, 1);
}

}  // namespace
}  // namespace kith::test
