#include "index/forest/verify.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <kith/error.hpp>

#include "base/finite.hpp"
#include "base/format.hpp"
#include "index/forest/item_node.hpp"

namespace kith::index {
namespace {

class Verifier {
public:
    explicit Verifier(const ForestData& forest) : forest_(forest), met_(forest.n_items(), 0) {}

    void run() {
        for (std::size_t id = 0; id < forest_.n_items(); ++id) check_item(id);
        for (const std::uint32_t root : forest_.roots()) check_tree(root);
    }

private:
    [[noreturn]] void refuse(std::size_t node, const std::string& expected, const std::string& found) const {
        const std::string path = forest_.path().empty() ? "forest" : forest_.path();
        throw CorruptFile(path, node * forest_.layout().node_bytes, expected,
                          formatted("{} in node {}", found, node));
    }

    void check_item(std::size_t id) {
        real_items_ += forest_.is_item(id) ? 1 : 0;
        if (forest_.ann_bytes() != nullptr) {
            const std::int32_t count = descendants(forest_.ann_bytes() + id * forest_.layout().node_bytes);
            if (count != 0 && count != 1) refuse(id, "an item or a hole", formatted("{} descendants", count));
        }
        if (forest_.metric() == Metric::kHamming) return;
        const std::span vector(reinterpret_cast<const float*>(forest_.items().vector(id)), forest_.dim());
        if (const std::size_t bad = first_not_finite(vector); bad != vector.size()) {
            refuse(id, "finite numbers", formatted("{}", vector[bad]));
        }
    }

    // Every item must be met exactly once. Each visit uses up some of a budget that only a loop exceeds.
    void check_tree(std::uint32_t root) {
        ++tree_;
        items_ = 0;
        std::size_t budget = 2 * forest_.n_nodes() + 1;
        stack_.assign(1, root);
        while (!stack_.empty()) {
            const std::uint32_t node = stack_.back();
            stack_.pop_back();
            if (budget-- == 0) refuse(root, "a tree", "a loop");
            if (node < forest_.n_items()) {
                meet(node, node);
            } else {
                check_node(node, node == root);
            }
        }
        if (items_ != real_items_) {
            refuse(root, formatted("a tree of {} items", real_items_), formatted("{} items", items_));
        }
    }

    void check_node(std::uint32_t node, bool root) {
        const NodeLayout& layout = forest_.layout();
        const std::byte* bytes = forest_.node(node);
        const std::int32_t count = descendants(bytes);
        const std::byte* list = bytes + layout.children;
        if (count < 0) refuse(node, "a number of descendants", formatted("{}", count));
        if (static_cast<std::uint32_t>(count) <= layout.leaf_capacity) {
            for (std::int32_t i = 0; i < count; ++i) {
                const auto id = load<std::uint32_t>(list + static_cast<std::size_t>(i) * sizeof(std::uint32_t));
                // A root counts holes as well; the end of its list is then empty.
                if (root && id == 0 && i > 0) continue;
                meet(id, node);
            }
            return;
        }
        for (int side = 0; side < 2; ++side) {
            const auto child = load<std::uint32_t>(list + static_cast<std::size_t>(side) * sizeof(std::uint32_t));
            if (child >= forest_.n_nodes()) {
                refuse(node, formatted("children below {}", forest_.n_nodes()), formatted("child {}", child));
            }
            // A root over a single item has a meaningless second child.
            if (root && side == 1 && child == 0 && !is_plane(bytes)) continue;
            stack_.push_back(child);
        }
        check_plane(node, bytes);
    }

    [[nodiscard]] bool is_plane(const std::byte* bytes) const {
        const std::byte* vector = bytes + forest_.layout().vector;
        const std::byte* end = bytes + forest_.layout().node_bytes;
        return std::any_of(vector, end, [](std::byte b) { return b != std::byte{0}; });
    }

    void check_plane(std::uint32_t node, const std::byte* bytes) const {
        const NodeLayout& layout = forest_.layout();
        if (forest_.metric() == Metric::kHamming) {
            const auto coordinate = load<std::uint64_t>(bytes + layout.vector);
            const std::size_t bits = forest_.elements() * 64;
            if (coordinate >= bits) refuse(node, formatted("a bit below {}", bits), formatted("{}", coordinate));
            return;
        }
        const std::span normal(reinterpret_cast<const float*>(bytes + layout.vector), forest_.dim());
        if (const std::size_t bad = first_not_finite(normal); bad != normal.size()) {
            refuse(node, "a finite normal", formatted("{}", normal[bad]));
        }
        if (layout.term != 0 && !std::isfinite(load<float>(bytes + layout.term))) {
            refuse(node, "a finite offset", formatted("{}", load<float>(bytes + layout.term)));
        }
    }

    void meet(std::uint32_t id, std::uint32_t node) {
        if (id >= forest_.n_items() || !forest_.is_item(id)) {
            refuse(node, formatted("an item, below {}", forest_.n_items()), formatted("id {}", id));
        }
        if (met_[id] == tree_) refuse(node, "each item once in a tree", formatted("item {} again", id));
        met_[id] = tree_;
        ++items_;
    }

    const ForestData& forest_;
    std::vector<std::uint32_t> met_;  // the last tree that each item was met in
    std::size_t real_items_ = 0;
    std::uint32_t tree_ = 0;
    std::size_t items_ = 0;
    std::vector<std::uint32_t> stack_;
};

}  // namespace

void verify_forest(const ForestData& forest) {
    Verifier(forest).run();
}

}  // namespace kith::index
