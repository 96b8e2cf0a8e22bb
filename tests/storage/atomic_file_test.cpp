#include "storage/atomic_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <stdexcept>
#include <string>

#include <kith/error.hpp>

#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

using test::list_folder;
using test::read_bytes;
using test::write_bytes;
using ::testing::ElementsAre;

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

class AtomicFileTest : public ::testing::Test {
protected:
    test::TempDir folder_;
    std::string path_ = folder_.file("target");
};

TEST_F(AtomicFileTest, WritesOfAnySizeArriveInOrder) {
    std::mt19937 random(3);
    std::string expected;
    AtomicFile file(path_);
    for (const std::size_t size : {0, 1, 1000, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 7, 1 << 20, 3}) {
        std::string part(size, '\0');
        for (char& c : part) c = static_cast<char>(random());
        file.write(part);
        expected += part;
        EXPECT_EQ(file.size(), expected.size());
    }
    file.write_zeros(10000);
    expected += std::string(10000, '\0');
    file.commit();
    EXPECT_EQ(read_bytes(path_), expected);
}

TEST_F(AtomicFileTest, EarlierBytesCanBeOverwrittenWhereverTheyAre) {
    AtomicFile file(path_);
    file.write(std::string(1 << 19, 'a'));
    file.write("tail");
    file.write_at(0, bytes_of("HEAD"));
    file.write_at((1 << 19) - 1, bytes_of("XY"));
    file.write("more");
    file.commit();
    const std::string content = read_bytes(path_);
    EXPECT_EQ(content.substr(0, 6), "HEADaa");
    EXPECT_EQ(content.substr((1 << 19) - 2), "aXYailmore");
}

TEST_F(AtomicFileTest, AFailureHalfWayLeavesTheOldFileAndNoLitter) {
    write_bytes(path_, "old");
    try {
        AtomicFile file(path_);
        file.write(std::string(1 << 20, 'n'));
        throw std::runtime_error("half way");
    } catch (const std::runtime_error&) {
    }
    EXPECT_EQ(read_bytes(path_), "old");
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("target"));
}

TEST_F(AtomicFileTest, AReaderNeverSeesAMixtureOfOldAndNew) {
    write_bytes(path_, std::string(1 << 20, 'a'));
    const pid_t writer = ::fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
        for (int round = 0; round < 20; ++round) {
            AtomicFile file(path_);
            file.write(std::string(1 << 20, static_cast<char>('b' + round)));
            file.commit();
        }
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(writer, &status, WNOHANG) == 0) {
        const std::string seen = read_bytes(path_);
        ASSERT_EQ(seen.size(), std::size_t{1} << 20);
        EXPECT_EQ(seen.find_first_not_of(seen[0]), std::string::npos);
    }
    EXPECT_EQ(status, 0);
}

// A limit on file sizes stands in for a full disk.
TEST_F(AtomicFileTest, AFullDiskIsAnErrorThatLeavesTheOldFile) {
    write_bytes(path_, "old");
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1 << 20, 1 << 20};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        int result = 1;
        try {
            AtomicFile file(path_);
            file.write(std::string(1 << 21, 'n'));
            file.commit();
        } catch (const IoError& error) {
            result = error.error_number() == EFBIG && error.path() == path_ ? 0 : 2;
        }
        ::_exit(result);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(read_bytes(path_), "old");
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("target"));
}

}  // namespace
}  // namespace kith::storage
