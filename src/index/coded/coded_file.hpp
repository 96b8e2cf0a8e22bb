// The sections of a CodedForest in a .kith file; docs/formats.md has the tables.
#pragma once

#include <memory>

#include "index/coded/coded_data.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"

namespace kith::index {

void write_coded(const CodedData& data, storage::FileWriter& writer);

// Checks that the sections have the sizes that the parameters ask for, not what is in them. Throws CorruptFile.
[[nodiscard]] std::shared_ptr<const CodedData> read_coded(const storage::FileReader& file);

}  // namespace kith::index
