#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

const std::string kText =
    "new york is big\nnew york is old\nin new york\nis it in big old ships\nit is old\nbig is big\nold in it\n";

TEST(Phrases, WritesTheTextWithPhrasesJoinedAndTheirList) {
    const TempDir folder;
    spill(folder.file("text"), kText);
    const Json report = run_json({"phrases", folder.file("text"), "-o", folder.file("joined.txt"), "--save-phrases",
                                  folder.file("list"), "--min-count", "1", "--threshold", "1.5"});
    EXPECT_EQ(report.at("phrases"), 1);
    EXPECT_EQ(report.at("corpus_words"), 26);
    EXPECT_EQ(report.at("output_words"), 23);
    EXPECT_EQ(report.at("best").at(0).at("phrase"), "new_york");
    EXPECT_THAT(slurp(folder.file("joined.txt")), HasSubstr("new_york is big\nnew_york is old\nin new_york\n"));
    EXPECT_THAT(slurp(folder.file("list")), HasSubstr("\nnew_york\t"));

    EXPECT_EQ(
        run({"phrases", folder.file("text"), "-o", folder.file("again.txt.gz"), "--phrases", folder.file("list")})
            .code,
        0);
    EXPECT_EQ(run({"phrases", folder.file("again.txt.gz"), "-o", folder.file("same.txt"), "--phrases",
                   folder.file("list")})
                  .code,
              0);
    EXPECT_EQ(slurp(folder.file("same.txt")), slurp(folder.file("joined.txt")));
}

TEST(Phrases, RealTextIsTrainableAfterwards) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    write_small_corpus(folder.file("corpus.txt"), 2'000'000);
    const Result result = run({"phrases", folder.file("corpus.txt"), "-o", folder.file("joined.txt"), "--scoring",
                               "npmi", "--threshold", "0.7", "--connector-words", "english", "--delimiter", "+"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(slurp(folder.file("joined.txt")), HasSubstr("united+states"));
    EXPECT_EQ(run({"train", folder.file("joined.txt"), "-o", folder.file("v.kith"), "--epochs", "1",
                   "--vector-size", "8"})
                  .code,
              0);
    EXPECT_THAT(run({"similar", folder.file("v.kith"), "united+states"}).out, HasSubstr("cosine"));
}

TEST(Phrases, RefusesWhatCannotEndWell) {
    const TempDir folder;
    spill(folder.file("text"), kText);
    EXPECT_EQ(run({"phrases", folder.file("text")}).code, 2);
    EXPECT_EQ(run({"phrases", folder.file("none"), "-o", folder.file("o")}).code, 1);
    EXPECT_EQ(run({"phrases", folder.file("text"), "-o", folder.file("no/such/o")}).code, 1);
    const Result threshold = run({"phrases", folder.file("text"), "-o", folder.file("o"), "--threshold", "0"});
    EXPECT_EQ(threshold.code, 2);
    EXPECT_THAT(threshold.err, HasSubstr("threshold = 0"));
    EXPECT_EQ(run({"phrases", folder.file("text"), "-o", folder.file("o"), "--phrases", folder.file("text")}).code,
              3);
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

}  // namespace
}  // namespace kith::test
