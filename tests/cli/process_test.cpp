#include "process.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

TEST(ChildProcess, TalksBothWaysAndGivesItsExitCode) {
    ChildProcess child({"sh", "-c", "while read -r line; do echo \"got $line\"; done; exit 7"});
    child.write_line("one");
    EXPECT_EQ(child.read_line(), "got one");
    child.write_line("two");
    EXPECT_EQ(child.read_line(), "got two");
    EXPECT_EQ(child.wait(), 7);
}

TEST(ChildProcess, EndsWithItsParentsPipes) {
    ChildProcess first({"cat"});
    ChildProcess second({"cat"});
    EXPECT_EQ(first.wait(), 0);
    EXPECT_EQ(second.wait(), 0);
}

TEST(ChildProcess, OutputEndsWithTheProcess) {
    ChildProcess child({"printf", "a\\nb"});
    EXPECT_EQ(child.read_line(), "a");
    EXPECT_EQ(child.read_line(), "b");
    EXPECT_EQ(child.read_line(), std::nullopt);
    child.write_line("to nobody");
    EXPECT_EQ(child.wait(), 0);
}

TEST(ChildProcess, AMissingProgramIsAnError) {
    EXPECT_THROW(ChildProcess({"/no/such/program"}), IoError);
}

TEST(FindProgram, LooksInThePath) {
    EXPECT_TRUE(find_program("sh").has_value());
    EXPECT_FALSE(find_program("no-such-program-anywhere").has_value());
}

}  // namespace
}  // namespace kith::cli
