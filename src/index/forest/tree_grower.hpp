// Grows one tree at a time, apart from the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "index/forest/grove.hpp"
#include "index/forest/kiss64.hpp"
#include "index/forest/split_source.hpp"
#include "index/forest/tree.hpp"

namespace kith::index {

// One per thread.
class TreeGrower {
public:
    // Told how many items have found their leaf; what it throws stops the growing.
    using Placed = std::function<void(std::size_t)>;

    explicit TreeGrower(const Grove& grove);

    // The same tree for the same grove and number, whichever grower makes it. Uses the memory of `spent`.
    [[nodiscard]] Tree grow(std::uint64_t number, const Placed& placed, Tree spent = {});

    // Writes the nodes of a tree to `out` as nodes first_node, first_node + 1, … of a forest: `out` has node_bytes for
    // each, all zero.
    void place(const Tree& tree, std::size_t first_node, std::byte* out) const;

private:
    // A node whose subtree is under way.
    struct Frame {
        std::size_t first;
        std::size_t count;
        SplitSource::Split split;
        std::uint32_t children[2];  // as found so far
        int done;                   // children finished
    };

    // The index of the node for a range of ids that needs no split; nothing when it does.
    std::optional<std::uint32_t> leaf(std::size_t first, std::size_t count, bool root, Tree& tree);
    void open(std::size_t first, std::size_t count, std::uint32_t upper, Kiss64& random);
    std::uint32_t close(Tree& tree);
    static void take(Frame& frame, std::uint32_t child);

    const Grove& grove_;
    std::unique_ptr<SplitSource> source_;
    std::vector<Frame> frames_;      // from the root down to the node being grown
    std::vector<std::byte> planes_;  // each frame's plane, to be written once its children are
};

}  // namespace kith::index
