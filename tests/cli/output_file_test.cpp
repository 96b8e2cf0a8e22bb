#include "output_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>

#include <kith/error.hpp>

#include "program.hpp"

namespace kith::cli {
namespace {

using test::names_in;
using test::slurp;
using test::spill;
using test::TempDir;

TEST(WriteTextFile, ReplacesTheWholeFileAndLeavesNothingElse) {
    const TempDir folder;
    write_text_file(folder.file("a.csv"), "first");
    write_text_file(folder.file("a.csv"), "second");
    EXPECT_EQ(slurp(folder.file("a.csv")), "second");
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

TEST(PartialFile, VanishesUnlessKept) {
    const TempDir folder;
    spill(folder.file("a"), "old");
    try {
        PartialFile partial(folder.file("a"));
        spill(partial.path(), "half");
        throw std::runtime_error("interrupted");
    } catch (const std::runtime_error&) {
    }
    EXPECT_EQ(slurp(folder.file("a")), "old");
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

TEST(CheckOutput, RefusesWhatCannotBeWrittenBeforeTheWork) {
    const TempDir folder;
    EXPECT_NO_THROW(check_output(folder.file("new.bin")));
    EXPECT_THROW(check_output(folder.file("no/such/folder/new.bin")), IoError);
    EXPECT_THROW(check_output(folder.path().string()), IoError);
}

TEST(WithEnding, ReplacesTheLastEnding) {
    EXPECT_EQ(with_ending("a/tune.svg", ".csv"), "a/tune.csv");
}

}  // namespace
}  // namespace kith::cli
