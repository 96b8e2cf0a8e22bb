#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Build, GivesTheSameIndexInEveryWay) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"));
    const std::vector<std::vector<std::string>> ways = {{"--threads", "1"}, {"--threads", "3"}, {"--on-disk"}};
    std::set<std::string> indexes;
    for (const auto& way : ways) {
        std::vector<std::string> arguments = {"build", folder.file("glove.txt"), "-o", folder.file("a.ann"), "-t",
                                              "7"};
        arguments.insert(arguments.end(), way.begin(), way.end());
        const Json report = run_json(arguments);
        EXPECT_EQ(report.at("items"), 3000);
        EXPECT_EQ(report.at("trees"), 7);
        indexes.insert(slurp(folder.file("a.ann")));
    }
    EXPECT_EQ(indexes.size(), 1U);
    EXPECT_THAT(names_in(folder.path()), ::testing::ElementsAre("a.ann", "glove.txt"));
}

TEST(Build, KnowsEveryMetric) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 300);
    for (const char* metric : {"angular", "euclidean", "manhattan", "dot", "hamming", "cosine", "l2"}) {
        const Result result = run({"build", folder.file("glove.txt"), "-o", folder.file("a.kith"), "-m", metric});
        EXPECT_EQ(result.code, 0) << metric << ": " << result.err;
    }
}

TEST(Build, CompressedItKeepsAByteOfAnElementAndTheWords) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"));
    const std::vector<std::string> arguments = {"build", folder.file("glove.txt"), "-o", folder.file("a.kith")};
    for (const char* kind : {"auto", "coded", "graph"}) {
        auto with_kind = arguments;
        with_kind.insert(with_kind.end(), {"--kind", kind, "--compress"});
        const Json report = run_json(with_kind);
        EXPECT_EQ(report.at("kind"), kind == std::string("graph") ? "graph" : "coded forest");
        EXPECT_GT(report.at("step"), 0.0);
        const Json info = run_json({"info", folder.file("a.kith")});
        EXPECT_EQ(info.at("scalar"), "int8");
        EXPECT_EQ(info.at("step"), report.at("step"));
        EXPECT_EQ(run({"verify", folder.file("a.kith")}).code, 0);
        const Json near = run_json({"search", folder.file("a.kith"), "--item", "king", "-k", "1"});
        EXPECT_EQ(near.at("queries")[0].at("neighbors")[0].at("key"), "king");
        EXPECT_EQ(run({"similar", folder.file("a.kith"), "king"}).code, 0);
    }
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
             {"--kind", "flat"}, {"--kind", "forest"}, {"--trees", "9"}, {"--recall", "0.9"}, {"-m", "hamming"}}) {
        auto refused = arguments;
        refused.push_back("--compress");
        refused.insert(refused.end(), wrong.begin(), wrong.end());
        const Result result = run(refused);
        EXPECT_NE(result.code, 0) << wrong.back();
        EXPECT_THAT(result.err, HasSubstr("compress")) << wrong.back();
    }
}

TEST(Build, ChoosesTheKindAndSaysWhy) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 300);
    const std::vector<std::string> arguments = {"build", folder.file("glove.txt"), "-o", folder.file("a.kith")};
    const Json chosen = run_json(arguments);
    EXPECT_EQ(chosen.at("kind"), "flat");
    EXPECT_THAT(chosen.at("why").get<std::string>(), ::testing::HasSubstr("300 vectors"));
    for (const auto& [kind, found] :
         {std::pair{"coded", "coded forest"}, {"graph", "graph"}, {"forest", "forest"}, {"flat", "flat"}}) {
        auto with_kind = arguments;
        with_kind.insert(with_kind.end(), {"--kind", kind});
        EXPECT_EQ(run_json(with_kind).at("kind"), found);
        EXPECT_EQ(run_json({"search", folder.file("a.kith"), "--item", "7", "-k", "1"})
                      .at("queries")[0]
                      .at("neighbors")[0]
                      .at("id"),
                  7);
    }
    auto with_trees = arguments;
    with_trees.insert(with_trees.end(), {"--trees", "3"});
    EXPECT_EQ(run_json(with_trees).at("kind"), "forest");
    EXPECT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file("a.ann"), "--kind", "flat"}).code, 2);
    EXPECT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file("a.kith"), "--kind", "heap"}).code, 2);
}

TEST(Build, ChoosesTreesAndEffortByTheRecall) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"));
    const std::vector<std::string> arguments = {
        "build", folder.file("glove.txt"), "-o", folder.file("a.ann"), "--recall", "0.8"};
    const Json report = run_json(arguments);
    EXPECT_EQ(report.at("kind"), "forest");
    EXPECT_GE(report.at("recall").get<double>(), 0.8);
    EXPECT_GE(report.at("search_k").get<int>(), 10);
    EXPECT_GE(report.at("trees").get<int>(), 1);
    const std::string bytes = slurp(folder.file("a.ann"));
    auto with_threads = arguments;
    with_threads.insert(with_threads.end(), {"--threads", "3"});
    EXPECT_EQ(run_json(with_threads).at("search_k"), report.at("search_k"));
    EXPECT_EQ(slurp(folder.file("a.ann")), bytes);
    for (const auto& more :
         std::vector<std::vector<std::string>>{{"--trees", "5"}, {"--on-disk"}, {"--kind", "coded"}}) {
        auto refused = arguments;
        refused.insert(refused.end(), more.begin(), more.end());
        EXPECT_EQ(run(refused).code, 2) << more[0];
    }
    EXPECT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file("a.ann"), "--recall", "1.5"}).code, 2);
}

TEST(Build, RefusesWhatCannotBeDone) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 10);
    const std::string vectors = folder.file("glove.txt");
    EXPECT_EQ(run({"build", vectors, "-o", folder.file("a.xyz")}).code, 2);
    EXPECT_EQ(run({"build", vectors, "-o", folder.file("a.kith"), "--on-disk"}).code, 2);
    EXPECT_EQ(run({"build", vectors, "-o", folder.file("a.kith"), "--trees", "0"}).code, 2);
    EXPECT_EQ(run({"build", vectors, "-o", folder.file("no/a.kith")}).code, 1);
    EXPECT_EQ(run({"build", folder.file("none.bin"), "-o", folder.file("a.kith")}).code, 1);
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

class BuildInterrupted : public ::testing::TestWithParam<std::vector<std::string>> {};

TEST_P(BuildInterrupted, KeepsTheOldIndexAndLeavesNoLitter) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 20'000);
    std::filesystem::create_directory(folder.file("out"));
    const std::string output = folder.file("out/" + GetParam().front());
    spill(output, "the old index");
    std::vector<std::string> arguments = {"build", folder.file("glove.txt"), "-o", output, "--trees", "100000"};
    arguments.insert(arguments.end(), GetParam().begin() + 1, GetParam().end());
    Program program(arguments);
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    program.kill(SIGINT);
    const Result result = program.wait();
    EXPECT_EQ(result.code, 130) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_EQ(slurp(output), "the old index");
    EXPECT_EQ(names_in(folder.file("out")).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Ways, BuildInterrupted,
                         ::testing::Values(std::vector<std::string>{"a.kith"}, std::vector<std::string>{"a.ann"},
                                           std::vector<std::string>{"a.ann", "--on-disk"}));

}  // namespace
}  // namespace kith::test
