#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

TEST(Demo, QuickWalksTheWholePath) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    const Json report = run_json({"demo", data_path("text8.prefix.gz"), "--quick", "-o", folder.file("out")});
    EXPECT_EQ(report.at("neighbors").at("table").size(), 11U);
    EXPECT_EQ(report.at("neighbors").at("table")[0].at("exact"), "science");
    EXPECT_EQ(report.at("neighbors").at("table")[0].at("approximate"), "science");
    EXPECT_GT(report.at("speed").at("speed_up"), 0.0);
    EXPECT_EQ(report.at("save").at("identical"), true);
    EXPECT_GE(report.at("memory").at("processes").size(), 2U);
    for (const Json& process : report.at("memory").at("processes")) EXPECT_GT(process.at("private"), 0);
    for (const Json& file : report.at("formats").at("files")) EXPECT_EQ(file.at("identical"), true);
    EXPECT_EQ(report.at("tune").at("points").size(), 5U);
    EXPECT_THAT(names_in(folder.file("out")),
                IsSupersetOf({"vectors.kith", "index.ann", "vectors.txt", "vectors.bin", "tune.svg", "tune.csv"}));
}

TEST(Demo, SaysWhereItsTextComesFrom) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    std::filesystem::create_directory(folder.file("data"));
    std::filesystem::copy(data_path("text8.prefix.gz"), folder.file("data/text8.gz"));
    const Result result =
        run({"demo", "--quick", "-o", folder.file("out")}, {{"KITH_DATA_DIR", folder.file("data")}});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(folder.file("data/text8.gz")));
    EXPECT_THAT(result.out, HasSubstr("times as fast"));
}

TEST(Demo, AMissingTextIsAnError) {
    const TempDir folder;
    const Result result = run({"demo", folder.file("none.txt"), "--quick", "-o", folder.file("out")});
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("none.txt"));
}

}  // namespace
}  // namespace kith::test
