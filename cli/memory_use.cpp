#include "memory_use.hpp"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

std::string read_text(const std::string& path) {
    std::ifstream in(path);
    if (!in) throw IoError("cannot open", path, errno);
    return {std::istreambuf_iterator<char>(in), {}};
}

// "Rss:   1234 kB" → 1234 * 1024
std::uint64_t kilobytes(std::string_view line) {
    const std::size_t digit = line.find_first_of("0123456789");
    std::uint64_t value = 0;
    if (digit != std::string_view::npos) std::from_chars(line.data() + digit, line.data() + line.size(), value);
    return value * 1024;
}

}  // namespace

MemoryUse parse_smaps(std::string_view text) {
    MemoryUse use;
    bool found = false;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("Rss:")) {
            use.resident += kilobytes(line);
            found = true;
        } else if (line.starts_with("Pss:")) {
            use.proportional += kilobytes(line);
        } else if (line.starts_with("Private_Clean:") || line.starts_with("Private_Dirty:")) {
            use.private_bytes += kilobytes(line);
        } else if (line.starts_with("Shared_Clean:") || line.starts_with("Shared_Dirty:")) {
            use.shared_bytes += kilobytes(line);
        }
    }
    if (!found) throw InvalidArgument("the system's account of memory names no mapping");
    return use;
}

MemoryUse own_memory_use() {
    return parse_smaps(read_text("/proc/self/smaps_rollup"));
}

}  // namespace kith::cli
