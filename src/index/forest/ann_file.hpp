// Annoy's file: the nodes of a forest one after the other, with neither header nor checksum. Byte tables in
// docs/formats.md.
#pragma once

#include <memory>
#include <string>

#include <kith/forest.hpp>

#include "index/forest/forest_data.hpp"

namespace kith::index {

// O(1): maps the file and looks at its last nodes. See Forest::open_annoy for what it throws.
[[nodiscard]] std::shared_ptr<const ForestData> open_ann(const std::string& path, Metric metric, std::size_t dim,
                                                         const AnnoyFileOptions& options);

// Atomically. Throws InvalidArgument when there is no tree.
void write_ann(const ForestData& forest, const std::string& path);

}  // namespace kith::index
