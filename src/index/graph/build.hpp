// Builds what a GraphIndex consists of.
#pragma once

#include <memory>

#include <kith/graph.hpp>

#include "index/graph/graph_data.hpp"

namespace kith::index {

// What the options leave open.
struct GraphShape {
    std::size_t degree;
    std::size_t short_dim;  // 0: walks compare the vectors themselves; all dimensions: fewer where that pays
};
[[nodiscard]] GraphShape choose_shape(Metric metric, std::size_t dim, std::size_t count) noexcept;

// Throws InvalidArgument for options out of range, Unsupported for a metric without a graph, Cancelled.
[[nodiscard]] std::shared_ptr<const GraphData> build_graph(RowStore rows, const GraphOptions& options,
                                                           const ProgressFn& progress,
                                                           Elements elements = Elements::kNarrowest);

}  // namespace kith::index
