#include "index/forest/tree_grower.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace kith::index {

TreeGrower::TreeGrower(const Grove& grove) : grove_(grove), source_(split_source_of(grove)) {}

void TreeGrower::place(const Tree& tree, std::size_t first_node, std::byte* out) const {
    const NodeLayout& layout = grove_.layout;
    const auto shift = static_cast<std::uint32_t>(first_node - grove_.n_items);
    const std::byte* plane = tree.planes.data();
    for (const Tree::Node& node : tree.nodes) {
        std::byte* const children = out + layout.children;
        if (node.children[1] == Tree::kLeaf) {
            if (node.count > 0)
                std::memcpy(children, tree.ids.data() + node.children[0], node.count * sizeof(std::uint32_t));
        } else {
            source_->write_plane(plane, out);
            plane += source_->plane_bytes();
            for (std::size_t side = 0; side < 2; ++side) {
                const std::uint32_t child = node.children[side];
                store(children + side * sizeof child, child < grove_.n_items ? child : child + shift);
            }
        }
        store(out, static_cast<std::int32_t>(&node == &tree.nodes.back() ? grove_.n_items : node.count));
        out += layout.node_bytes;
    }
}

Tree TreeGrower::grow(std::uint64_t number, const Placed& placed, Tree spent) {
    Kiss64 random = Kiss64::of_tree(grove_.seed, number);
    Tree tree = std::move(spent);
    tree.clear();
    tree.ids.reserve(grove_.ids.size());
    frames_.clear();
    const std::uint32_t upper = source_->begin(random);
    if (leaf(0, grove_.ids.size(), true, tree)) {
        placed(grove_.ids.size());
        return tree;
    }
    open(0, grove_.ids.size(), upper, random);
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        const bool left_first = frame.split.left <= frame.count - frame.split.left;
        if (frame.done == 2) {
            const std::uint32_t index = close(tree);
            frames_.pop_back();
            if (!frames_.empty()) take(frames_.back(), index);
            continue;
        }
        const std::size_t side = left_first == (frame.done == 0) ? 0 : 1;
        const std::size_t first = side == 0 ? frame.first : frame.first + frame.split.left;
        const std::size_t count = side == 0 ? frame.split.left : frame.count - frame.split.left;
        if (const auto index = leaf(first, count, false, tree)) {
            placed(count);
            take(frame, *index);
        } else {
            open(first, count, frame.split.upper[side], random);
        }
    }
    return tree;
}

// The smaller child first.
void TreeGrower::take(Frame& frame, std::uint32_t child) {
    const bool left_first = frame.split.left <= frame.count - frame.split.left;
    frame.children[left_first == (frame.done == 0) ? 0 : 1] = child;
    ++frame.done;
}

// Annoy tells roots by their count of all ids, holes included, so that a root whose real items are few is a leaf
// only when all ids would fit; of one item it makes a leaf in the dress of a split.
std::optional<std::uint32_t> TreeGrower::leaf(std::size_t first, std::size_t count, bool root, Tree& tree) {
    const NodeLayout& layout = grove_.layout;
    const bool fits = count <= layout.leaf_capacity;
    if (!fits || (root && grove_.n_items > layout.leaf_capacity && count != 1)) return std::nullopt;
    if (count == 1 && !root) {
        std::uint32_t id = 0;
        source_->copy_ids(first, 1, &id);
        return id;
    }
    // In ascending order, so that searches meet them in the order of their addresses.
    const std::size_t begin = tree.ids.size();
    tree.ids.resize(begin + count);
    source_->copy_ids(first, count, tree.ids.data() + begin);
    tree.nodes.push_back({static_cast<std::uint32_t>(count), {static_cast<std::uint32_t>(begin), Tree::kLeaf}});
    return static_cast<std::uint32_t>(grove_.n_items + tree.nodes.size() - 1);
}

void TreeGrower::open(std::size_t first, std::size_t count, std::uint32_t upper, Kiss64& random) {
    const std::size_t depth = frames_.size();
    const std::size_t bytes = source_->plane_bytes();
    if (planes_.size() < (depth + 1) * bytes) planes_.resize((2 * depth + 16) * bytes);
    frames_.push_back(
        {first, count, source_->split(first, count, upper, random, planes_.data() + depth * bytes), {0, 0}, 0});
}

std::uint32_t TreeGrower::close(Tree& tree) {
    const Frame& frame = frames_.back();
    const std::size_t bytes = source_->plane_bytes();
    const auto plane = planes_.begin() + static_cast<std::ptrdiff_t>((frames_.size() - 1) * bytes);
    tree.planes.insert(tree.planes.end(), plane, plane + static_cast<std::ptrdiff_t>(bytes));
    tree.nodes.push_back({static_cast<std::uint32_t>(frame.count), {frame.children[0], frame.children[1]}});
    return static_cast<std::uint32_t>(grove_.n_items + tree.nodes.size() - 1);
}

}  // namespace kith::index
