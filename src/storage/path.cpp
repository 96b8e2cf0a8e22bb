#include "storage/path.hpp"

#include <kith/error.hpp>

#include "base/format.hpp"

namespace kith::storage {

void check_path(const std::string& path) {
    const std::size_t at = path.find('\0');
    if (at == std::string::npos) return;
    throw InvalidArgument(
        formatted("path '{}' is followed by a NUL byte: no file's name has one", path.substr(0, at)));
}

}  // namespace kith::storage
