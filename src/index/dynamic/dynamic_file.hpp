// The sections of a DynamicIndex in a .kith file; docs/formats.md has the tables.
#pragma once

#include <cstddef>

#include <kith/dynamic.hpp>

#include "index/dynamic/snapshot.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"

namespace kith::index {

void write_dynamic(const Snapshot& snapshot, const GraphOptions& options, storage::FileWriter& writer);

// Sets what the file says of `options`. Checks sizes, not what is in the graphs' sections. Throws CorruptFile.
[[nodiscard]] Snapshot read_dynamic(const storage::FileReader& file, GraphOptions& options);

}  // namespace kith::index
