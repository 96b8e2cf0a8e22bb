#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

TEST(Tune, WritesPlotAndNumbersForEveryStep) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 2000);
    const Json report =
        run_json({"tune", folder.file("glove.txt"), "-o", folder.file("t.svg"), "--to", "45", "--queries", "20"});
    ASSERT_EQ(report.at("points").size(), 5U);  // 1, 11, 21, 31, 41
    EXPECT_EQ(report.at("points")[4].at("num_trees"), 41);
    EXPECT_GT(report.at("points")[4].at("accuracy"), report.at("points")[0].at("accuracy"));
    EXPECT_GT(report.at("points")[4].at("accuracy"), 0.9);
    EXPECT_THAT(slurp(folder.file("t.svg")), HasSubstr("Accuracy at 100"));
    const std::string csv = slurp(folder.file("t.csv"));
    EXPECT_THAT(csv, ::testing::StartsWith("num_trees,build_seconds,accuracy_at_100,query_seconds\n1,"));
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 6);
}

TEST(Tune, RefusesAnEmptyRangeAndAnotherFormat) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 20);
    EXPECT_EQ(run({"tune", folder.file("glove.txt"), "-o", folder.file("t.svg"), "--from", "9", "--to", "5"}).code,
              2);
    EXPECT_EQ(run({"tune", folder.file("glove.txt"), "-o", folder.file("t.png")}).code, 2);
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

}  // namespace
}  // namespace kith::test
