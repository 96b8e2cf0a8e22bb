// Builds what a CodedForest consists of.
#pragma once

#include <memory>

#include <kith/coded_forest.hpp>

#include "index/coded/coded_data.hpp"

namespace kith::index {

// Throws InvalidArgument for options out of range, Cancelled.
[[nodiscard]] std::shared_ptr<const CodedData> build_coded(RowStore rows, const CodedForestOptions& options,
                                                           const ProgressFn& progress,
                                                           ByteRows byte_rows = ByteRows::kNone);

}  // namespace kith::index
