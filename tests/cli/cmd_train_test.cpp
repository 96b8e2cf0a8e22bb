#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<std::string> kSmallWord2Vec = {"--vector-size", "16", "--epochs", "1", "--threads", "1"};

std::vector<std::string> train(const std::string& corpus, const std::string& output,
                               const std::vector<std::string>& more = kSmallWord2Vec) {
    std::vector<std::string> arguments = {"train", corpus, "-o", output};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

TEST(Train, WritesEveryFormatWithTheSameVectors) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    write_small_corpus(folder.file("corpus.txt"));
    for (const char* name : {"v.kith", "v.bin", "v.txt", "v.txt.gz"}) {
        const Json report = run_json(train(folder.file("corpus.txt"), folder.file(name)));
        EXPECT_EQ(report.at("dimensions"), 16) << name;
        EXPECT_GT(report.at("vocabulary"), 1000) << name;
    }
    const std::string expected = run({"similar", folder.file("v.kith"), "the"}).out;
    EXPECT_THAT(expected, HasSubstr("cosine"));
    for (const char* name : {"v.bin", "v.txt", "v.txt.gz"}) {
        EXPECT_EQ(run({"similar", folder.file(name), "the"}).out, expected) << name;
    }
}

TEST(Train, ReadsGzAndFoldersAlike) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    std::filesystem::create_directory(folder.file("texts"));
    write_small_corpus(folder.file("texts/a.txt"));
    write_small_corpus(folder.file("a.txt"));
    const Json from_folder = run_json(train(folder.file("texts"), folder.file("a.bin")));
    const Json from_file = run_json(train(folder.file("a.txt"), folder.file("b.bin")));
    EXPECT_EQ(from_folder.at("corpus_words"), from_file.at("corpus_words"));
    EXPECT_EQ(slurp(folder.file("a.bin")), slurp(folder.file("b.bin")));
}

TEST(Train, KnowsEveryOptionOfTheModel) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    write_small_corpus(folder.file("corpus.txt"), 100'000);
    const Result result = run(train(folder.file("corpus.txt"), folder.file("v.bin"),
                                    {"--vector-size",
                                     "8",
                                     "--sg",
                                     "1",
                                     "--window",
                                     "3",
                                     "--negative",
                                     "0",
                                     "--hs",
                                     "1",
                                     "--sample",
                                     "1e-4",
                                     "--min-count",
                                     "2",
                                     "--epochs",
                                     "2",
                                     "--alpha",
                                     "0.05",
                                     "--seed",
                                     "7",
                                     "--max-final-vocab",
                                     "500",
                                     "--min-alpha",
                                     "0.001",
                                     "--cbow-mean",
                                     "0",
                                     "--save-vocab",
                                     folder.file("vocab.txt"),
                                     "--shrink-windows",
                                     "0",
                                     "--ns-exponent",
                                     "0.5",
                                     "--sentences",
                                     "none",
                                     "--max-sentence-length",
                                     "100",
                                     "--max-vocab-size",
                                     "9000",
                                     "--threads",
                                     "2"}));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(slurp(folder.file("vocab.txt")), ::testing::StartsWith("the "));
}

TEST(Train, RefusesBeforeTheWorkWhatCannotEndWell) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    write_small_corpus(folder.file("corpus.txt"), 50'000);
    const std::string corpus = folder.file("corpus.txt");
    EXPECT_EQ(run(train(folder.file("none.txt"), folder.file("v.bin"))).code, 1);
    EXPECT_EQ(run(train(corpus, folder.file("no/such/folder/v.bin"))).code, 1);
    const Result format = run(train(corpus, folder.file("v.xyz")));
    EXPECT_EQ(format.code, 2);
    EXPECT_THAT(format.err, HasSubstr("v.xyz"));
    const Result window = run(train(corpus, folder.file("v.bin"), {"--window", "0"}));
    EXPECT_EQ(window.code, 2);
    EXPECT_THAT(window.err, HasSubstr("window"));
    EXPECT_EQ(run(train(corpus, folder.file("v.bin"), {"--min-count", "1000000"})).code, 2);
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

TEST(Train, GoesOnWithAModelAndLearnsNewWords) {
    const TempDir folder;
    std::string text;
    for (int i = 0; i < 300; ++i) text += "one two three four\n";
    spill(folder.file("text"), text);
    spill(folder.file("more"), text + "five five five five five\n");
    const std::string model = folder.file("m.kith");
    const auto trained = [&](const char* corpus, const std::vector<std::string>& more) {
        std::vector<std::string> arguments = {
            "train", folder.file(corpus), "-o", folder.file("v.kith"), "--threads", "1"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    EXPECT_EQ(run_json(trained("text", {"--save-model", model, "--vector-size", "8"})).at("vocabulary"), 4);
    const std::string first = run({"similar", folder.file("v.kith"), "one"}).out;
    const Json more = run_json(trained("more", {"--continue", model, "--save-model", model, "--epochs", "2"}));
    EXPECT_EQ(more.at("vocabulary"), 5);
    EXPECT_EQ(more.at("dimensions"), 8) << "the model's";
    EXPECT_NE(run({"similar", folder.file("v.kith"), "one"}).out, first);
    EXPECT_EQ(run_json(trained("more", {"--continue", model})).at("vocabulary"), 5)
        << "checkpoint after checkpoint";
    spill(folder.file("more"), "six six six six six six\n");
    EXPECT_EQ(run_json(trained("more", {"--continue", model, "--add-words", "0"})).at("vocabulary"), 5);

    const Result window = run(trained("more", {"--continue", model, "--window", "3"}));
    EXPECT_EQ(window.code, 2);
    EXPECT_THAT(window.err, HasSubstr("--window"));
    EXPECT_EQ(run(trained("more", {"--add-words", "1"})).code, 2);
    EXPECT_EQ(run(trained("more", {"--continue", folder.file("v.kith")})).code, 2) << "vectors are no model";
}

TEST(Train, StartsFromTheVectorsOfAFileAndHoldsThemUnlessToldOtherwise) {
    const TempDir folder;
    std::string text;
    for (int i = 0; i < 300; ++i) text += "one two three four\n";
    spill(folder.file("text"), text);
    spill(folder.file("known.txt"), "2 3\nunheard 1 2 3\ntwo 0.5 -0.25 2\n");
    const std::string model = folder.file("m.kith");
    const auto trained = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments = train(folder.file("text"), folder.file("v.txt"), {"--threads", "1"});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    const std::vector<std::string> known = {"--vectors", folder.file("known.txt")};
    const auto with_known = [&](std::vector<std::string> more) {
        more.insert(more.end(), known.begin(), known.end());
        return trained(more);
    };
    const std::string line = "two 0.5 -0.25 2.0\n";
    const Json report = run_json(with_known({"--vector-size", "3", "--save-model", model}));
    EXPECT_EQ(report.at("taken_vectors"), 1);
    EXPECT_EQ(report.at("vocabulary"), 4);
    EXPECT_THAT(slurp(folder.file("v.txt")), HasSubstr(line));
    EXPECT_EQ(run_json(with_known({"--vector-size", "3", "--lock-factor", "1"})).at("taken_vectors"), 1);
    EXPECT_THAT(slurp(folder.file("v.txt")), ::testing::Not(HasSubstr(line)));
    EXPECT_EQ(run_json(trained({"--continue", model})).count("taken_vectors"), 0U);
    EXPECT_THAT(slurp(folder.file("v.txt")), ::testing::Not(HasSubstr(line)));
    EXPECT_EQ(run_json(with_known({"--continue", model})).at("taken_vectors"), 1);
    EXPECT_THAT(slurp(folder.file("v.txt")), HasSubstr(line));

    const Result size = run(with_known({"--vector-size", "4"}));
    EXPECT_EQ(size.code, 2);
    EXPECT_THAT(size.err, HasSubstr("--vector-size is 4"));
    EXPECT_EQ(run(trained({"--lock-factor", "1"})).code, 2) << "of no vectors";
}

TEST(Train, ADamagedGzIsACorruptFile) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    spill(folder.file("corpus.gz"), slurp(data_path("text8.prefix.gz")).substr(0, 100'000));
    const Result result = run(train(folder.file("corpus.gz"), folder.file("v.bin")));
    EXPECT_EQ(result.code, 3) << result.err;
    EXPECT_THAT(result.err, HasSubstr("corpus.gz"));
}

TEST(Train, QuietSaysNothing) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    write_small_corpus(folder.file("corpus.txt"), 50'000);
    auto arguments = train(folder.file("corpus.txt"), folder.file("v.bin"));
    arguments.emplace_back("--quiet");
    EXPECT_THAT(run(arguments).err, IsEmpty());
}

}  // namespace
}  // namespace kith::test
