// How much memory a process uses, and how much of it is its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kith::cli {

// Bytes. Shared: pages that another process has mapped too at this moment.
struct MemoryUse {
    std::uint64_t resident = 0;
    std::uint64_t private_bytes = 0;
    std::uint64_t shared_bytes = 0;
    std::uint64_t proportional = 0;  // every shared page divided by the number of its users
};

// Adds up the entries of the text of /proc/<pid>/smaps_rollup (or smaps). Throws InvalidArgument when there is
// none.
[[nodiscard]] MemoryUse parse_smaps(std::string_view text);

// Of this process now (Linux). Throws IoError where the system does not tell.
[[nodiscard]] MemoryUse own_memory_use();

}  // namespace kith::cli
