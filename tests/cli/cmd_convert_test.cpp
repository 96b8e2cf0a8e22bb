#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

TEST(Convert, ThereAndBackIsTheSameFile) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 500);
    ASSERT_EQ(run({"convert", folder.file("glove.txt"), folder.file("first.txt")}).code, 0);
    for (const char* name : {"a.bin", "a.kith", "a.txt.gz", "a.bin.gz"}) {
        const Json report = run_json({"convert", folder.file("first.txt"), folder.file(name)});
        EXPECT_EQ(report.at("rows"), 500) << name;
        EXPECT_EQ(report.at("dimensions"), 50) << name;
        ASSERT_EQ(run({"convert", folder.file(name), folder.file("back.txt")}).code, 0);
        EXPECT_EQ(slurp(folder.file("back.txt")), slurp(folder.file("first.txt"))) << name;
    }
    ASSERT_EQ(run({"convert", folder.file("first.txt"), folder.file("bare.txt"), "--no-header"}).code, 0);
    EXPECT_EQ(slurp(folder.file("first.txt")), "500 50\n" + slurp(folder.file("bare.txt")));
}

TEST(Convert, VectorsWithoutWordsGoThroughTheFormatsThatHaveNone) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 200);
    ASSERT_EQ(run({"convert", folder.file("glove.txt"), folder.file("a.npy")}).code, 0);
    ASSERT_EQ(run({"convert", folder.file("a.npy"), folder.file("a.fvecs")}).code, 0);
    ASSERT_EQ(run({"convert", folder.file("a.fvecs"), folder.file("b.npy")}).code, 0);
    EXPECT_EQ(slurp(folder.file("a.npy")), slurp(folder.file("b.npy")));
    EXPECT_EQ(run_json({"convert", folder.file("a.npy"), folder.file("c.npy"), "--limit", "7"}).at("rows"), 7);
}

TEST(Convert, AnIndexMovesBetweenAnnoysFileAndOurs) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    write_small_glove(folder.file("glove.txt"), 500);
    ASSERT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file("a.ann"), "--trees", "5"}).code, 0);
    ASSERT_EQ(run({"convert", folder.file("a.ann"), folder.file("a.kith"), "--dim", "50"}).code, 0);
    ASSERT_EQ(run({"convert", folder.file("a.kith"), folder.file("b.ann")}).code, 0);
    EXPECT_EQ(slurp(folder.file("a.ann")), slurp(folder.file("b.ann")));
    EXPECT_EQ(run({"convert", folder.file("a.ann"), folder.file("c.kith")}).code, 2);
}

TEST(Convert, BadInputIsRefusedWithItsPlace) {
    const TempDir folder;
    spill(folder.file("bad.txt"), "2 3\nthe 1 2 3\nof 1 x 3\n");
    const Result result = run({"convert", folder.file("bad.txt"), folder.file("a.bin")});
    EXPECT_EQ(result.code, 3);
    EXPECT_THAT(result.err, HasSubstr("bad.txt"));
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
    EXPECT_EQ(run({"convert", folder.file("none.txt"), folder.file("a.bin")}).code, 1);
}

}  // namespace
}  // namespace kith::test
