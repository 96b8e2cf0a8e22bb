#include <kith/error.hpp>

#include <cstring>
#include <utility>

namespace kith {

IoError::IoError(const std::string& what, std::string path, int error_number)
    : Error(what + " '" + path + "': " + std::strerror(error_number)),
      path_(std::move(path)),
      error_number_(error_number) {}

CorruptFile::CorruptFile(std::string path, std::uint64_t offset, const std::string& expected,
                         const std::string& found)
    : Error("'" + path + "' at byte " + std::to_string(offset) + ": expected " + expected + ", found " + found),
      path_(std::move(path)),
      offset_(offset) {}

}  // namespace kith
