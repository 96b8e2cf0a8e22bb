// A tree that waits for its place behind the items, in few bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kith::index {

// Nodes in post-order, the smaller child first and the root last, as Annoy writes them. Children are ids of items, or
// the number of items plus the place of a node.
struct Tree {
    struct Node {
        std::uint32_t count;        // of items below
        std::uint32_t children[2];  // a leaf: where its ids begin in `ids`, kLeaf
    };
    static constexpr std::uint32_t kLeaf = ~std::uint32_t{0};

    std::vector<Node> nodes;
    std::vector<std::uint32_t> ids;  // leaf by leaf
    std::vector<std::byte> planes;   // of the splits, in their order; whoever made the tree can read them

    void clear() noexcept {
        nodes.clear();
        ids.clear();
        planes.clear();
    }
};

}  // namespace kith::index
