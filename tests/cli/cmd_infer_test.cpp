#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fixtures.hpp"

namespace kith::test {
namespace {

TEST(Infer, GivesEveryLineAVectorThatDependsOnNothingElse) {
    const TempDir folder;
    spill(folder.file("documents"), "a b c a b\n\nd e f d e\na c b\n");
    const std::string model = folder.file("m.kith");
    ASSERT_EQ(run({"train", "doc2vec", folder.file("documents"), "-o", folder.file("d.kith"), "--save-model", model,
                   "--min-count", "1", "--vector-size", "8"})
                  .code,
              0);
    spill(folder.file("new"), "a b\n\nd unheard e\n");
    spill(folder.file("alone"), "a b\n");
    const auto infer = [&](const char* corpus, const char* output, const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments = {"infer", model, folder.file(corpus), "-o", folder.file(output)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_json(arguments);
    };
    const Json report = infer("new", "i.txt");
    EXPECT_EQ(report.at("documents"), 3);
    EXPECT_EQ(report.at("dimensions"), 8);
    infer("new", "again.txt", {"--threads", "2"});
    EXPECT_EQ(slurp(folder.file("i.txt")), slurp(folder.file("again.txt")));
    infer("alone", "alone.txt");
    const std::string alone = slurp(folder.file("alone.txt"));
    EXPECT_NE(slurp(folder.file("i.txt")).find(alone.substr(alone.find('\n'))), std::string::npos);
    infer("new", "other.txt", {"--seed", "5", "--epochs", "3", "--alpha", "0.1", "--min-alpha", "0.05"});
    EXPECT_NE(slurp(folder.file("i.txt")), slurp(folder.file("other.txt")));
}

TEST(Infer, NeedsADoc2VecModel) {
    const TempDir folder;
    spill(folder.file("text"), "a a a a a b b b b b\n");
    ASSERT_EQ(run({"train", folder.file("text"), "-o", folder.file("v.kith")}).code, 0);
    EXPECT_EQ(run({"infer", folder.file("v.kith"), folder.file("text"), "-o", folder.file("i.txt")}).code, 2);
    EXPECT_EQ(run({"infer", folder.file("none"), folder.file("text"), "-o", folder.file("i.txt")}).code, 1);
    EXPECT_EQ(run({"infer", folder.file("text"), folder.file("text"), "-o", folder.file("i.txt")}).code, 3);
    EXPECT_EQ(run({"infer", folder.file("v.kith"), folder.file("text")}).code, 2);
}

}  // namespace
}  // namespace kith::test
