// A forest in a .kith file: the vectors section, the tree nodes, and the roots. Byte tables in docs/formats.md.
#pragma once

#include <memory>
#include <string>

#include "index/forest/forest_data.hpp"
#include "storage/file_writer.hpp"

namespace kith::index {

// Adds the sections; the vectors only when the file has none yet.
void write_section(const ForestData& forest, storage::FileWriter& writer);

// A whole file, atomically.
void save_section(const ForestData& forest, const std::string& path);

// O(1) apart from the list of roots (and of holes). Throws as Forest::open.
[[nodiscard]] std::shared_ptr<const ForestData> open_section(const std::string& path, bool prefault);

}  // namespace kith::index
