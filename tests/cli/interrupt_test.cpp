#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "fixtures.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Work that takes hours, in words of a command: CORPUS and MODEL stand for files, OUT for a folder.
struct LongWork {
    const char* name;
    std::vector<std::string> command;
    int signal;

    friend void PrintTo(const LongWork& work, std::ostream* out) { *out << work.name; }
};

std::string with(std::string text, const std::string& mark, const std::string& value) {
    const std::size_t at = text.find(mark);
    return at == std::string::npos ? text : text.replace(at, mark.size(), value);
}

class Interrupted : public ::testing::TestWithParam<LongWork> {};

TEST_P(Interrupted, LeavesNoFileAndNoLitter) {
    KITH_NEED_TEXT8();
    const TempDir folder;
    const std::string corpus = folder.file("corpus.txt");
    write_small_corpus(corpus, 2'000'000);
    const std::string model = folder.file("m.kith");
    if (GetParam().command.front() == "infer") {
        ASSERT_EQ(run({"train", "doc2vec", corpus, "-o", folder.file("d.kith"), "--save-model", model, "--epochs",
                       "1", "--vector-size", "8"})
                      .code,
                  0);
    }
    std::filesystem::create_directory(folder.file("out"));
    std::vector<std::string> command;
    for (const std::string& word : GetParam().command) {
        command.push_back(with(with(with(word, "CORPUS", corpus), "MODEL", model), "OUT", folder.file("out")));
    }
    // Phrases are read once: from as many files as there are names of the one.
    if (command.front() == "phrases") command.insert(command.end(), 2000, corpus);
    Program program(command);
    // Its first words on stderr tell that the work has begun.
    for (int i = 0; i < 1000 && program.err().empty(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    program.kill(GetParam().signal);
    const Result result = program.wait();
    EXPECT_EQ(result.code, 130);
    EXPECT_THAT(result.err, HasSubstr("interrupted"));
    EXPECT_THAT(names_in(folder.file("out")), IsEmpty());
}

const std::vector<LongWork> kLongWork = {
    {"Train", {"train", "CORPUS", "-o", "OUT/v.kith", "--epochs", "10000", "--threads", "2"}, SIGINT},
    {"TrainTerminated", {"train", "CORPUS", "-o", "OUT/v.kith", "--epochs", "10000", "--threads", "2"}, SIGTERM},
    {"TrainDoc2Vec", {"train", "doc2vec", "CORPUS", "-o", "OUT/d.kith", "--epochs", "10000"}, SIGINT},
    {"TrainFastText", {"train", "fasttext", "CORPUS", "-o", "OUT/f.bin", "--epochs", "10000"}, SIGINT},
    {"Phrases", {"phrases", "-o", "OUT/joined.txt", "--save-phrases", "OUT/list"}, SIGINT},
    {"Infer", {"infer", "MODEL", "CORPUS", "-o", "OUT/i.kith", "--epochs", "10000000"}, SIGINT},
};

INSTANTIATE_TEST_SUITE_P(Commands, Interrupted, ::testing::ValuesIn(kLongWork),
                         [](const auto& work) { return std::string(work.param.name); });

}  // namespace
}  // namespace kith::test
