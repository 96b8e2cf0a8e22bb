#include "index/forest/forest_data.hpp"

#include <algorithm>
#include <utility>

#include "kernel/select.hpp"

namespace kith::index {

ForestData::ForestData(Metric metric, std::size_t dim, DotLayout dot_layout, storage::Region nodes,
                       std::size_t n_items, std::vector<std::uint32_t> roots, std::string path)
    : metric_(metric),
      dot_layout_(dot_layout),
      dim_(dim),
      layout_(layout_of(metric, dim, dot_layout)),
      n_items_(n_items),
      n_nodes_(nodes.size() / layout_.node_bytes),
      nodes_(std::move(nodes)),
      items_{nodes_.data() + layout_.vector, layout_.node_bytes, nodes_.data()},
      trees_(nodes_.data() + n_items * layout_.node_bytes),
      roots_(std::move(roots)),
      kernels_(&kernel::active()),
      path_(std::move(path)) {}

ForestData::ForestData(Metric metric, std::size_t dim, DotLayout dot_layout, storage::Region rows,
                       storage::Region nodes, std::size_t n_items, std::vector<std::uint32_t> roots,
                       std::vector<std::uint32_t> holes, std::string path)
    : metric_(metric),
      dot_layout_(dot_layout),
      dim_(dim),
      layout_(layout_of(metric, dim, dot_layout)),
      n_items_(n_items),
      n_nodes_(n_items + nodes.size() / layout_.node_bytes),
      rows_(std::move(rows)),
      nodes_(std::move(nodes)),
      items_{rows_.data(), row_bytes(scalar_of(metric), dim), nullptr},
      trees_(nodes_.data()),
      roots_(std::move(roots)),
      holes_(std::move(holes)),
      kernels_(&kernel::active()),
      path_(std::move(path)) {}

bool ForestData::is_hole(std::size_t id) const noexcept {
    return std::binary_search(holes_.begin(), holes_.end(), static_cast<std::uint32_t>(id));
}

std::vector<std::uint32_t> ForestData::find_holes() const {
    if (items_.headers == nullptr) return holes_;
    std::vector<std::uint32_t> holes;
    for (std::size_t id = 0; id < n_items_; ++id) {
        if (!is_item(id)) holes.push_back(static_cast<std::uint32_t>(id));
    }
    return holes;
}

}  // namespace kith::index
