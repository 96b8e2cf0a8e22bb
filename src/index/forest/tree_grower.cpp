#include "index/forest/tree_grower.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace kith::index {

void Tree::place(const Grove& grove, std::size_t first_node, std::byte* out) const {
    std::memcpy(out, nodes.data(), nodes.size());
    const auto shift = static_cast<std::uint32_t>(first_node - grove.n_items);
    for (const std::uint32_t split : splits) {
        std::byte* child = out + split * std::size_t{grove.layout.node_bytes} + grove.layout.children;
        for (int side = 0; side < 2; ++side, child += sizeof(std::uint32_t)) {
            const auto index = load<std::uint32_t>(child);
            if (index >= grove.n_items) store(child, index + shift);
        }
    }
}

TreeGrower::TreeGrower(const Grove& grove) : grove_(grove), splitter_(grove) {}

std::optional<Tree> TreeGrower::grow(std::uint64_t number, const Placed& placed, Tree spent) {
    Kiss64 random = Kiss64::of_tree(grove_.seed, number);
    Tree tree = std::move(spent);
    tree.nodes.clear();
    tree.splits.clear();
    tree.nodes.reserve(last_size_ + last_size_ / 16);
    ids_.assign(grove_.ids.begin(), grove_.ids.end());
    splitter_.begin(ids_);
    frames_.clear();
    if (leaf(0, ids_.size(), true, tree))
        return placed(ids_.size()) ? std::optional(std::move(tree)) : std::nullopt;
    open(0, ids_.size(), random);
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        if (frame.done == 2) {
            const std::uint32_t index = close(tree);
            frames_.pop_back();
            if (!frames_.empty()) {
                Frame& parent = frames_.back();
                const bool left_first = parent.left <= parent.count - parent.left;
                parent.children[left_first == (parent.done == 0) ? 0 : 1] = index;
                ++parent.done;
            }
            continue;
        }
        const bool left_first = frame.left <= frame.count - frame.left;
        const bool left = left_first == (frame.done == 0);
        const std::size_t first = left ? frame.first : frame.first + frame.left;
        const std::size_t count = left ? frame.left : frame.count - frame.left;
        if (const auto index = leaf(first, count, false, tree)) {
            if (!placed(count)) return std::nullopt;
            frame.children[left ? 0 : 1] = *index;
            ++frame.done;
        } else {
            open(first, count, random);
        }
    }
    last_size_ = tree.nodes.size();
    return tree;
}

// Annoy tells roots by their count of all ids, holes included, so that a root whose real items are few is a leaf
// only when all ids would fit; of one item it makes a leaf in the dress of a split.
std::optional<std::uint32_t> TreeGrower::leaf(std::size_t first, std::size_t count, bool root, Tree& tree) {
    const NodeLayout& layout = grove_.layout;
    if (count == 1 && !root) return ids_[first];
    const bool fits = count <= layout.leaf_capacity;
    if (!fits || (root && grove_.n_items > layout.leaf_capacity && count != 1)) return std::nullopt;
    const auto index = static_cast<std::uint32_t>(grove_.n_items + tree.nodes.size() / layout.node_bytes);
    std::byte* node = append(tree);
    store(node, static_cast<std::int32_t>(root ? grove_.n_items : count));
    // In ascending order, so that searches meet them in the order of their addresses.
    std::byte* list = node + layout.children;
    const auto begin = ids_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(count);
    if (!std::is_sorted(begin, end)) std::sort(begin, end);
    std::memcpy(list, ids_.data() + first, count * sizeof(std::uint32_t));
    return index;
}

void TreeGrower::open(std::size_t first, std::size_t count, Kiss64& random) {
    const std::size_t depth = frames_.size();
    if (planes_.size() < (depth + 1) * grove_.layout.node_bytes) {
        planes_.resize((2 * depth + 16) * grove_.layout.node_bytes);
    }
    std::fill_n(plane(depth), grove_.layout.node_bytes, std::byte{0});
    const std::size_t left = splitter_.split(first, count, random, plane(depth));
    frames_.push_back({first, count, left, {0, 0}, 0});
}

std::uint32_t TreeGrower::close(Tree& tree) {
    const NodeLayout& layout = grove_.layout;
    const Frame& frame = frames_.back();
    const std::size_t ordinal = tree.nodes.size() / layout.node_bytes;
    std::byte* node = append(tree);
    std::memcpy(node, plane(frames_.size() - 1), layout.node_bytes);
    const bool root = frames_.size() == 1;
    store(node, static_cast<std::int32_t>(root ? grove_.n_items : frame.count));
    store(node + layout.children, frame.children[0]);
    store(node + layout.children + sizeof(std::uint32_t), frame.children[1]);
    tree.splits.push_back(static_cast<std::uint32_t>(ordinal));
    return static_cast<std::uint32_t>(grove_.n_items + ordinal);
}

std::byte* TreeGrower::append(Tree& tree) {
    tree.nodes.resize(tree.nodes.size() + grove_.layout.node_bytes);
    return tree.nodes.data() + tree.nodes.size() - grove_.layout.node_bytes;
}

}  // namespace kith::index
