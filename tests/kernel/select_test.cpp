#include "kernel/select.hpp"

#include <cstdlib>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>

namespace kith::kernel {
namespace {

TEST(Select, BaselineIsAlwaysThereAndLast) {
    ASSERT_FALSE(available().empty());
    EXPECT_STREQ(available().back()->name, "baseline");
}

TEST(Select, EveryAvailableSetIsFoundByItsOwnName) {
    std::set<std::string> names;
    for (const Table* const table : available()) {
        EXPECT_EQ(&by_name(table->name), table);
        EXPECT_TRUE(names.insert(table->name).second) << table->name << " twice";
    }
}

TEST(Select, AnUnknownSetIsRefusedWithTheNamesThatExist) {
    try {
        (void)by_name("altivec");
        FAIL() << "expected Unsupported";
    } catch (const Unsupported& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("altivec"), std::string::npos);
        for (const Table* const table : available()) EXPECT_NE(text.find(table->name), std::string::npos) << text;
    }
}

// The choice is made once per process: each case runs in a process of its own.
class SelectDeathTest : public testing::Test {
protected:
    void SetUp() override { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

[[noreturn]] void exit_zero_if_active_is(const char* forced, const char* expected) {
    setenv("KITH_ISA", forced, 1);
    std::exit(std::string(active().name) == expected ? 0 : 1);
}

TEST_F(SelectDeathTest, TheEnvironmentForcesEachSetThatCanRun) {
    for (const Table* const table : available()) {
        EXPECT_EXIT(exit_zero_if_active_is(table->name, table->name), testing::ExitedWithCode(0), "");
    }
}

TEST_F(SelectDeathTest, WithoutTheVariableTheBestSetIsActive) {
    EXPECT_EXIT(exit_zero_if_active_is("", available().front()->name), testing::ExitedWithCode(0), "");
}

[[noreturn]] void exit_three_if_refused(const char* forced) {
    setenv("KITH_ISA", forced, 1);
    try {
        (void)active();
    } catch (const Unsupported& error) {
        const std::string text = error.what();
        const bool tells = text.find("KITH_ISA") != std::string::npos && text.find(forced) != std::string::npos &&
                           text.find("baseline") != std::string::npos;
        std::exit(tells ? 3 : 4);
    }
    std::exit(5);
}

TEST_F(SelectDeathTest, AWrongNameInTheEnvironmentIsRefused) {
    EXPECT_EXIT(exit_three_if_refused("sse9"), testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace kith::kernel
