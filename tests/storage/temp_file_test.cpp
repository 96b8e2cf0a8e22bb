#include "storage/temp_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include <kith/error.hpp>

#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

namespace fs = std::filesystem;
using test::list_folder;
using test::read_bytes;
using test::write_bytes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

void put(const TempFile& file, const std::string& text) {
    ASSERT_EQ(::write(file.fd(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

class TempFileTest : public ::testing::Test {
protected:
    test::TempDir folder_;
    std::string path_ = folder_.file("target");
};

TEST_F(TempFileTest, NothingIsAtThePathBeforeCommit) {
    TempFile file(path_);
    put(file, "new");
    EXPECT_FALSE(fs::exists(path_));
    file.commit();
    EXPECT_EQ(read_bytes(path_), "new");
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("target"));
}

TEST_F(TempFileTest, AnAbandonedOneLeavesTheOldFileAndNoTrace) {
    write_bytes(path_, "old");
    {
        const TempFile file(path_);
        put(file, "new");
        EXPECT_EQ(list_folder(folder_.path()).size(), 2u);
    }
    EXPECT_EQ(read_bytes(path_), "old");
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("target"));
}

TEST_F(TempFileTest, TheTemporaryNameTellsWhatItIs) {
    const TempFile file(path_);
    const std::string name = list_folder(folder_.path())[0];
    EXPECT_TRUE(name.starts_with("target.")) << name;
    EXPECT_TRUE(name.ends_with(".kith-tmp")) << name;
}

TEST_F(TempFileTest, SeveralWritersOfOnePathDoNotDisturbEachOther) {
    TempFile first(path_);
    TempFile second(path_);
    put(first, "first");
    put(second, "second");
    second.commit();
    EXPECT_EQ(read_bytes(path_), "second");
    first.commit();
    EXPECT_EQ(read_bytes(path_), "first");
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("target"));
}

TEST_F(TempFileTest, WhatAKilledWriterLeftIsRemovedByTheNext) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const TempFile file(path_);
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(list_folder(folder_.path()).size(), 1u);
    TempFile(path_).commit();
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("target"));
}

TEST_F(TempFileTest, PermissionsAreThoseOfAnyNewFile) {
    const mode_t before = ::umask(027);
    TempFile(path_).commit();
    ::umask(before);
    EXPECT_EQ(fs::status(path_).permissions(), static_cast<fs::perms>(0640));
}

TEST_F(TempFileTest, ALinkIsFollowedAndStaysALink) {
    fs::create_directory(folder_.file("sub"));
    const std::string real = folder_.file("sub/real");
    write_bytes(real, "old");
    fs::create_symlink("sub/real", path_);
    TempFile file(path_);
    put(file, "new");
    file.commit();
    EXPECT_TRUE(fs::is_symlink(path_));
    EXPECT_EQ(read_bytes(real), "new");
}

TEST_F(TempFileTest, ALinkToNothingYetCreatesWhatItPointsTo) {
    fs::create_symlink(folder_.file("real"), path_);
    TempFile file(path_);
    put(file, "new");
    file.commit();
    EXPECT_TRUE(fs::is_symlink(path_));
    EXPECT_EQ(read_bytes(folder_.file("real")), "new");
}

TEST_F(TempFileTest, LinksInACircleAreAnError) {
    fs::create_symlink(folder_.file("other"), path_);
    fs::create_symlink(path_, folder_.file("other"));
    EXPECT_THROW(TempFile{path_}, IoError);
}

TEST_F(TempFileTest, ADeviceIsWrittenToDirectlyAndNotReplaced) {
    TempFile file("/dev/null");
    EXPECT_TRUE(file.direct());
    put(file, "gone");
    file.commit();
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(TempFileTest, ALongNameStillHasRoomForATemporaryOne) {
    const std::string path = folder_.file(std::string(250, 'x'));
    TempFile(path).commit();
    EXPECT_TRUE(fs::exists(path));
}

TEST_F(TempFileTest, WhereNothingCanBeWrittenIsAnErrorWithPathAndReason) {
    EXPECT_THROW(TempFile{""}, InvalidArgument);
    try {
        const TempFile file(folder_.path().string());
        FAIL() << "expected IoError";
    } catch (const IoError& error) {
        EXPECT_EQ(error.error_number(), EISDIR);
    }
    const std::string nowhere = folder_.file("no/such/folder");
    try {
        const TempFile file(nowhere);
        FAIL() << "expected IoError";
    } catch (const IoError& error) {
        EXPECT_EQ(error.error_number(), ENOENT);
        EXPECT_EQ(error.path(), nowhere);
    }
    EXPECT_THAT(list_folder(folder_.path()), IsEmpty());
}

}  // namespace
}  // namespace kith::storage
