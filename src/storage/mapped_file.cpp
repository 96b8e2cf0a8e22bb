#include "storage/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include <kith/error.hpp>

#include "storage/path.hpp"

namespace kith::storage {
namespace {

// A growing file reserves half again what it has, but never more than this ahead.
constexpr std::size_t kMostAhead = std::size_t{1} << 30;
constexpr std::size_t kLeastCapacity = std::size_t{1} << 16;

std::size_t page_size() noexcept {
    static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

// Saturates: what would overflow is more than any file can have.
std::size_t whole_pages(std::size_t size) noexcept {
    const std::size_t page = page_size();
    return size > std::numeric_limits<std::size_t>::max() - page ? size : (size + page - 1) / page * page;
}

void* map(int fd, std::size_t size, int protection, int flags, const std::string& path) {
    void* const data = ::mmap(nullptr, size, protection, MAP_SHARED | flags, fd, 0);
    if (data == MAP_FAILED) throw IoError("cannot map", path, errno);
    return data;
}

std::size_t physical_memory() noexcept {
    return static_cast<std::size_t>(std::max(::sysconf(_SC_PHYS_PAGES), 0L)) * page_size();
}

// Random reads of a large file cost as much for finding the page as for the bytes; huge pages spare most of that
// where the file system keeps them. They also make the first read of a page read its neighbours, which is wasted when
// the file cannot stay in memory.
void advise_huge_pages(void* data, std::size_t size) noexcept {
#if defined(MADV_HUGEPAGE)
    if (size <= physical_memory() / 2) (void)::madvise(data, size, MADV_HUGEPAGE);
#else
    (void)data;
    (void)size;
#endif
}

void read_in(void* data, std::size_t size) noexcept {
#if defined(MADV_POPULATE_READ)
    if (::madvise(data, size, MADV_POPULATE_READ) == 0) return;
#endif
    (void)::madvise(data, size, MADV_WILLNEED);
    for (std::size_t at = 0; at < size; at += page_size()) {
        (void)*(static_cast<const volatile std::byte*>(data) + at);
    }
}

Region map_bytes(int fd, std::size_t size, Prefault prefault, const std::string& path) {
    if (size == 0) return {};
    void* const data = map(fd, size, PROT_READ, 0, path);
    advise_huge_pages(data, size);
    if (prefault == Prefault::kYes) read_in(data, size);
    std::shared_ptr<const void> owner(data, [size](void* p) { ::munmap(p, size); });
    return {{static_cast<const std::byte*>(data), size}, std::move(owner)};
}

// madvise wants the start of a page.
void advise_pages(std::span<const std::byte> bytes, int advice) noexcept {
    if (bytes.empty()) return;
    const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
    const std::size_t before = address % page_size();
    const int saved = errno;
    (void)::madvise(reinterpret_cast<void*>(address - before), bytes.size() + before, advice);
    errno = saved;
}

// Zero, or the errno. Reserves the blocks where the file system can, so that no later write meets a full disk.
int extend(int fd, std::size_t from, std::size_t size) noexcept {
#if defined(__linux__)
    int failed = 0;
    do {
        failed = ::fallocate(fd, 0, static_cast<off_t>(from), static_cast<off_t>(size - from)) == 0 ? 0 : errno;
    } while (failed == EINTR);
    if (failed != EOPNOTSUPP && failed != ENOSYS) return failed;
#endif
    return ::ftruncate(fd, static_cast<off_t>(size)) == 0 ? 0 : errno;
}

}  // namespace

Region map_descriptor(int fd, const std::string& path, Prefault prefault) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) throw IoError("cannot examine", path, errno);
    if (S_ISDIR(status.st_mode)) throw IoError("cannot map", path, EISDIR);
    if (!S_ISREG(status.st_mode)) throw IoError("cannot map", path, ENODEV);
    return map_bytes(fd, static_cast<std::size_t>(status.st_size), prefault, path);
}

Region map_file(const std::string& path, Prefault prefault) {
    check_path(path);
    // O_NONBLOCK, so that a pipe is refused at once instead of waited for.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) throw IoError("cannot open", path, errno);
    const std::unique_ptr<const int, void (*)(const int*)> closer(&fd, [](const int* p) { ::close(*p); });
    return map_descriptor(fd, path, prefault);
}

void advise(std::span<const std::byte> mapped, AccessPattern pattern) noexcept {
    switch (pattern) {
        case AccessPattern::kNormal: return advise_pages(mapped, MADV_NORMAL);
        case AccessPattern::kRandom: return advise_pages(mapped, MADV_RANDOM);
        case AccessPattern::kSequential: return advise_pages(mapped, MADV_SEQUENTIAL);
        case AccessPattern::kDone: return advise_pages(mapped, MADV_DONTNEED);
    }
}

void prefault(std::span<const std::byte> mapped) noexcept {
    advise_pages(mapped, MADV_WILLNEED);
}

GrowingFile::GrowingFile(std::string path) : file_(std::move(path)) {
    if (file_.direct()) throw InvalidArgument("'" + file_.path() + "' is not a regular file; it cannot be mapped");
}

GrowingFile::~GrowingFile() {
    unmap();
}

void GrowingFile::unmap() noexcept {
    if (data_ != nullptr) ::munmap(data_, capacity_);
    data_ = nullptr;
    capacity_ = 0;
}

void GrowingFile::grow(std::size_t capacity) {
    const int fd = file_.fd();
    if (capacity > static_cast<std::size_t>(std::numeric_limits<off_t>::max())) {
        throw IoError("cannot grow", path(), EFBIG);
    }
    int failed = extend(fd, capacity_, capacity);
    void* moved = nullptr;
    if (failed == 0) {
#if defined(__linux__)
        moved = data_ == nullptr ? ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                                 : ::mremap(data_, capacity_, capacity, MREMAP_MAYMOVE);
#else
        moved = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
#endif
        if (moved == MAP_FAILED) failed = errno;
    }
    if (failed != 0) {
        (void)!::ftruncate(fd, static_cast<off_t>(capacity_));
        throw IoError("cannot grow", path(), failed);
    }
#if !defined(__linux__)
    unmap();
#endif
    data_ = static_cast<std::byte*>(moved);
    capacity_ = capacity;
}

void GrowingFile::resize(std::size_t size) {
    if (size > capacity_) {
        const std::size_t ahead = std::max(capacity_ + std::min(capacity_ / 2, kMostAhead), kLeastCapacity);
        try {
            grow(whole_pages(std::max(size, ahead)));
        } catch (const IoError&) {
            if (size >= ahead) throw;
            grow(whole_pages(size));
        }
    }
    if (size > size_ && touched_ > size_) std::memset(data_ + size_, 0, std::min(size, touched_) - size_);
    size_ = size;
    touched_ = std::max(touched_, size);
}

Region GrowingFile::commit() {
    unmap();
    if (::ftruncate(file_.fd(), static_cast<off_t>(size_)) != 0) throw IoError("cannot cut", path(), errno);
    Region region = map_bytes(file_.fd(), size_, Prefault::kNo, path());
    file_.commit();
    size_ = 0;
    return region;
}

}  // namespace kith::storage
