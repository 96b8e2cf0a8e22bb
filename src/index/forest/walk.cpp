// Annoy visits nodes one by one, best key first, until the leaves it has met hold search_k ids. A child's key is
// never above its parent's, so those leaves are simply the ones of greatest key, and the nodes may be visited in any
// order that does not miss one of them. This walk goes down several paths at once: their cache misses overlap, and
// so do their dot products. A path goes on to the better child without a detour through the queue as long as that
// is the best node known; only the other child has to wait there.
//
// Nodes and leaves below what this search needs are forgotten, or kept for a later search that goes on from here.
#include <algorithm>
#include <array>
#include <bit>

#include "index/forest/ordered_key.hpp"
#include "index/forest/search.hpp"

namespace kith::index {
namespace {

// Paths that take their steps together. As many others have their next nodes on the way from memory meanwhile.
constexpr std::size_t kPaths = 8;
constexpr std::size_t kCacheLine = 64;
// Of a long node only the beginning is asked for ahead; the dot product streams the rest.
constexpr std::size_t kPrefetchBytes = 512;

// The nodes that a group of paths visits next.
struct Group {
    std::size_t size = 0;
    std::array<std::uint64_t, kPaths> keys;
};

// Splits of one group, with what the query's side of each is.
struct Splits {
    std::size_t size = 0;
    std::array<std::uint64_t, kPaths> keys;
    std::array<std::uint32_t, kPaths> rows;  // number among the tree nodes
    std::array<float, kPaths> margins;
};

// Side and distance of the query from each split's hyperplane.
template <PlaneTerm Term>
struct Planes {
    static void measure(const ForestData& forest, const void* query, Splits& splits) {
        const NodeLayout& layout = forest.layout();
        forest.kernels().f32.dot_gather(static_cast<const float*>(query), forest.trees() + layout.vector,
                                        layout.node_bytes, splits.rows.data(), splits.size, forest.elements(),
                                        splits.margins.data());
        if constexpr (Term != PlaneTerm::kNone) {
            for (std::size_t i = 0; i < splits.size; ++i) {
                const auto term =
                    load<float>(forest.trees() + splits.rows[i] * std::size_t{layout.node_bytes} + layout.term);
                splits.margins[i] += Term == PlaneTerm::kOffset ? term : term * term;
            }
        }
    }

    // The key's upper half for the child on each side: no nearer than the parent or than the hyperplane.
    static std::uint32_t right(std::uint32_t parent, float margin) { return std::min(parent, ordered(margin)); }
    static std::uint32_t left(std::uint32_t parent, float margin) { return std::min(parent, ordered(-margin)); }
};

// A split by one bit of the vector: going against it costs one.
struct Bits {
    static void measure(const ForestData& forest, const void* query, Splits& splits) {
        const NodeLayout& layout = forest.layout();
        const std::size_t words = forest.elements();
        for (std::size_t i = 0; i < splits.size; ++i) {
            const std::byte* node = forest.trees() + splits.rows[i] * std::size_t{layout.node_bytes};
            const auto coordinate = load<std::uint64_t>(node + layout.vector);
            const std::uint64_t word = std::min<std::uint64_t>(coordinate / 64, words - 1);
            const auto bits = load<std::uint64_t>(static_cast<const std::byte*>(query) + word * sizeof word);
            splits.margins[i] = static_cast<float>(bits >> (63 - coordinate % 64) & 1);
        }
    }

    static std::uint32_t against(std::uint32_t parent) { return parent == 0 ? 0 : parent - 1; }
    static std::uint32_t right(std::uint32_t parent, float bit) { return bit != 0 ? parent : against(parent); }
    static std::uint32_t left(std::uint32_t parent, float bit) { return bit != 0 ? against(parent) : parent; }
};

// What becomes of that which this search does not need.
struct Forget {
    void node(std::uint64_t /*key*/) const {}
    void leaf(const ReachedLeaf& /*leaf*/) const {}
};

// A leaf waits beside the frontier: from there one whose key equals the floor would come back at once.
struct Keep {
    Frontier& frontier;
    std::vector<ReachedLeaf>& leaves;

    void node(std::uint64_t key) const { frontier.push(key); }
    void leaf(const ReachedLeaf& leaf) const { leaves.push_back(leaf); }
};

template <class Sides, class Rest>
class Walk {
public:
    Walk(const ForestData& forest, const void* query, Frontier& frontier, LeafSet& leaves, Rest rest)
        : forest_(forest),
          query_(query),
          frontier_(frontier),
          leaves_(leaves),
          rest_(rest),
          // Only a damaged file, whose nodes go round in circles, has more to visit than this.
          budget_(2 * forest.n_nodes() + forest.roots().size()) {}

    void run() {
        Group now;
        Group next;
        fill(now, 0);
        while (now.size != 0) {
            fill(next, now.size);
            step(now);
            if (next.size == 0) fill(now, 0);
            if (next.size != 0) std::swap(now, next);
        }
    }

private:
    // Begins paths at the best nodes that still matter, but no more than the leaves still missing are worth.
    void fill(Group& group, std::size_t others) {
        const std::size_t worth = leaves_.missing() / (forest_.layout().leaf_capacity / 2 + 1) + kPaths / 2;
        while (group.size < kPaths && group.size + others < worth && !frontier_.empty() &&
               frontier_.top() >= leaves_.floor() && budget_ > 0) {
            go_on(group, frontier_.pop());
        }
    }

    void go_on(Group& group, std::uint64_t key) {
        group.keys[group.size++] = key;
        --budget_;
        prefetch(node_of(key));
    }

    void prefetch(std::uint32_t node) const {
        const NodeLayout& layout = forest_.layout();
        const std::byte* at = node < forest_.n_items() ? header_of(node) : forest_.node(node);
        const std::size_t size = std::min<std::size_t>(layout.node_bytes, kPrefetchBytes);
        for (std::size_t offset = 0; offset < size; offset += kCacheLine) __builtin_prefetch(at + offset);
        __builtin_prefetch(at + size - 1);
    }

    [[nodiscard]] const std::byte* header_of(std::uint32_t id) const {
        const Items& items = forest_.items();
        return items.headers != nullptr ? items.headers + id * items.stride : items.vector(id);
    }

    // Visits the nodes of the group, which then holds the next nodes of its paths.
    void step(Group& group) {
        splits_.size = 0;
        for (std::size_t i = 0; i < group.size; ++i) classify(group.keys[i]);
        group.size = 0;
        if (splits_.size == 0) return;
        Sides::measure(forest_, query_, splits_);
        for (std::size_t i = 0; i < splits_.size; ++i) {
            const std::byte* node = forest_.trees() + splits_.rows[i] * std::size_t{forest_.layout().node_bytes};
            const std::byte* children = node + forest_.layout().children;
            const std::uint32_t parent = priority_of(splits_.keys[i]);
            const std::uint64_t left =
                make_key(Sides::left(parent, splits_.margins[i]), load<std::uint32_t>(children));
            const std::uint64_t right = make_key(Sides::right(parent, splits_.margins[i]),
                                                 load<std::uint32_t>(children + sizeof(std::uint32_t)));
            descend(group, std::max(left, right), std::min(left, right));
        }
    }

    void classify(std::uint64_t key) {
        const std::uint32_t node = node_of(key);
        if (node < forest_.n_items()) {
            reach(key, forest_.is_item(node) ? 1 : 0);
            return;
        }
        const std::int32_t count = descendants(forest_.node(node));
        if (count > static_cast<std::int32_t>(forest_.layout().leaf_capacity)) {
            splits_.keys[splits_.size] = key;
            splits_.rows[splits_.size] = node - static_cast<std::uint32_t>(forest_.n_items());
            ++splits_.size;
        } else {
            reach(key, static_cast<std::uint32_t>(std::max(count, 0)));
        }
    }

    // Out of line: once a leaf, and the loop over the nodes keeps its registers.
    [[gnu::noinline]] void reach(std::uint64_t key, std::uint32_t count) {
        leaves_.add(key, count, [this](const ReachedLeaf& leaf) { rest_.leaf(leaf); });
    }

    // The path goes on to the best node known.
    void descend(Group& group, std::uint64_t nearer, std::uint64_t farther) {
        const std::uint64_t floor = leaves_.floor();
        if (node_of(farther) < forest_.n_nodes()) {
            if (farther >= floor) {
                frontier_.push(farther);
            } else {
                rest_.node(farther);
            }
        }
        if (node_of(nearer) >= forest_.n_nodes()) return;
        if (nearer < floor) return rest_.node(nearer);
        if (budget_ == 0) return;
        go_on(group, !frontier_.empty() && frontier_.top() > nearer ? frontier_.replace_top(nearer) : nearer);
    }

    const ForestData& forest_;
    const void* query_;
    Frontier& frontier_;
    LeafSet& leaves_;
    Rest rest_;
    std::size_t budget_;
    Splits splits_;
};

template <class Rest>
void walk(const ForestData& forest, const void* query, Frontier& frontier, LeafSet& leaves, Rest rest) {
    const auto with = [&]<class Sides>(Sides /*sides*/) {
        Walk<Sides, Rest>(forest, query, frontier, leaves, rest).run();
    };
    if (forest.metric() == Metric::kHamming) return with(Bits());
    switch (forest.layout().plane_term) {
        case PlaneTerm::kNone: return with(Planes<PlaneTerm::kNone>());
        case PlaneTerm::kOffset: return with(Planes<PlaneTerm::kOffset>());
        case PlaneTerm::kFactorSquared: return with(Planes<PlaneTerm::kFactorSquared>());
    }
}

}  // namespace

void begin_walk(const ForestData& forest, Frontier& frontier) {
    frontier.clear();
    for (const std::uint32_t root : forest.roots()) frontier.push(make_key(kTopPriority, root));
}

void walk_trees(const ForestData& forest, const void* query, std::size_t search_k, SearchScratch& scratch) {
    begin_walk(forest, scratch.frontier);
    scratch.leaves.reset(search_k);
    walk(forest, query, scratch.frontier, scratch.leaves, Forget());
}

void walk_on(const ForestData& forest, const void* query, std::size_t more, Frontier& frontier,
             SearchScratch& scratch) {
    scratch.spare.clear();
    scratch.leaves.reset(more);
    walk(forest, query, frontier, scratch.leaves, Keep{frontier, scratch.spare});
    for (const ReachedLeaf& leaf : scratch.spare) frontier.push(leaf.key);
}

}  // namespace kith::index
