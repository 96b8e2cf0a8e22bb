#include "index/forest/ann_file.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "index/forest/item_node.hpp"
#include "storage/atomic_file.hpp"
#include "storage/mapped_file.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kMaxNodes = 0x7fffffff;

// What the end of the file tells; `problem` is empty when it makes sense.
struct Tail {
    std::size_t n_items = 0;
    std::vector<std::uint32_t> roots;
    std::string problem;
    std::size_t problem_node = 0;
};

class TailReader {
public:
    TailReader(std::span<const std::byte> bytes, const NodeLayout& layout)
        : bytes_(bytes), layout_(layout), n_nodes_(bytes.size() / layout.node_bytes) {}

    // The file ends with a copy of every root, and a root counts all ids below the number of items: so the last
    // node gives that number, and the nodes before it that give the same one are the other roots.
    Tail read() const {
        Tail tail;
        const std::int32_t count = descendants(node(n_nodes_ - 1));
        if (count < 0 || static_cast<std::size_t>(count) >= n_nodes_) {
            return wrong(n_nodes_ - 1, formatted("a root over {} items in {} nodes", count, n_nodes_));
        }
        tail.n_items = static_cast<std::size_t>(count);
        std::size_t first = n_nodes_;
        while (first > tail.n_items && descendants(node(first - 1)) == count) --first;
        if (tail.n_items <= layout_.leaf_capacity) {
            return all_leaves(std::move(tail), first);
        }
        const std::size_t run = n_nodes_ - first;
        if (first == tail.n_items && run % 2 == 0) {
            // One or two items among holes: every tree is its root alone, and all of them precede the copies.
            first += run / 2;
        } else if (run > 1 && first_child(n_nodes_ - 1) == first_child(first)) {
            // The last tree's root, which stands right before the copies, is not one of them.
            ++first;
        }
        return check(with_roots(std::move(tail), first));
    }

private:
    [[nodiscard]] const std::byte* node(std::size_t i) const { return bytes_.data() + i * layout_.node_bytes; }
    [[nodiscard]] std::uint32_t first_child(std::size_t i) const {
        return load<std::uint32_t>(node(i) + layout_.children);
    }
    [[nodiscard]] std::uint32_t second_child(std::size_t i) const {
        return load<std::uint32_t>(node(i) + layout_.children + sizeof(std::uint32_t));
    }

    [[nodiscard]] Tail with_roots(Tail tail, std::size_t first) const {
        tail.roots.resize(n_nodes_ - first);
        for (std::size_t i = 0; i < tail.roots.size(); ++i) {
            tail.roots[i] = static_cast<std::uint32_t>(n_nodes_ - 1 - i);
        }
        return tail;
    }

    static Tail wrong(std::size_t at, std::string problem) {
        Tail tail;
        tail.problem = std::move(problem);
        tail.problem_node = at;
        return tail;
    }

    // Few items: every tree is one leaf, twice in the file, and the roots are half of what follows the items.
    // (Annoy, which cannot tell a root from its copy here, reports about twice the trees and finds the same
    // neighbours.)
    [[nodiscard]] Tail all_leaves(Tail tail, std::size_t first) const {
        const std::size_t trees = (n_nodes_ - tail.n_items) / 2;
        if (first != tail.n_items) {
            return wrong(first - 1, formatted("a node over {} items where all {} belong to each tree",
                                              descendants(node(first - 1)), tail.n_items));
        }
        for (std::size_t i = tail.n_items; i < n_nodes_; ++i) {
            for (std::size_t slot = 0; slot < tail.n_items; ++slot) {
                const auto id = load<std::uint32_t>(node(i) + layout_.children + slot * sizeof(std::uint32_t));
                if (id >= tail.n_items) return wrong(i, formatted("item {} of {}", id, tail.n_items));
            }
        }
        if (tail.n_items == 1 && !only_zeros_after_children(n_nodes_ - 1)) {
            return wrong(n_nodes_ - 1, "an item and no tree after the items");
        }
        return check(with_roots(std::move(tail), n_nodes_ - std::max<std::size_t>(trees, 1)));
    }

    [[nodiscard]] bool only_zeros_after_children(std::size_t i) const {
        const std::byte* end = node(i) + layout_.node_bytes;
        return std::all_of(node(i) + layout_.children, end, [](std::byte b) { return b == std::byte{0}; });
    }

    [[nodiscard]] Tail check(Tail tail) const {
        if (tail.n_items > 0 && descendants(node(tail.n_items - 1)) != 1) {
            return wrong(tail.n_items - 1, formatted("a node over {} items where the last item should be",
                                                     descendants(node(tail.n_items - 1))));
        }
        if (tail.n_items <= layout_.leaf_capacity) return tail;
        for (const std::uint32_t root : tail.roots) {
            if (first_child(root) >= n_nodes_ || second_child(root) >= n_nodes_) {
                return wrong(root, formatted("children {} and {} of {} nodes", first_child(root),
                                             second_child(root), n_nodes_));
            }
        }
        return tail;
    }

    std::span<const std::byte> bytes_;
    const NodeLayout& layout_;
    std::size_t n_nodes_;
};

std::string describe(Metric metric, std::size_t dim, const NodeLayout& layout) {
    return formatted("nodes of {} bytes (metric {}, {} dimensions)", layout.node_bytes, name(metric), dim);
}

// Throws CorruptFile when the size does not fit.
void check_size(const std::string& path, std::size_t size, Metric metric, std::size_t dim,
                const NodeLayout& layout) {
    if (size == 0) throw CorruptFile(path, 0, "an index that Annoy saved", "an empty file");
    if (size % layout.node_bytes != 0) {
        throw CorruptFile(path, size / layout.node_bytes * layout.node_bytes,
                          "whole " + describe(metric, dim, layout),
                          formatted("{} bytes left over of {}: other metric or dimension, or a truncated file",
                                    size % layout.node_bytes, size));
    }
    if (size / layout.node_bytes > kMaxNodes) {
        throw CorruptFile(path, 0, formatted("at most {} nodes", kMaxNodes),
                          formatted("{} nodes of {} bytes", size / layout.node_bytes, layout.node_bytes));
    }
}

// The layouts to try, most likely first.
std::vector<DotLayout> candidates(Metric metric, DotLayout wanted) {
    if (metric != Metric::kDot) return {DotLayout::kAuto};
    if (wanted != DotLayout::kAuto) return {wanted};
    return {DotLayout::kRelease, DotLayout::kHead};
}

}  // namespace

std::shared_ptr<const ForestData> open_ann(const std::string& path, Metric metric, std::size_t dim,
                                           const AnnoyFileOptions& options) {
    const std::vector<DotLayout> layouts = candidates(metric, options.dot_layout);
    const NodeLayout first_layout = layout_of(metric, dim, layouts.front());
    storage::Region file =
        storage::map_file(path, options.prefault ? storage::Prefault::kYes : storage::Prefault::kNo);
    std::optional<Tail> first_problem;
    for (const DotLayout each : layouts) {
        const NodeLayout layout = layout_of(metric, dim, each);
        if (file.empty() || file.size() % layout.node_bytes != 0 || file.size() / layout.node_bytes > kMaxNodes) {
            continue;
        }
        Tail tail = TailReader(file.bytes(), layout).read();
        if (tail.problem.empty()) {
            return std::make_shared<ForestData>(metric, dim, each, std::move(file), tail.n_items,
                                                std::move(tail.roots), path);
        }
        if (!first_problem) first_problem = std::move(tail);
    }
    if (!first_problem) check_size(path, file.size(), metric, dim, first_layout);
    throw CorruptFile(path, first_problem->problem_node * first_layout.node_bytes,
                      describe(metric, dim, first_layout),
                      first_problem->problem + ": other metric or dimension, or not an index of Annoy");
}

namespace {

// Items that are plain rows, as nodes.
std::vector<std::byte> item_nodes(const ForestData& forest) {
    const NodeLayout& layout = forest.layout();
    std::vector<std::byte> nodes(forest.n_items() * layout.node_bytes);
    for (std::size_t id = 0; id < forest.n_items(); ++id) {
        if (!forest.is_item(id)) continue;
        write_item(forest.metric(), layout, forest.kernels(), forest.items().vector(id),
                   nodes.data() + id * layout.node_bytes);
    }
    if (forest.metric() == Metric::kDot) {
        set_dot_factors(forest.dot_layout(), layout, forest.dim(), forest.kernels(), nodes.data(),
                        forest.n_items());
    }
    return nodes;
}

}  // namespace

void write_ann(const ForestData& forest, const std::string& path) {
    if (forest.roots().empty()) {
        throw InvalidArgument(
            "the forest has no tree; an .ann file needs at least one to tell the number of items");
    }
    const std::size_t node_bytes = forest.layout().node_bytes;
    storage::AtomicFile file(path);
    if (forest.ann_bytes() != nullptr) {
        file.write({forest.ann_bytes(), forest.n_nodes() * node_bytes});
    } else {
        file.write(item_nodes(forest));
        file.write({forest.trees(), (forest.n_nodes() - forest.n_items()) * node_bytes});
    }
    file.commit();
}

}  // namespace kith::index
