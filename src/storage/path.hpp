// What every name of a file must be before the system sees it.
#pragma once

#include <string>

namespace kith::storage {

// Throws InvalidArgument when there is a NUL byte in `path`: the system would take what stands before it for the
// whole name, and open another file than the one that was named.
void check_path(const std::string& path);

}  // namespace kith::storage
