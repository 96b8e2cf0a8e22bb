// Files as memory: the only place that maps. See atomic_file.hpp for how files come to be.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "storage/region.hpp"
#include "storage/temp_file.hpp"

namespace kith::storage {

enum class Prefault : bool {
    kNo,   // pages are read when first touched
    kYes,  // the whole file is read before the call returns
};

// kDone: not again soon; its pages need not stay in the process, and come back when touched.
enum class AccessPattern { kNormal, kRandom, kSequential, kDone };

// Maps a whole regular file for reading, shared with every process that does the same. O(1) without prefault. The
// bytes stay as they were when another file takes the path (AtomicFile); a program that overwrites or truncates
// the file in place breaks every reader of it. An empty file gives an empty region.
// Throws IoError: no such file, no permission, not a regular file.
[[nodiscard]] Region map_file(const std::string& path, Prefault prefault = Prefault::kNo);

// The same for a file that is open for reading; the map does not need it to stay open. `path` is for messages.
[[nodiscard]] Region map_descriptor(int fd, const std::string& path, Prefault prefault = Prefault::kNo);

// Tells the system how mapped bytes will be read. A hint: it never fails and changes no result.
void advise(std::span<const std::byte> mapped, AccessPattern pattern) noexcept;

// Reads mapped bytes in now. A hint as well.
void prefault(std::span<const std::byte> mapped) noexcept;

// A file built in place through a writable map, for what may not fit in memory. Until commit() it stands under a
// temporary name beside `path` and disappears with this object. Not safe for use from several threads at once,
// except for writing to different bytes between two calls of resize().
class GrowingFile {
public:
    // Throws IoError when the folder cannot be written to.
    explicit GrowingFile(std::string path);
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    [[nodiscard]] std::byte* data() noexcept { return data_; }
    [[nodiscard]] const std::byte* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }

    // Changes the size; what is new reads as zero. data() may move. Amortised: disk space is reserved ahead, so
    // that a full disk is an error here, not a crash at the write. Throws IoError (ENOSPC, EFBIG), after which
    // everything is as before.
    void resize(std::size_t size);

    // Cuts the file to size(), makes it durable and gives it its name, replacing what stood there. The bytes stay
    // mapped for reading in the region returned, and this object is finished: data() is null.
    [[nodiscard]] Region commit();

private:
    void unmap() noexcept;
    void grow(std::size_t capacity);

    TempFile file_;
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::size_t touched_ = 0;  // bytes from here on were never part of the file, and are zero
};

}  // namespace kith::storage
