// Loaded into a program before its libraries (LD_PRELOAD): makes the operating system fail at a chosen moment.
//
// KITH_FAULT is KIND or KIND:N. Calls that change files (write, pwrite, fsync, ftruncate, fallocate, rename, and
// open with O_CREAT) are counted from 1, those on standard streams left out.
//   kill:N    the process dies by SIGKILL instead of call N
//   half:N    writes half of call N, if it is a write, and dies
//   enospc:N  from call N on there is no space left for writing, growing or creating
//   eio:N     call N fails with EIO
//   eintr     every second write is interrupted by a signal before it wrote anything
//   short     every write takes at most 7 bytes, or half of a larger one
// KITH_FAULT_COUNT names a file that gets the number of calls when the process ends.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

struct Plan {
    std::string_view kind;
    long at = 0;

    Plan() {
        const char* text = std::getenv("KITH_FAULT");
        if (text == nullptr) return;
        kind = text;
        if (const std::size_t colon = kind.find(':'); colon != std::string_view::npos) {
            at = std::strtol(text + colon + 1, nullptr, 10);
            kind = kind.substr(0, colon);
        }
    }
};

const Plan& plan() {
    static const Plan made;
    return made;
}

std::atomic<long> calls = 0;

struct Report {
    ~Report() {
        const char* path = std::getenv("KITH_FAULT_COUNT");
        if (path == nullptr) return;
        if (std::FILE* file = std::fopen(path, "w")) {
            std::fprintf(file, "%ld", calls.load());
            std::fclose(file);
        }
    }
} report;

template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// Counts a call. Returns the errno it shall fail with, 0 for none.
int meet(bool takes_space) {
    const long call = ++calls;
    if (plan().kind == "kill" && call == plan().at) ::raise(SIGKILL);
    if (plan().kind == "enospc" && call >= plan().at && takes_space) return ENOSPC;
    if (plan().kind == "eio" && call == plan().at) return EIO;
    return 0;
}

// How much of a write to let through; 0 interrupts it.
std::size_t portion(std::size_t size) {
    static std::atomic<long> writes = 0;
    const long number = ++writes;
    if (plan().kind == "eintr" && number % 2 == 1) return 0;
    if (plan().kind == "short") return size < 14 ? (size < 7 ? size : 7) : size / 2;
    return size;
}

template <class Write>
ssize_t write_some(std::size_t size, Write&& write) {
    if (const int error = meet(true)) {
        errno = error;
        return -1;
    }
    if (plan().kind == "half" && calls.load() == plan().at) {
        (void)!write(size / 2);
        ::raise(SIGKILL);
    }
    const std::size_t part = portion(size);
    if (part == 0 && size > 0) {
        errno = EINTR;
        return -1;
    }
    return write(part);
}

template <class Call>
int fail_or(bool takes_space, Call&& call) {
    if (const int error = meet(takes_space)) {
        errno = error;
        return -1;
    }
    return call();
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* data, size_t size) {
    static auto* next = real<ssize_t(int, const void*, size_t)>("write");
    if (fd <= STDERR_FILENO) return next(fd, data, size);
    return write_some(size, [&](std::size_t part) { return next(fd, data, part); });
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
    static auto* next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    return write_some(size, [&](std::size_t part) { return next(fd, data, part, offset); });
}

int fsync(int fd) {
    static auto* next = real<int(int)>("fsync");
    return fail_or(false, [&] { return next(fd); });
}

int ftruncate(int fd, off_t size) {
    static auto* next = real<int(int, off_t)>("ftruncate");
    return fail_or(false, [&] { return next(fd, size); });
}

int fallocate(int fd, int mode, off_t offset, off_t size) {
    static auto* next = real<int(int, int, off_t, off_t)>("fallocate");
    return fail_or(true, [&] { return next(fd, mode, offset, size); });
}

int rename(const char* from, const char* to) {
    static auto* next = real<int(const char*, const char*)>("rename");
    return fail_or(false, [&] { return next(from, to); });
}

int open(const char* path, int flags, ...) {
    static auto* next = real<int(const char*, int, ...)>("open");
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        std::va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
        if (const int error = meet(true)) {
            errno = error;
            return -1;
        }
    }
    return next(path, flags, mode);
}

}  // extern "C"
