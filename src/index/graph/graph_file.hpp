// The sections of a GraphIndex in a .kith file; docs/formats.md has the tables.
#pragma once

#include <memory>

#include "index/graph/graph_data.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"

namespace kith::index {

void write_graph(const GraphData& data, storage::FileWriter& writer);

// Checks that the sections have the sizes that the parameters ask for, not what is in them. Throws CorruptFile.
[[nodiscard]] std::shared_ptr<const GraphData> read_graph(const storage::FileReader& file);

}  // namespace kith::index
