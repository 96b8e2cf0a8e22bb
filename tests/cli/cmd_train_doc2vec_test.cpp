#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

// Lines about one of two things, the last `held_back` of them in another file.
void write_documents(const TempDir& folder, bool tagged) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
        const std::string topic = i % 2 == 0 ? "a" : "b";
        if (tagged) text += "all," + topic + "\t";
        for (int word = 0; word < 20; ++word) {
            text += (word % 3 == 0 ? topic : "x") + std::to_string((i * 7 + word * word) % 15) + ' ';
        }
        text += '\n';
    }
    spill(folder.file("documents"), text);
}

const std::vector<std::string> kSmallDoc2Vec = {"--vector-size", "16", "--min-count", "1",
                                                "--threads",     "1",  "--epochs",    "30"};

std::vector<std::string> train(const TempDir& folder, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "doc2vec", folder.file("documents"), "-o",
                                          folder.file("d.kith")};
    arguments.insert(arguments.end(), kSmallDoc2Vec.begin(), kSmallDoc2Vec.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

TEST(TrainDoc2Vec, EveryModelWritesDocumentsWordsAndItself) {
    const TempDir folder;
    write_documents(folder, false);
    const std::vector<std::vector<std::string>> modes = {
        {},
        {"--dm-mean", "0"},
        {"--dm-concat", "1", "--window", "2"},
        {"--dm", "0", "--dbow-words", "1"},
        {"--dm", "0", "--hs", "1", "--negative", "0"},
    };
    for (std::vector<std::string> mode : modes) {
        mode.insert(mode.end(), {"--save-words", folder.file("w.bin"), "--save-model", folder.file("m.kith")});
        const Json report = run_json(train(folder, mode));
        EXPECT_EQ(report.at("documents"), 60);
        EXPECT_EQ(report.at("tags"), 60);
        EXPECT_THAT(run({"similar", folder.file("d.kith"), "3"}).out, HasSubstr("cosine"));
        EXPECT_THAT(run({"similar", folder.file("w.bin"), "x0"}).out, HasSubstr("cosine"));
        EXPECT_THAT(run({"similar", folder.file("m.kith"), "x0"}).out, HasSubstr("cosine"));
        EXPECT_EQ(run({"infer", folder.file("m.kith"), folder.file("documents"), "-o", folder.file("i.kith")}).code,
                  0);
        EXPECT_EQ(run({"verify", folder.file("m.kith")}).code, 0);
        EXPECT_THAT(run({"info", folder.file("m.kith")}).out, HasSubstr("tag vectors"));
    }
}

TEST(TrainDoc2Vec, TagsMayComeFirstOnTheLine) {
    const TempDir folder;
    write_documents(folder, true);
    const Json report = run_json(train(folder, {"--tagged"}));
    EXPECT_EQ(report.at("tags"), 3);
    EXPECT_EQ(report.at("documents"), 60);
    EXPECT_THAT(run({"similar", folder.file("d.kith"), "all"}).out, HasSubstr("b"));
}

TEST(TrainDoc2Vec, GoesOnWithAModelAndItsTags) {
    const TempDir folder;
    write_documents(folder, true);
    run_json(train(folder, {"--tagged", "--save-model", folder.file("m.kith")}));
    spill(folder.file("documents"), "fresh,all\tx0 x1 x2 x3 x4 x5\n");
    const Json report = run_json({"train", "doc2vec", folder.file("documents"), "-o", folder.file("d.kith"),
                                  "--tagged", "--continue", folder.file("m.kith")});
    EXPECT_EQ(report.at("tags"), 4);
    EXPECT_THAT(run({"similar", folder.file("d.kith"), "fresh"}).out, HasSubstr("all"));
}

TEST(TrainDoc2Vec, RefusesBeforeTheWorkWhatCannotEndWell) {
    const TempDir folder;
    write_documents(folder, false);
    EXPECT_EQ(run({"train", "doc2vec", "-o", folder.file("d.kith")}).code, 2);
    EXPECT_THAT(run({"train", "doc2vec", folder.file("documents")}).err, HasSubstr("--output"));
    EXPECT_EQ(run(train(folder, {"--tagged"})).code, 3) << "no tabs";
    EXPECT_EQ(run(train(folder, {"--window", "0"})).code, 2);
    EXPECT_EQ(run(train(folder, {"--save-words", folder.file("w.xyz")})).code, 2);
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

}  // namespace
}  // namespace kith::test
