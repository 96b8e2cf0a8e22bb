// Splitting a set of items that are few enough to have their codes copied next to each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/forest/coded_plane.hpp"
#include "index/forest/grove.hpp"
#include "index/forest/kiss64.hpp"

namespace kith::index {

// One per thread.
class NearSplitter {
public:
    NearSplitter(const Grove& grove, CodedPlanes& planes);

    // `ids` must stay where they are. Copies the codes of these items, unless their rows are long. They are in places() in this order.
    void load(std::span<const std::uint32_t> ids);

    // The item at a place.
    [[nodiscard]] std::uint32_t id(std::uint32_t place) const noexcept {
        return ids_.empty() ? place : ids_[place];
    }

    // Chooses a plane for the places at [first, first + count) of places(), brings those of its left side to the front
    // and returns how many: at least one, fewer than all. A blank plane halves at random. Each side keeps its order, unless
    // it took more than one attempt.
    // REQUIRES: count > 1.
    [[nodiscard]] std::size_t split(std::size_t first, std::size_t count, Kiss64& random, CodedPlane& plane);

    [[nodiscard]] std::span<const std::uint32_t> places() const noexcept { return places_; }

private:
    [[nodiscard]] std::size_t halve(std::size_t first, std::size_t count, Kiss64& random);
    [[nodiscard]] std::size_t partition(std::size_t first, std::size_t count);

    const Grove& grove_;
    CodedPlanes& planes_;
    std::size_t stride_;
    CodeView rows_;
    std::vector<std::uint8_t> copies_;
    std::span<const std::uint32_t> ids_;  // as loaded; none where places are ids
    std::vector<std::uint32_t> places_;
    std::vector<float> margins_;  // above zero: right
    std::vector<std::uint32_t> spare_;
};

}  // namespace kith::index
