// Grows one tree at a time, apart from the others, into a buffer of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "index/forest/grove.hpp"
#include "index/forest/kiss64.hpp"
#include "index/forest/splitter.hpp"

namespace kith::index {

// A tree's nodes in post-order, the smaller child first and the root last, as Annoy writes them. Child indexes are
// those of a tree whose first node comes right after the items.
struct Tree {
    std::vector<std::byte> nodes;
    std::vector<std::uint32_t> splits;  // which nodes are splits, ascending

    // Writes the nodes to `out` as nodes first_node, first_node + 1, … of a forest. REQUIRES: out has nodes.size().
    void place(const Grove& grove, std::size_t first_node, std::byte* out) const;
};

// One per thread.
class TreeGrower {
public:
    // Told how many items have found their leaf; false stops the growing.
    using Placed = std::function<bool(std::size_t)>;

    explicit TreeGrower(const Grove& grove);

    // The same tree for the same grove and number, whichever grower makes it. Nothing when `placed` stopped it. Uses
    // the memory of `spent`.
    [[nodiscard]] std::optional<Tree> grow(std::uint64_t number, const Placed& placed, Tree spent = {});

private:
    // A node whose subtree is under way.
    struct Frame {
        std::size_t first;
        std::size_t count;
        std::size_t left;           // ids on the left side, which come first
        std::uint32_t children[2];  // as found so far
        int done;                   // children finished
    };

    // The index of the node for a range of ids that needs no split; nothing when it does.
    std::optional<std::uint32_t> leaf(std::size_t first, std::size_t count, bool root, Tree& tree);
    void open(std::size_t first, std::size_t count, Kiss64& random);
    std::uint32_t close(Tree& tree);
    std::byte* append(Tree& tree);

    [[nodiscard]] std::byte* plane(std::size_t depth) { return planes_.data() + depth * grove_.layout.node_bytes; }

    const Grove& grove_;
    Splitter splitter_;
    std::vector<std::uint32_t> ids_;
    std::vector<Frame> frames_;      // from the root down to the node being grown
    std::vector<std::byte> planes_;  // each frame's node, to be written once its children are
    std::size_t last_size_ = 0;
};

}  // namespace kith::index
