#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

constexpr int kUsage = 2;

#define KITH_NEED_IMAGES()                                \
    KITH_NEED_DATA(images, "t10k-images-idx3-ubyte.gz");  \
    KITH_NEED_DATA(others, "train-images-idx3-ubyte.gz"); \
    const TempDir folder;                                 \
    const std::string index = folder.file("images.kith"); \
    ASSERT_EQ(                                            \
        run({"build", images, "-o", index, "--kind", "graph", "--metric", "euclidean", "--limit", "400"}).code, 0)

// The nearest item to another, which is not the other itself.
std::string nearest(const std::string& index, const std::string& item) {
    return run_json({"search", index, "--item", item, "-k", "1", "--exclude-self"}).dump();
}

TEST(DynamicFile, AGraphGrowsShrinksAndIsCompacted) {
    KITH_NEED_IMAGES();
    const Json added = run_json({"add", index, others, "--limit", "150"});
    EXPECT_EQ(added.at("added"), 150);
    EXPECT_EQ(added.at("items"), 550);
    EXPECT_EQ(added.at("next_id"), 550);
    EXPECT_EQ(run_json({"info", index}).at("index"), "dynamic");
    // The same images once more: each other's nearest.
    EXPECT_EQ(run_json({"add", index, others, "--limit", "150"}).at("items"), 700);
    EXPECT_THAT(nearest(index, "420"), HasSubstr("\"id\":570"));
    EXPECT_THAT(nearest(index, "570"), HasSubstr("\"id\":420"));

    spill(folder.file("ids"), "570\n571\r\n\n");
    const Json removed = run_json({"remove", index, "572", "573", "--ids", folder.file("ids")});
    EXPECT_EQ(removed.at("removed"), 4);
    EXPECT_EQ(removed.at("items"), 696);
    EXPECT_THAT(nearest(index, "420"), ::testing::Not(HasSubstr("\"id\":570")));
    const std::string before = nearest(index, "425");

    const Json compact = run_json({"compact", index});
    EXPECT_EQ(compact.at("graphs"), 1);
    EXPECT_EQ(compact.at("waiting"), 0);
    EXPECT_EQ(compact.at("items"), 696);
    EXPECT_EQ(nearest(index, "425"), before);
    EXPECT_EQ(run_json({"verify", index}).at("ok"), true);
}

TEST(DynamicFile, IdsCanBeGivenAndAnotherFileWritten) {
    KITH_NEED_IMAGES();
    const std::string sound = slurp(index);
    spill(folder.file("ids"), "1000\n3000000000\n");
    const std::string larger = folder.file("larger.kith");
    const Json added = run_json({"add", index, others, "--limit", "2", "--ids", folder.file("ids"), "-o", larger});
    EXPECT_EQ(added.at("items"), 402);
    EXPECT_EQ(added.at("next_id"), 3000000001);
    EXPECT_EQ(slurp(index), sound);
    EXPECT_THAT(run({"search", larger, "--item", "3000000000", "-k", "1"}).out, HasSubstr("3000000000"));
}

TEST(DynamicFile, WhatCannotBeDoneIsSaidAndChangesNothing) {
    KITH_NEED_IMAGES();
    const std::string sound = slurp(index);
    spill(folder.file("there"), "5\n");
    spill(folder.file("words"), "five\n");
    const auto refused = [&](std::vector<std::string> arguments, const std::string& what) {
        const Result result = run(std::move(arguments));
        EXPECT_NE(result.code, 0) << what;
        EXPECT_THAT(result.err, HasSubstr(what));
        EXPECT_EQ(slurp(index), sound) << what;
    };
    refused({"add", index, others, "--limit", "1", "--ids", folder.file("there")}, "5");
    refused({"add", index, others, "--limit", "1", "--ids", folder.file("words")}, "'five' is not a number");
    refused({"add", index, others, "--limit", "2", "--ids", folder.file("there")}, "2 vectors");
    refused({"add", index, others, "-o", folder.file("a.ann")}, ".kith");
    refused({"add", index, folder.file("nothing.npy")}, "nothing.npy");
    refused({"remove", index, "1", "9999"}, "9999");
    refused({"remove", index, "1", "1"}, "1");
    refused({"remove", index}, "--ids");
    refused({"compact", index, "-o", folder.file("no/such.kith")}, "no");
    EXPECT_EQ(run({"remove", index, "x"}).code, kUsage);
    EXPECT_EQ(names_in(folder.path()), (std::set<std::string>{"images.kith", "there", "words"}));
}

TEST(DynamicFile, IndexesThatDoNotGrowAreRefused) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 300);
    ASSERT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file("words.kith"), "--kind", "graph"}).code, 0);
    const Result words = run({"remove", folder.file("words.kith"), "1"});
    EXPECT_EQ(words.code, kUsage);
    EXPECT_THAT(words.err, HasSubstr("holds words"));
    ASSERT_EQ(run({"convert", folder.file("glove.txt"), folder.file("glove.npy")}).code, 0);
    ASSERT_EQ(run({"build", folder.file("glove.npy"), "-o", folder.file("forest.kith"), "--kind", "forest"}).code,
              0);
    const Result forest = run({"remove", folder.file("forest.kith"), "1"});
    EXPECT_NE(forest.code, 0);
    EXPECT_THAT(forest.err, HasSubstr("forest"));
}

}  // namespace
}  // namespace kith::test
