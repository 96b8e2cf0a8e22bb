#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

void make_files(const TempDir& folder) {
    write_small_glove(folder.file("glove.txt"), 500);
    for (const char* name : {"a.kith", "a.ann"}) {
        ASSERT_EQ(run({"build", folder.file("glove.txt"), "-o", folder.file(name), "--trees", "5"}).code, 0);
    }
}

TEST(Info, DescribesEveryKindOfFile) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_files(folder);
    const Json kith = run_json({"info", folder.file("a.kith")});
    EXPECT_EQ(kith.at("index"), "forest");
    EXPECT_EQ(kith.at("metric"), "angular");
    EXPECT_EQ(kith.at("items"), 500);
    EXPECT_EQ(kith.at("dimensions"), 50);
    EXPECT_EQ(kith.at("trees"), 5);
    EXPECT_GE(kith.at("sections").size(), 3U);
    const Json annoy = run_json({"info", folder.file("a.ann"), "--dim", "50"});
    EXPECT_EQ(annoy.at("items"), 500);
    EXPECT_EQ(annoy.at("trees"), 5);
    const Json text = run_json({"info", folder.file("glove.txt")});
    EXPECT_EQ(text.at("format"), "word2vec");
    EXPECT_EQ(text.at("items"), 500);
    EXPECT_EQ(text.at("first_words")[0], "the");
    EXPECT_THAT(run({"info", folder.file("a.ann")}).err, HasSubstr("--dim"));
}

TEST(Verify, SoundFilesPass) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_files(folder);
    EXPECT_EQ(run_json({"verify", folder.file("a.kith")}).at("ok"), true);
    EXPECT_EQ(run_json({"verify", folder.file("a.ann"), "--dim", "50"}).at("ok"), true);
    EXPECT_EQ(run_json({"verify", folder.file("glove.txt")}).at("ok"), true);
}

TEST(Verify, EveryDamagedByteIsFoundAndNamed) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_files(folder);
    const std::string sound = slurp(folder.file("a.kith"));
    for (const std::size_t at : {std::size_t{9}, sound.size() / 4, sound.size() / 2, sound.size() - 1}) {
        std::string damaged = sound;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        spill(folder.file("bad.kith"), damaged);
        const Result result = run({"verify", folder.file("bad.kith")});
        EXPECT_EQ(result.code == 3 || result.code == 1, true)
            << at << ": " << result.code << result.out << result.err;
        EXPECT_THAT(result.err, HasSubstr("bad.kith")) << at;
    }
    spill(folder.file("short.kith"), sound.substr(0, sound.size() / 2));
    EXPECT_EQ(run({"verify", folder.file("short.kith")}).code, 3);
}

TEST(Verify, JsonSaysWhatIsWrong) {
    KITH_NEED_GLOVE();
    const TempDir folder;
    make_files(folder);
    std::string bytes = slurp(folder.file("a.kith"));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    spill(folder.file("bad.kith"), bytes);
    const Result result = run({"verify", folder.file("bad.kith"), "--json"});
    EXPECT_EQ(result.code, 3);
    const Json report = Json::parse(result.out);
    EXPECT_EQ(report.at("ok"), false);
    EXPECT_TRUE(report.at("problem").is_string());
}

}  // namespace
}  // namespace kith::test
