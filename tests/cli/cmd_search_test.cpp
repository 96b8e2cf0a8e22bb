#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fixtures.hpp"
#include "support/bytes.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

// glove.txt, and its index with words (a.kith) and without (a.ann).
void make_index(const TempDir& folder) {
    write_small_glove(folder.file("glove.txt"));
    for (const char* name : {"a.kith", "a.ann"}) {
        ASSERT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file(name), "--trees", "20"}).code, 0);
    }
}

TEST(Search, ByWordByIdAndByVectorAgree) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_index(folder);
    const Json by_word = run_json({"search", folder.file("a.kith"), "--item", "king", "-k", "5"});
    const Json& neighbors = by_word.at("queries")[0].at("neighbors");
    ASSERT_EQ(neighbors.size(), 5U);
    EXPECT_EQ(neighbors[0].at("key"), "king");
    const std::string id = std::to_string(neighbors[0].at("id").get<int>());
    const Json by_id = run_json({"search", folder.file("a.ann"), "--dim", "50", "--item", id, "-k", "5"});
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(by_id.at("queries")[0].at("neighbors")[i].at("id"), neighbors[i].at("id"));
        EXPECT_EQ(by_id.at("queries")[0].at("neighbors")[i].at("distance"), neighbors[i].at("distance"));
    }
    std::string vector = slurp(folder.file("glove.txt"));
    vector = vector.substr(vector.find("\nking ") + 6);
    vector = vector.substr(0, vector.find('\n'));
    const Json by_vector = run_json({"search", folder.file("a.kith"), "--vector", vector, "-k", "5"});
    EXPECT_EQ(by_vector.at("queries")[0].at("neighbors"), neighbors);
}

TEST(Search, ManyQueriesAreTheSameOneByOneWhateverTheThreads) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_index(folder);
    const std::vector<std::string> arguments = {
        "search", folder.file("a.kith"), "--queries", folder.file("glove.txt"), "--limit", "1500", "-k", "3"};
    const Json batch = run_json(arguments);
    ASSERT_EQ(batch.at("queries").size(), 1500U);
    EXPECT_EQ(batch.at("queries")[7].at("query"), 7);
    const Json one = run_json({"search", folder.file("a.kith"), "--item", "7", "-k", "3"});
    EXPECT_EQ(batch.at("queries")[7].at("neighbors"), one.at("queries")[0].at("neighbors"));
    auto on_one_thread = arguments;
    on_one_thread.insert(on_one_thread.end(), {"--threads", "1"});
    EXPECT_EQ(run_json(on_one_thread), batch);

    auto to_file = arguments;
    to_file.insert(to_file.end(), {"-o", folder.file("ids.ivecs")});
    ASSERT_EQ(run(to_file).code, 0);
    EXPECT_EQ(slurp(folder.file("ids.ivecs")).size(), 1500U * 4 * (1 + 3));
}

TEST(Search, TextHasOneLinePerNeighbour) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_index(folder);
    const Result result =
        run({"search", folder.file("a.kith"), "--queries", folder.file("glove.txt"), "--limit", "2", "-k", "3"});
    EXPECT_THAT(result.out, ::testing::StartsWith("query\tid\tkey\tdistance\n0\t0\tthe\t0.000000\n"));
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 7);
}

TEST(Search, RefusesWhatItCannotAnswer) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_index(folder);
    const std::string index = folder.file("a.kith");
    EXPECT_EQ(run({"search", index}).code, 2);
    EXPECT_EQ(run({"search", index, "--item", "999999"}).code, 2);
    EXPECT_THAT(run({"search", index, "--item", "kign"}).err, HasSubstr("did you mean 'king'"));
    EXPECT_THAT(run({"search", index, "--vector", "1,2"}).err, HasSubstr("50 dimensions"));
    EXPECT_EQ(run({"search", index, "--vector", "1,nan"}).code, 2);
    EXPECT_EQ(run({"search", folder.file("a.ann"), "--item", "1"}).code, 2);
    EXPECT_EQ(run({"search", folder.file("a.ann"), "--dim", "49", "--item", "1"}).code, 3);
    EXPECT_EQ(run({"search", folder.file("none.kith"), "--item", "1"}).code, 1);
}

TEST(Search, OnlyWhatIsAllowedAndNotTheItemItself) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_index(folder);
    write_bytes(folder.file("allow.txt"), "king\nqueen\n7\nprince\n");
    for (const char* name : {"a.kith"}) {
        const Json found = run_json({"search", folder.file(name), "--item", "king", "--allow",
                                     folder.file("allow.txt"), "--exclude-self", "-k", "5"});
        const Json& neighbors = found.at("queries")[0].at("neighbors");
        ASSERT_EQ(neighbors.size(), 3U);
        for (const Json& each : neighbors) EXPECT_NE(each.at("key"), "king");
    }
    write_bytes(folder.file("bad.txt"), "999999\n");
    const Result bad = run({"search", folder.file("a.kith"), "--item", "king", "--allow", folder.file("bad.txt")});
    EXPECT_EQ(bad.code, 2);
    EXPECT_THAT(bad.err, HasSubstr("999999"));
    EXPECT_EQ(run({"search", folder.file("a.kith"), "--item", "king", "--allow", folder.file("none.txt")}).code, 1);
}

TEST(Search, ARangeHoldsWhatLiesWithin) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_index(folder);
    const Json near = run_json({"search", folder.file("a.kith"), "--item", "king", "-k", "8"});
    const Json& eight = near.at("queries")[0].at("neighbors");
    const std::string radius = std::to_string(eight[5].at("distance").get<double>() + 1e-4);
    const Json found = run_json({"search", folder.file("a.kith"), "--item", "king", "--range", radius});
    EXPECT_GE(found.at("queries")[0].at("neighbors").size(), 6U);
    for (const Json& each : found.at("queries")[0].at("neighbors")) {
        EXPECT_LE(each.at("distance").get<double>(), std::stod(radius));
    }
    const Json capped = run_json({"search", folder.file("a.kith"), "--item", "king", "--range", radius, "-k", "2"});
    EXPECT_EQ(capped.at("queries")[0].at("neighbors").size(), 2U);
}

}  // namespace
}  // namespace kith::test
