// Whatever happens while a file is written, the old file or the new one is there, whole; nothing is left lying
// about; and who asked is told. The `kith` program runs with faults put between it and the operating system.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "cli/fixtures.hpp"

namespace kith {
namespace {

using test::Environment;
using test::Result;

struct Job {
    std::string name;
    std::vector<std::string> arguments;  // without the output
    std::string output;
};

void PrintTo(const Job& job, std::ostream* out) {
    *out << job.name;
}

// The inputs are GLOVE and TEXT. Trained by one thread the same vectors come out each time.
const Job kJobs[] = {
    {"save", {"build", "GLOVE", "--trees", "3", "-o"}, "index.kith"},
    {"save_annoy", {"build", "GLOVE", "--trees", "3", "-o"}, "index.ann"},
    {"on_disk", {"build", "GLOVE", "--trees", "3", "--on-disk", "-o"}, "index.ann"},
    {"convert_kith", {"convert", "GLOVE"}, "words.kith"},
    {"convert_text", {"convert", "GLOVE"}, "words.txt.gz"},
    {"train", {"train", "TEXT", "--size", "20", "--epochs", "1", "--threads", "1", "-o"}, "words.bin"},
};

class Writing : public ::testing::TestWithParam<Job> {
protected:
    void SetUp() override {
        KITH_NEED_GLOVE();
        KITH_NEED_TEXT8();
        test::write_small_glove(inputs_.file("glove.txt"), 1500);
        test::write_small_corpus(inputs_.file("text"), 60'000);
        ASSERT_EQ(run().code, 0);
        new_ = test::slurp(output());
        ASSERT_FALSE(new_.empty());
        put_old();
    }

    [[nodiscard]] std::string output() const { return folder_.file(GetParam().output); }

    void put_old() { test::spill(output(), old_); }

    [[nodiscard]] std::vector<std::string> command() const {
        std::vector<std::string> arguments = GetParam().arguments;
        for (std::string& argument : arguments) {
            if (argument == "GLOVE") argument = inputs_.file("glove.txt");
            if (argument == "TEXT") argument = inputs_.file("text");
        }
        arguments.push_back(output());
        return arguments;
    }

    Result run(const std::string& fault = {}) {
        Environment environment;
        if (!fault.empty()) {
            environment = {{"LD_PRELOAD", KITH_FAULTS}, {"KITH_FAULT", fault}};
        }
        return test::run(command(), environment);
    }

    // How often the job asks the operating system to change a file.
    int calls() {
        const std::string count = inputs_.file("count");
        const Result result = test::run(
            command(), {{"LD_PRELOAD", KITH_FAULTS}, {"KITH_FAULT", "none"}, {"KITH_FAULT_COUNT", count}});
        EXPECT_EQ(result.code, 0) << result.err;
        put_old();
        return std::atoi(test::slurp(count).c_str());
    }

    void expect_old_or_new(const std::string& when) {
        const std::string found = test::slurp(output());
        EXPECT_TRUE(found == old_ || found == new_) << when << ": " << found.size() << " bytes";
    }

    void expect_nothing_else_after_the_next_run(const std::string& when) {
        ASSERT_EQ(run().code, 0);
        EXPECT_EQ(test::slurp(output()), new_) << when;
        EXPECT_EQ(test::names_in(folder_.path()), std::set<std::string>{GetParam().output}) << when;
        put_old();
    }

    // Bytes that are nobody's format: whoever reads them has read the old file.
    const std::string old_ = "the old file, whole";
    std::string new_;
    test::TempDir inputs_;
    test::TempDir folder_;
};

TEST_P(Writing, KilledAtEveryCallLeavesTheOldFileOrTheNew) {
    const int last = calls();
    ASSERT_GT(last, 3);
    for (int call = 1; call <= last; ++call) {
        const std::string when = "killed at call " + std::to_string(call);
        EXPECT_EQ(run("kill:" + std::to_string(call)).code, 128 + SIGKILL) << when;
        expect_old_or_new(when);
        put_old();
        (void)run("half:" + std::to_string(call));
        expect_old_or_new(when + ", half way");
    }
    expect_nothing_else_after_the_next_run("after the kills");
}

TEST_P(Writing, KilledAtRandomMomentsLeavesTheOldFileOrTheNew) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    ASSERT_EQ(run().code, 0);
    const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    put_old();
    std::mt19937_64 dice(7);
    for (int i = 0; i < 34; ++i) {
        const std::chrono::microseconds moment(dice() % static_cast<std::uint64_t>(whole.count() + 1));
        test::Program program(command());
        std::this_thread::sleep_for(moment);
        program.kill(SIGKILL);
        (void)program.wait();
        expect_old_or_new("killed after " + std::to_string(moment.count()) + " us");
        if (i % 8 == 7) expect_nothing_else_after_the_next_run("after a kill");
    }
    expect_nothing_else_after_the_next_run("after the last kill");
}

TEST_P(Writing, ErrorsOfTheSystemAreToldAndLeaveTheOldFile) {
    const int last = calls();
    for (const std::string kind : {"enospc:", "eio:"}) {
        for (int call = 1; call <= last; ++call) {
            const std::string fault = kind + std::to_string(call);
            const Result result = run(fault);
            if (result.code == 0) {  // what failed could be done another way, or needed no space
                EXPECT_EQ(test::slurp(output()), new_) << fault;
                put_old();
                continue;
            }
            EXPECT_LT(result.code, 128) << fault << ": " << result.err;
            EXPECT_NE(result.err.find(GetParam().output), std::string::npos) << fault << ": " << result.err;
            EXPECT_NE(result.err.find(kind == "eio:" ? "Input/output error" : "No space left"), std::string::npos)
                << fault << ": " << result.err;
            expect_old_or_new(fault);
            EXPECT_EQ(test::names_in(folder_.path()), std::set<std::string>{GetParam().output}) << fault;
            put_old();
        }
    }
}

TEST_P(Writing, InterruptedAndShortWritesAreGoneOnWith) {
    for (const char* fault : {"eintr", "short"}) {
        const Result result = run(fault);
        EXPECT_EQ(result.code, 0) << fault << ": " << result.err;
        EXPECT_EQ(test::slurp(output()), new_) << fault;
        put_old();
    }
}

TEST_P(Writing, IntoAFolderThatIsNotThereIsRefusedBeforeAnyWork) {
    std::vector<std::string> arguments = command();
    arguments.back() = folder_.file("no-such-folder/" + GetParam().output);
    const Result result = test::run(arguments);
    EXPECT_NE(result.code, 0);
    EXPECT_NE(result.err.find("no-such-folder"), std::string::npos) << result.err;
}

INSTANTIATE_TEST_SUITE_P(Of, Writing, ::testing::ValuesIn(kJobs), [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace kith
