// A file that has no name of its own yet: what atomic writing is made of.
#pragma once

#include <string>

namespace kith::storage {

// An open file under a temporary name, `<path>.<process>-<number>.kith-tmp`, in the folder of `path`: commit()
// gives it the name `path`; the destructor removes it otherwise. Its permissions are those of any new file (umask).
// A process that is killed leaves its temporary file behind; the next TempFile for the same path removes it (it can
// tell, because a living writer holds a lock on its own).
//
// A symbolic link at `path` is followed: the file it points to is replaced. What is neither a regular file nor
// absent (/dev/stdout, a named pipe) is written to directly, without atomicity. A folder is refused.
class TempFile {
public:
    // Throws IoError, InvalidArgument when `path` is empty.
    explicit TempFile(std::string path);
    ~TempFile();
    TempFile(const TempFile&) = delete;
    TempFile& operator=(const TempFile&) = delete;

    // Open for reading and writing (for writing only when direct()).
    [[nodiscard]] int fd() const noexcept { return fd_; }
    // As given to the constructor, for messages.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] bool direct() const noexcept { return direct_; }

    // Flushes to disk, renames, flushes the folder, closes. Throws IoError; `path` is then as before, unless the
    // error is about the folder's flush, when it is complete but perhaps not durable.
    void commit();

private:
    void resolve();
    void open_direct();
    void open_temp();
    void close() noexcept;

    std::string path_;
    std::string target_;     // path_ with links followed
    std::string temp_path_;  // empty when there is nothing to remove
    int fd_ = -1;
    bool direct_ = false;
};

}  // namespace kith::storage
