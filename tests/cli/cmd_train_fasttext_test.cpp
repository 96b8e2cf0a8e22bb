#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <kith/fasttext.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

TEST(TrainFastText, WritesVectorsAndAModelThatGivesThemToo) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    write_small_corpus(folder.file("corpus.txt"));
    const Json report = run_json({"train", "fasttext", folder.file("corpus.txt"), "-o", folder.file("v.kith"),
                                  "--save-model", folder.file("m.bin"), "--vector-size", "16", "--epochs", "1",
                                  "--threads", "1", "--bucket", "5000", "--sg", "1", "--min-n", "2"});
    EXPECT_EQ(report.at("dimensions"), 16);
    EXPECT_THAT(run({"similar", folder.file("v.kith"), "the"}).out, HasSubstr("cosine"));
    const FastText model = FastText::load_facebook(folder.file("m.bin"));
    EXPECT_EQ(model.options().min_n, 2U);
    const KeyedVectors vectors = KeyedVectors::open(folder.file("v.kith"));
    ASSERT_EQ(vectors.size(), model.vocabulary().size());
    const std::vector<float> the = model.vector("the");
    EXPECT_TRUE(std::equal(the.begin(), the.end(), vectors.vector("the").begin()));
}

TEST(TrainFastText, GoesOnWithAModelOfEitherFormat) {
    const TempDir folder;
    std::string text;
    for (int i = 0; i < 300; ++i) text += "walking talking walked talked\n";
    spill(folder.file("text"), text);
    spill(folder.file("more"), text + "stalking stalking stalking stalking stalking\n");
    for (const char* model : {"m.kith", "m.bin"}) {
        run_json({"train", "fasttext", folder.file("text"), "-o", folder.file("v.kith"), "--save-model",
                  folder.file(model), "--vector-size", "8", "--bucket", "100"});
        const Json more = run_json({"train", "fasttext", folder.file("more"), "-o", folder.file("v.kith"),
                                    "--continue", folder.file(model), "--save-model", folder.file(model)});
        EXPECT_EQ(more.at("vocabulary"), 5) << model;
        EXPECT_EQ(more.at("dimensions"), 8) << model;
    }
    EXPECT_THAT(run({"similar", folder.file("m.kith"), "stalking"}).out, HasSubstr("talking"));
}

TEST(TrainFastText, RefusesBeforeTheWorkWhatCannotEndWell) {
    const TempDir folder;
    spill(folder.file("text"), "a b c\n");
    EXPECT_EQ(run({"train", "fasttext", "-o", folder.file("v.kith")}).code, 2);
    EXPECT_EQ(run({"train", "fasttext", folder.file("text"), "-o", folder.file("v.xyz")}).code, 2);
    EXPECT_EQ(run({"train", "fasttext", folder.file("text"), "-o", folder.file("v.kith"), "--min-n", "0"}).code, 2);
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

}  // namespace
}  // namespace kith::test
