// One graph of a DynamicIndex with the ids of its rows, some of which may have been removed since it was built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <kith/filter.hpp>
#include <kith/graph.hpp>
#include <kith/neighbors.hpp>

#include "storage/region.hpp"

namespace kith::index {

// Items on their way into a graph, in any order.
struct ItemRows {
    std::size_t dim = 0;
    std::vector<Id> ids;
    std::vector<float> rows;  // [id][dim]

    void add(Id id, std::span<const float> vector);

    // The same in ascending order of ids.
    [[nodiscard]] ItemRows sorted() const;
};

// Immutable. Rows are in ascending order of ids.
class Segment {
public:
    // `left`: null, or a bitmap of the rows that are left. Bytes of damaged files at worst find the wrong items.
    // REQUIRES: as many ids as the graph has rows.
    Segment(GraphIndex graph, storage::Region ids, std::shared_ptr<const IdFilter> left);

    // Throws as GraphIndex::build.
    [[nodiscard]] static Segment build(const ItemRows& items, const GraphOptions& options,
                                       const ProgressFn& progress);

    [[nodiscard]] const GraphIndex& graph() const noexcept { return graph_; }
    [[nodiscard]] std::span<const Id> ids() const noexcept { return ids_.as<Id>(); }

    // Null when no row was removed.
    [[nodiscard]] const IdFilter* left() const noexcept { return left_.get(); }
    [[nodiscard]] std::size_t count() const noexcept { return left_ ? left_->count() : graph_.size(); }

    // The row of an item that is there.
    [[nodiscard]] std::optional<Id> row_of(Id id) const noexcept;

    // REQUIRES: row < graph().size().
    [[nodiscard]] bool is_left(Id row) const { return !left_ || left_->allows(row); }

    // The same without these rows.
    [[nodiscard]] Segment without(std::span<const Id> rows) const;

    // Adds what is left.
    void append_to(ItemRows& items) const;

private:
    GraphIndex graph_;
    storage::Region ids_;
    std::shared_ptr<const IdFilter> left_;
};

}  // namespace kith::index
