#include "app.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include <map>

#include <kith/version.hpp>

#include "program.hpp"

namespace kith::cli {
namespace {

using test::Result;
using test::run;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Program, SaysItsVersion) {
    const Result result = run({"--version"});
    EXPECT_EQ(result.code, 0);
    EXPECT_EQ(result.out, std::string("kith ") + kVersion + "\n");
}

TEST(Program, HelpNamesEveryCommandAndTheExitCodes) {
    const Result result = run({"--help"});
    EXPECT_EQ(result.code, 0);
    for (const char* command : {"train", "convert", "build", "add", "remove", "compact", "search", "similar",
                                "analogy", "eval", "tune", "info", "verify", "demo", "completion"}) {
        EXPECT_THAT(result.out, HasSubstr(std::string("\n  ") + command + " "));
    }
    EXPECT_THAT(result.out, HasSubstr("130 interrupted"));
    EXPECT_THAT(result.out, Not(HasSubstr("demo-worker")));
}

TEST(Program, EveryCommandHasHelpWithExamples) {
    const auto app = make_app();
    for (const CLI::App* command : app->get_subcommands(nullptr)) {
        if (command->get_group().empty()) continue;
        const Result result = run({command->get_name(), "--help"});
        EXPECT_EQ(result.code, 0) << command->get_name();
        EXPECT_THAT(result.out, HasSubstr("Examples:\n  ")) << command->get_name();
        EXPECT_THAT(result.err, IsEmpty()) << command->get_name();
    }
}

// One option, one meaning: what two commands both have has the same short name in both.
TEST(Program, OptionsAreConsistentAcrossCommands) {
    const auto app = make_app();
    std::map<std::string, std::set<std::string>> long_names_of;
    for (const CLI::App* command : app->get_subcommands(nullptr)) {
        for (const CLI::Option* option : command->get_options()) {
            if (option->get_snames().empty() || option->get_lnames().empty()) continue;
            for (const std::string& name : option->get_snames())
                long_names_of[name].insert(option->get_lnames().front());
        }
    }
    long_names_of["o"].erase("output-dir");
    for (const auto& [name, long_names] : long_names_of) EXPECT_EQ(long_names.size(), 1U) << "-" << name;
}

TEST(Program, AWrongCommandLineIsExitCode2WithAHint) {
    const Result unknown = run({"serach", "x"});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.err, HasSubstr("unknown command 'serach'; did you mean 'search'?"));
    EXPECT_THAT(unknown.out, IsEmpty());
    EXPECT_EQ(run({}).code, 2);
    EXPECT_EQ(run({"similar"}).code, 2);
    EXPECT_EQ(run({"info", "f", "--no-such-option"}).code, 2);
    EXPECT_EQ(run({"build", "f", "-o", "g.kith", "--trees", "many"}).code, 2);
    EXPECT_THAT(run({"build", "f", "-o", "g.kith", "--metric", "nearness"}).err, HasSubstr("nearness"));
}

TEST(Program, GensimsSpellingWithUnderscoresWorks) {
    EXPECT_THAT(run({"train", "/no/such/corpus", "-o", "/tmp/x.bin", "--vector_size=10", "--min_count", "1"}).err,
                HasSubstr("/no/such/corpus"));
}

TEST(Program, CompletionScriptsAreValid) {
    const test::TempDir folder;
    const Result bash = run({"completion", "bash"});
    EXPECT_EQ(bash.code, 0);
    test::spill(folder.file("kith.bash"), bash.out);
    EXPECT_EQ(test::Program({"-n", folder.file("kith.bash")}, {}, "bash").wait().code, 0);
    EXPECT_THAT(run({"completion", "zsh"}).out, HasSubstr("#compdef kith"));
    EXPECT_THAT(run({"completion", "fish"}).out, HasSubstr("complete -c kith"));
    EXPECT_EQ(run({"completion", "tcsh"}).code, 2);
}

TEST(Program, BashCompletesCommandsOptionsAndChoices) {
    const std::string script = std::string("source <('") + KITH_PROGRAM + R"(' completion bash)
        try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kith; echo "${COMPREPLY[*]}"; }
        try kith sim
        try kith build vectors.bin --met
        try kith build vectors.bin --metric eu)";
    const Result result = test::Program({"-c", script}, {}, "bash").wait();
    EXPECT_EQ(result.out, "similar\n--metric\neuclidean\n") << result.err;
}

}  // namespace
}  // namespace kith::cli
