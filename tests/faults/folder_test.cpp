// Folders that cannot take a file: full, read-only, closed. Mounting needs root; without it the tests are skipped.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "cli/fixtures.hpp"

namespace kith {
namespace {

using test::Result;

// A small file system in memory, unmounted afterwards.
class SmallDisk {
public:
    explicit SmallDisk(const char* options) {
        failed_ = ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, options) == 0 ? 0 : errno;
    }
    ~SmallDisk() {
        if (failed_ == 0) ::umount2(folder_.path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    // errno of mounting.
    [[nodiscard]] int failed() const noexcept { return failed_; }
    [[nodiscard]] const test::TempDir& folder() const noexcept { return folder_; }

    void make_read_only() {
        ASSERT_EQ(::mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
    }

private:
    test::TempDir folder_;
    int failed_ = 0;
};

class Folder : public ::testing::Test {
protected:
    void SetUp() override {
        KITH_NEED_GLOVE();
        test::write_small_glove(inputs_.file("glove.txt"), 1500);
    }

    // Each way of writing an index into `folder`, where "index.*" is an old file: refused, told, nothing changed.
    void expect_refused(const test::TempDir& folder, const std::string& why, const std::string& as = {}) {
        for (const std::string ending : {".kith", ".ann"}) {
            for (const bool on_disk : {false, true}) {
                if (on_disk && ending == ".kith") continue;
                const std::string path = folder.file("index" + ending);
                std::vector<std::string> arguments = {"build", inputs_.file("glove.txt"), "--trees", "3", "-o",
                                                      path};
                if (on_disk) arguments.emplace_back("--on-disk");
                const Result result = run(std::move(arguments), as);
                EXPECT_NE(result.code, 0);
                EXPECT_LT(result.code, 128) << result.err;
                EXPECT_NE(result.err.find(why), std::string::npos) << result.err;
                EXPECT_EQ(test::slurp(path), "old") << path;
                EXPECT_EQ(test::names_in(folder.path()).size(), 2U);
            }
        }
    }

    static void put_old(const test::TempDir& folder) {
        test::spill(folder.file("index.kith"), "old");
        test::spill(folder.file("index.ann"), "old");
    }

    static Result run(std::vector<std::string> arguments, const std::string& as) {
        if (as.empty()) return test::run(std::move(arguments));
        arguments.insert(arguments.begin(), {"--reuid", as, "--clear-groups", KITH_PROGRAM});
        return test::Program(std::move(arguments), {}, "setpriv").wait();
    }

    test::TempDir inputs_;
};

TEST_F(Folder, ThatIsFullIsToldAndTheOldFileStays) {
    const SmallDisk disk("size=128k");
    if (disk.failed() != 0) GTEST_SKIP() << "cannot mount: " << std::strerror(disk.failed());
    put_old(disk.folder());
    expect_refused(disk.folder(), "No space left");
}

TEST_F(Folder, ThatIsReadOnlyIsToldAndTheOldFileStays) {
    SmallDisk disk("size=8m");
    if (disk.failed() != 0) GTEST_SKIP() << "cannot mount: " << std::strerror(disk.failed());
    put_old(disk.folder());
    disk.make_read_only();
    expect_refused(disk.folder(), "Read-only file system");
}

TEST_F(Folder, ThatIsNotOursIsToldAndTheOldFileStays) {
    const test::TempDir closed;
    put_old(closed);
    if (::geteuid() == 0) {
        ASSERT_EQ(::chmod(inputs_.path().c_str(), 0755), 0);
        ASSERT_EQ(::chmod(closed.path().c_str(), 0555), 0);
        expect_refused(closed, "Permission denied", "65534");
    } else {
        ASSERT_EQ(::chmod(closed.path().c_str(), 0555), 0);
        expect_refused(closed, "Permission denied");
        ASSERT_EQ(::chmod(closed.path().c_str(), 0755), 0);
    }
}

}  // namespace
}  // namespace kith
