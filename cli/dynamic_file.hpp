// The .kith file that `add`, `remove` and `compact` change: opened as an index that grows, and written anew as a whole,
// so that whoever searches it meanwhile keeps the old one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <kith/dynamic.hpp>
#include <kith/types.hpp>

#include "session.hpp"

namespace CLI {
class App;
}

namespace kith::cli {

struct DynamicFile {
    std::string index;
    std::string output;  // empty: the index itself
    std::size_t threads = 0;
    CommonOptions common;

    [[nodiscard]] const std::string& target() const noexcept { return output.empty() ? index : output; }
};

// The positional INDEX, --output, --threads and what all commands share.
void add_dynamic_file(CLI::App& command, DynamicFile& file);

// Throws InvalidArgument for an output that is no .kith file and for an index of words, which know no ids; else as
// DynamicIndex::open.
[[nodiscard]] DynamicIndex open_dynamic(const DynamicFile& file);

// The numbers in a file, one to a line. Throws IoError, InvalidArgument.
[[nodiscard]] std::vector<Id> read_numbers(const std::string& path);

// Says of how many graphs it is, what waits for one, and the number that comes next.
void describe_dynamic(Output& out, const DynamicIndex& index);

// Writes the index and says what there is now.
void save_dynamic(Session& session, const DynamicFile& file, const DynamicIndex& index);

}  // namespace kith::cli
