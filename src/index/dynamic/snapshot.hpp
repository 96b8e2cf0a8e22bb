// What a DynamicIndex holds between two changes.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <kith/dynamic.hpp>

#include "index/dynamic/buffer.hpp"
#include "index/dynamic/segment.hpp"

namespace kith::index {

// Immutable once others see it.
struct Snapshot {
    Metric metric;
    std::size_t dim;
    std::vector<std::shared_ptr<const Segment>> segments;  // the largest first
    WaitingItems waiting;
    Id next_id = 0;  // one more than the largest that there ever was

    [[nodiscard]] std::size_t count() const noexcept;

    // False for what stands in place of an id in a damaged file.
    [[nodiscard]] bool may_be(Id id) const noexcept { return id >= 0 && id < next_id; }

    struct Place {
        std::size_t segment;  // segments.size() for what waits
        std::size_t row;
    };
    // Nothing when there is no such item.
    [[nodiscard]] std::optional<Place> find(Id id) const noexcept;

    // False when there is no such item.
    [[nodiscard]] bool get(Id id, std::span<float> out) const;
};

// Items that a search leaves out whatever its filter says; kNoId for none.
using LeftOut = std::array<Id, 2>;

// REQUIRES: query and options were checked.
void search_snapshot(const Snapshot& snapshot, std::span<const float> query, const SearchOptions& options,
                     const LeftOut& left_out, Neighbors& out);
void range_search_snapshot(const Snapshot& snapshot, std::span<const float> query, float radius,
                           const SearchOptions& options, Neighbors& out);

// Brings `more` into a graph of their own, together with what waits and the graphs that are not much larger than these
// together. Throws as GraphIndex::build; the snapshot is as before then.
void merge(Snapshot& snapshot, ItemRows more, const GraphOptions& options, const ProgressFn& progress);

// Builds graphs anew of which less than half is left, drops those of which nothing is. Throws as merge.
void clean(Snapshot& snapshot, const GraphOptions& options, const ProgressFn& progress);

// Brings everything into one graph. Throws as merge.
void merge_all(Snapshot& snapshot, const GraphOptions& options, const ProgressFn& progress);

}  // namespace kith::index
