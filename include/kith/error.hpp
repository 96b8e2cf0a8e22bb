// The errors that Kith throws. All derive from kith::Error; hot loops throw none.
// A message names the argument or the file, what was found and what would be right.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace kith {

class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The caller passed a value that cannot work, or called in an order that cannot work.
class InvalidArgument : public Error {
public:
    using Error::Error;
};

// An id or a row number beyond what the object holds.
class OutOfRange : public InvalidArgument {
public:
    using InvalidArgument::InvalidArgument;
};

// The operating system refused: carries the path and errno.
class IoError : public Error {
public:
    // `what` is a short verb phrase such as "cannot open"; the text becomes "cannot open 'path': strerror".
    IoError(const std::string& what, std::string path, int error_number);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] int error_number() const noexcept { return error_number_; }

private:
    std::string path_;
    int error_number_;
};

// A file's bytes are not what its format says: carries the path and the byte offset of the first wrong thing.
class CorruptFile : public Error {
public:
    CorruptFile(std::string path, std::uint64_t offset, const std::string& expected, const std::string& found);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

private:
    std::string path_;
    std::uint64_t offset_;
};

// Well-formed, but this build or this object cannot do it (a newer file version, a metric without a kernel).
class Unsupported : public Error {
public:
    using Error::Error;
};

// A progress callback asked to stop. What was being written is gone; what stood before is intact.
class Cancelled : public Error {
public:
    using Error::Error;
};

}  // namespace kith
