#include "storage/path.hpp"

#include <fmt/format.h>

#include <kith/error.hpp>

namespace kith::storage {

void check_path(const std::string& path) {
    const std::size_t at = path.find('\0');
    if (at == std::string::npos) return;
    throw InvalidArgument(
        fmt::format("path '{}' is followed by a NUL byte: no file's name has one", path.substr(0, at)));
}

}  // namespace kith::storage
