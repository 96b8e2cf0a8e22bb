#include "storage/mapped_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include <kith/error.hpp>

#include "storage/atomic_file.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

using test::list_folder;
using test::read_bytes;
using test::write_bytes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string_view text_of(const Region& region) {
    return {reinterpret_cast<const char*>(region.data()), region.size()};
}

int run_child(int (*body)(const std::string&), const std::string& path) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body(path));
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

class MappedFileTest : public ::testing::Test {
protected:
    test::TempDir folder_;
    std::string path_ = folder_.file("file");
};

TEST_F(MappedFileTest, MapsTheWholeFileWithAndWithoutPrefault) {
    const std::string content(100'001, 'x');
    write_bytes(path_, content);
    for (const Prefault mode : {Prefault::kNo, Prefault::kYes}) {
        const Region region = map_file(path_, mode);
        EXPECT_EQ(text_of(region), content);
        advise(region.bytes(), AccessPattern::kRandom);
        advise(region.bytes().subspan(5000), AccessPattern::kSequential);
        advise(region.bytes(), AccessPattern::kNormal);
        prefault(region.bytes().subspan(5000, 1));
        EXPECT_EQ(text_of(region), content);
    }
}

TEST_F(MappedFileTest, AnEmptyFileIsAnEmptyRegion) {
    write_bytes(path_, "");
    EXPECT_TRUE(map_file(path_, Prefault::kYes).empty());
}

TEST_F(MappedFileTest, WhatCannotBeMappedIsAnErrorThatNamesIt) {
    const auto reason = [](const std::string& path) {
        try {
            (void)map_file(path);
        } catch (const IoError& error) {
            EXPECT_EQ(error.path(), path);
            return error.error_number();
        }
        return 0;
    };
    EXPECT_EQ(reason(path_), ENOENT);
    EXPECT_EQ(reason(folder_.path().string()), EISDIR);
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    EXPECT_EQ(reason(path_), ENODEV);
}

TEST_F(MappedFileTest, AMapKeepsTheOldFileWhenAnotherTakesItsName) {
    write_bytes(path_, "old content");
    const Region old = map_file(path_);
    AtomicFile file(path_);
    file.write("new");
    file.commit();
    EXPECT_EQ(text_of(old), "old content");
    EXPECT_EQ(text_of(map_file(path_)), "new");
}

TEST_F(MappedFileTest, TwoProcessesShareThePages) {
    write_bytes(path_, std::string(1 << 16, 'a'));
    const Region mine = map_file(path_);
    ASSERT_EQ(text_of(mine)[40000], 'a');
    // The child sees through its own map what it writes to the file, and so does this process: one memory.
    const int status = run_child(
        [](const std::string& path) {
            const Region region = map_file(path);
            const int fd = ::open(path.c_str(), O_WRONLY);
            const bool written = ::pwrite(fd, "b", 1, 40000) == 1;
            return written && text_of(region)[40000] == 'b' ? 0 : 1;
        },
        path_);
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(*static_cast<const volatile std::byte*>(mine.data() + 40000) == std::byte{'b'});
}

TEST_F(MappedFileTest, ManyMapsLeakNeitherDescriptorsNorAddressSpace) {
    write_bytes(path_, std::string(1 << 20, 'a'));
    const auto open_files = [] { return list_folder("/proc/self/fd").size(); };
    const auto mapped_areas = [] {
        std::ifstream maps("/proc/self/maps");
        return std::count(std::istreambuf_iterator<char>(maps), {}, '\n');
    };
    const auto files = open_files();
    const auto areas = mapped_areas();
    for (int i = 0; i < 2000; ++i) (void)map_file(path_);
    EXPECT_EQ(open_files(), files);
    EXPECT_LE(mapped_areas(), areas + 2);
}

TEST_F(MappedFileTest, AGrowingFileAppearsWholeAtCommit) {
    GrowingFile file(path_);
    std::string expected;
    for (std::size_t size = 1; size < (1U << 20); size = size * 3 + 7) {
        file.resize(size);
        EXPECT_EQ(file.size(), size);
        std::memset(file.data() + expected.size(), 'a' + static_cast<int>(size % 26), size - expected.size());
        expected.resize(size, static_cast<char>('a' + size % 26));
    }
    EXPECT_FALSE(std::filesystem::exists(path_));
    const Region region = file.commit();
    EXPECT_EQ(text_of(region), expected);
    EXPECT_EQ(read_bytes(path_), expected);
    EXPECT_EQ(file.data(), nullptr);
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("file"));
}

TEST_F(MappedFileTest, WhatAGrowingFileGainsIsZeroEvenWhereItWasBefore) {
    GrowingFile file(path_);
    file.resize(200'000);
    std::memset(file.data(), 'x', 200'000);
    file.resize(10);
    file.resize(300'000);
    const std::string_view seen(reinterpret_cast<const char*>(file.data()), 300'000);
    EXPECT_EQ(seen.substr(0, 10), "xxxxxxxxxx");
    EXPECT_EQ(seen.find_first_not_of('\0', 10), std::string_view::npos);
}

TEST_F(MappedFileTest, AnAbandonedGrowingFileLeavesTheOldOneAndNoTrace) {
    write_bytes(path_, "old");
    {
        GrowingFile file(path_);
        file.resize(1 << 20);
        file.data()[7] = std::byte{1};
    }
    EXPECT_EQ(read_bytes(path_), "old");
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("file"));
}

TEST_F(MappedFileTest, AnEmptyGrowingFileCanBeCommitted) {
    GrowingFile file(path_);
    EXPECT_TRUE(file.commit().empty());
    EXPECT_EQ(read_bytes(path_), "");
}

TEST_F(MappedFileTest, GrowingBeyondTheDiskIsAnErrorThatChangesNothing) {
    const int status = run_child(
        [](const std::string& path) {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{1 << 20, 1 << 20};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            GrowingFile file(path);
            file.resize(1 << 20);
            std::memset(file.data(), 'k', file.size());
            try {
                file.resize((1 << 20) + 1);
                return 1;
            } catch (const IoError& error) {
                if (error.error_number() != EFBIG || file.size() != (1 << 20)) return 2;
            }
            (void)file.commit();
            return 0;
        },
        path_);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(read_bytes(path_), std::string(1 << 20, 'k'));
    GrowingFile file(path_);
    EXPECT_THROW(file.resize(std::numeric_limits<std::size_t>::max()), IoError);
    EXPECT_EQ(file.size(), 0u);
}

TEST_F(MappedFileTest, OnlyARegularFileCanGrow) {
    EXPECT_THROW(GrowingFile{"/dev/null"}, InvalidArgument);
    EXPECT_THROW(GrowingFile{folder_.file("no/such")}, IoError);
    EXPECT_THAT(list_folder(folder_.path()), IsEmpty());
}

}  // namespace
}  // namespace kith::storage
