// A built forest's bytes and how to find one's way in them. Everything a search needs, nothing that changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <kith/forest.hpp>
#include <kith/types.hpp>

#include "index/forest/layout.hpp"
#include "kernel/table.hpp"
#include "storage/region.hpp"

namespace kith::index {

// Where the items are: in the nodes themselves (.ann), or as plain rows of their own (.kith).
struct Items {
    const std::byte* vectors = nullptr;  // the first element of item 0
    std::size_t stride = 0;              // bytes from one item to the next
    const std::byte* headers = nullptr;  // n_descendants of item 0, `stride` bytes apart; null for plain rows

    [[nodiscard]] const std::byte* vector(std::size_t id) const noexcept { return vectors + id * stride; }
};

// Candidates that a search for up to `k` neighbours inspects unless it is told; none of them: k from every tree.
struct DefaultEffort {
    std::uint64_t search_k = 0;
    std::uint64_t k = 0;
};

class ForestData {
public:
    // The whole of an .ann file: items, tree nodes and root copies in `nodes`.
    // REQUIRES: nodes.size() is (at least one) whole nodes; roots below their number; n_items not above it.
    ForestData(Metric metric, std::size_t dim, DotLayout dot_layout, storage::Region nodes, std::size_t n_items,
               std::vector<std::uint32_t> roots, std::string path);

    // Items as plain rows in `rows`, tree nodes in `nodes` (node i of the forest is number i - n_items of them).
    // `holes` are the ids without an item, ascending.
    ForestData(Metric metric, std::size_t dim, DotLayout dot_layout, storage::Region rows, storage::Region nodes,
               std::size_t n_items, std::vector<std::uint32_t> roots, std::vector<std::uint32_t> holes,
               std::string path);

    [[nodiscard]] Metric metric() const noexcept { return metric_; }
    [[nodiscard]] std::size_t dim() const noexcept { return dim_; }
    [[nodiscard]] DotLayout dot_layout() const noexcept { return dot_layout_; }
    [[nodiscard]] const NodeLayout& layout() const noexcept { return layout_; }
    [[nodiscard]] std::size_t elements() const noexcept { return elements_of(metric_, dim_); }
    [[nodiscard]] std::size_t n_items() const noexcept { return n_items_; }
    [[nodiscard]] std::size_t n_nodes() const noexcept { return n_nodes_; }
    [[nodiscard]] const std::vector<std::uint32_t>& roots() const noexcept { return roots_; }
    [[nodiscard]] const Items& items() const noexcept { return items_; }
    [[nodiscard]] const kernel::Table& kernels() const noexcept { return *kernels_; }
    [[nodiscard]] const kernel::DistanceKernels& distances() const noexcept {
        return kernels_->of(metric_, scalar_of(metric_));
    }
    // For messages; empty for a forest that was never in a file.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    // Tree nodes follow the items: node n_items() is the first here.
    [[nodiscard]] const std::byte* trees() const noexcept { return trees_; }
    // REQUIRES: n_items() <= index < n_nodes().
    [[nodiscard]] const std::byte* node(std::size_t index) const noexcept {
        return trees_ + (index - n_items_) * layout_.node_bytes;
    }

    // The whole .ann file when that is how the nodes are kept; else null.
    [[nodiscard]] const std::byte* ann_bytes() const noexcept { return items_.headers; }

    // Before the forest is shared. REQUIRES: both members above 0, or both 0.
    void set_default_effort(DefaultEffort effort) noexcept { default_effort_ = effort; }
    [[nodiscard]] const DefaultEffort& default_effort() const noexcept { return default_effort_; }

    // Whether `id` is an item and no hole. REQUIRES: id < n_items().
    [[nodiscard]] bool is_item(std::size_t id) const noexcept {
        if (items_.headers != nullptr) return descendants(items_.headers + id * items_.stride) == 1;
        return holes_.empty() || !is_hole(id);
    }
    // Ids without an item, ascending. Reads every item's header where holes are not listed.
    [[nodiscard]] std::vector<std::uint32_t> find_holes() const;

private:
    [[nodiscard]] bool is_hole(std::size_t id) const noexcept;

    Metric metric_;
    DotLayout dot_layout_;
    std::size_t dim_;
    NodeLayout layout_;
    std::size_t n_items_;
    std::size_t n_nodes_;
    storage::Region rows_;
    storage::Region nodes_;
    Items items_;
    const std::byte* trees_;
    std::vector<std::uint32_t> roots_;
    std::vector<std::uint32_t> holes_;
    DefaultEffort default_effort_;
    const kernel::Table* kernels_;
    std::string path_;
};

}  // namespace kith::index
