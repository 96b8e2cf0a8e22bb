#include "storage/temp_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <kith/error.hpp>

#include "storage/path.hpp"

namespace kith::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".kith-tmp";

// Leaves room in a name of at most 255 bytes for process, number and suffix.
constexpr std::size_t kLongestStem = 200;

constexpr int kMostLinks = 40;

// "folder/name." for temporary files of `target`.
std::string temp_stem(const fs::path& target) {
    return (target.parent_path() / target.filename().native().substr(0, kLongestStem)).native() + '.';
}

// A writer holds the lock of its temporary file for as long as it lives. Where the file system has no locks, nobody
// can tell and nothing is cleaned up.
bool lock(int fd) {
    return ::flock(fd, LOCK_EX | LOCK_NB) == 0;
}

// Whether the file still has a name: between creation and lock, somebody cleaning up may have taken it for dead.
bool has_name(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && status.st_nlink > 0;
}

void remove_if_abandoned(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return;
    if (lock(fd)) ::unlink(path.c_str());
    ::close(fd);
}

void remove_abandoned(const fs::path& target) {
    const std::string stem = fs::path(temp_stem(target)).filename().native();
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().native();
        if (name.starts_with(stem) && name.ends_with(kSuffix)) remove_if_abandoned(entry->path().native());
    }
}

void flush_folder(const fs::path& target, const std::string& path) {
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw IoError("cannot make durable", path, errno);
    const int failed = ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    // EINVAL: this file system has no way to flush a folder.
    if (failed != 0 && failed != EINVAL) throw IoError("cannot make durable", path, failed);
}

}  // namespace

TempFile::TempFile(std::string path) : path_(std::move(path)) {
    if (path_.empty()) throw InvalidArgument("path is empty; a file name is needed");
    check_path(path_);
    resolve();
    if (direct_) {
        open_direct();
    } else {
        remove_abandoned(target_);
        open_temp();
    }
}

TempFile::~TempFile() {
    close();
    if (!temp_path_.empty()) ::unlink(temp_path_.c_str());
}

void TempFile::resolve() {
    struct stat status {};
    if (::stat(path_.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) throw IoError("cannot write to", path_, EISDIR);
        direct_ = !S_ISREG(status.st_mode);
        if (direct_) return;
    }
    fs::path target = path_;
    std::error_code error;
    for (int links = 0; fs::is_symlink(target, error); ++links) {
        if (links == kMostLinks) throw IoError("cannot write to", path_, ELOOP);
        const fs::path next = fs::read_symlink(target, error);
        if (error) throw IoError("cannot read the link", path_, error.value());
        target = target.parent_path() / next;
    }
    if (!target.has_filename()) throw IoError("cannot write to", path_, EISDIR);
    target_ = target.native();
}

void TempFile::open_direct() {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd_ < 0) throw IoError("cannot open for writing", path_, errno);
}

void TempFile::open_temp() {
    static std::atomic<std::uint64_t> next{0};
    const std::string stem = temp_stem(target_) + std::to_string(::getpid()) + '-';
    for (;;) {
        std::string candidate = stem + std::to_string(next.fetch_add(1));
        candidate += kSuffix;
        fd_ = ::open(candidate.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd_ < 0) {
            if (errno == EEXIST || errno == EINTR) continue;
            throw IoError("cannot create", path_, errno);
        }
        if ((lock(fd_) || errno != EWOULDBLOCK) && has_name(fd_)) {
            temp_path_ = std::move(candidate);
            return;
        }
        close();
    }
}

void TempFile::close() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

void TempFile::commit() {
    if (direct_) {
        if (::close(std::exchange(fd_, -1)) != 0) throw IoError("cannot finish writing", path_, errno);
        return;
    }
    if (::fsync(fd_) != 0) throw IoError("cannot make durable", path_, errno);
    if (::rename(temp_path_.c_str(), target_.c_str()) != 0) throw IoError("cannot rename to", path_, errno);
    temp_path_.clear();
    close();
    flush_folder(target_, path_);
}

}  // namespace kith::storage
