// The upper levels of a tree. Their planes are chosen by a sample of the rows; then all rows go down all of them at
// once, block by block, so that each row is read from memory once instead of once a level.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/forest/coded_plane.hpp"
#include "index/forest/near_splitter.hpp"

namespace kith::index {

// One per thread; serves one tree after the other.
class Crown {
public:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    Crown(const Grove& grove, CodedPlanes& planes, NearSplitter& splitter);

    // Brings `ids`, ascending, into the order of the leaves of a new crown; within a leaf they stay ascending. Returns
    // its root, kNone when the ids are too few to need one.
    [[nodiscard]] std::uint32_t grow(std::span<std::uint32_t> ids, Kiss64& random);

    // Of a node: how many of its ids, which are next to each other, are on its left side; its plane; its children, kNone
    // when the crown ends there. A split may be uneven, or have an empty side: the sample decides.
    [[nodiscard]] std::size_t left(std::uint32_t node) const noexcept { return nodes_[node].left; }
    [[nodiscard]] const CodedPlane& plane(std::uint32_t node) const noexcept { return nodes_[node].plane; }
    [[nodiscard]] std::uint32_t child(std::uint32_t node, std::size_t side) const noexcept {
        return nodes_[node].children[side];
    }

private:
    struct Node {
        CodedPlane plane;
        std::uint32_t children[2];
        std::size_t left;
    };

    std::uint32_t choose(std::size_t first, std::size_t count, std::size_t enough, Kiss64& random);
    void route(std::span<std::uint32_t> ids, Kiss64& random);
    void descend(std::uint32_t node, std::size_t first, std::size_t count, std::uint32_t* ids, Kiss64& random);
    void gather_leaves(std::span<std::uint32_t> ids);

    const Grove& grove_;
    CodedPlanes& planes_;
    NearSplitter& splitter_;
    std::vector<Node> nodes_;
    std::size_t used_ = 0;
    std::vector<std::uint32_t> sample_;
    std::vector<std::uint32_t> routed_;  // block by block, leaf by leaf
    std::vector<std::uint32_t> counts_;  // of each leaf in each block
    std::vector<float> margins_;
    std::vector<std::uint32_t> spare_;
};

}  // namespace kith::index
