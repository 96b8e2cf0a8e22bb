// Annoy visits nodes one by one, best key first, until the leaves it has met hold search_k ids. A child's key is
// below its parent's, so those leaves are simply the ones of greatest key, and the nodes may be visited in any
// order that does not miss one of them. This walk visits several at a time: their cache misses overlap, and so do
// their dot products.
#include <algorithm>
#include <array>
#include <bit>

#include "index/forest/ordered_key.hpp"
#include "index/forest/search.hpp"

namespace kith::index {
namespace {

// Nodes visited together. A second batch of as many is on its way from memory meanwhile.
constexpr std::size_t kBatch = 8;
constexpr std::size_t kCacheLine = 64;
// Of a long node only the beginning is asked for ahead; the dot product streams the rest.
constexpr std::size_t kPrefetchBytes = 512;

struct Batch {
    std::size_t size = 0;
    std::array<std::uint64_t, kBatch> keys;
};

// Splits of one batch, with what the query's side of each is.
struct Splits {
    std::size_t size = 0;
    std::array<std::uint64_t, kBatch> keys;
    std::array<std::uint32_t, kBatch> rows;  // number among the tree nodes
    std::array<float, kBatch> margins;
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

template <class Sides>
class Walk {
public:
    Walk(const ForestData& forest, const void* query, SearchScratch& scratch)
        : forest_(forest),
          query_(query),
          frontier_(scratch.frontier),
          leaves_(scratch.leaves),
          // Only a damaged file, whose nodes go round in circles, has more to visit than this.
          budget_(2 * forest.n_nodes() + forest.roots().size()) {}

    void run() {
        frontier_.clear();
        for (const std::uint32_t root : forest_.roots()) frontier_.push(make_key(kTopPriority, root));
        Batch now;
        Batch next;
        take(now);
        while (now.size != 0) {
            take(next);
            visit(now);
            if (next.size == 0) take(next);
            std::swap(now, next);
        }
    }

private:
    // Moves the best nodes that still matter from the frontier into `batch` and asks memory for them.
    void take(Batch& batch) {
        batch.size = 0;
        while (batch.size < kBatch && !frontier_.empty() && frontier_.top() >= leaves_.floor() && budget_ > 0) {
            const std::uint64_t key = frontier_.pop();
            batch.keys[batch.size++] = key;
            --budget_;
            prefetch(node_of(key));
        }
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

    void visit(const Batch& batch) {
        splits_.size = 0;
        for (std::size_t i = 0; i < batch.size; ++i) {
            const std::uint64_t key = batch.keys[i];
            const std::uint32_t node = node_of(key);
            if (node < forest_.n_items()) {
                leaves_.add(key, forest_.is_item(node) ? 1 : 0);
                continue;
            }
            const std::int32_t count = descendants(forest_.node(node));
            if (count > static_cast<std::int32_t>(forest_.layout().leaf_capacity)) {
                splits_.keys[splits_.size] = key;
                splits_.rows[splits_.size] = node - static_cast<std::uint32_t>(forest_.n_items());
                ++splits_.size;
            } else {
                leaves_.add(key, static_cast<std::uint32_t>(std::max(count, 0)));
            }
        }
        if (splits_.size == 0) return;
        Sides::measure(forest_, query_, splits_);
        for (std::size_t i = 0; i < splits_.size; ++i) {
            const std::byte* node = forest_.trees() + splits_.rows[i] * std::size_t{forest_.layout().node_bytes};
            const std::byte* children = node + forest_.layout().children;
            const std::uint32_t parent = priority_of(splits_.keys[i]);
            push(Sides::left(parent, splits_.margins[i]), load<std::uint32_t>(children));
            push(Sides::right(parent, splits_.margins[i]), load<std::uint32_t>(children + sizeof(std::uint32_t)));
        }
    }

    void push(std::uint32_t priority, std::uint32_t node) {
        const std::uint64_t key = make_key(priority, node);
        if (key >= leaves_.floor() && node < forest_.n_nodes()) frontier_.push(key);
    }

    const ForestData& forest_;
    const void* query_;
    Frontier& frontier_;
    LeafSet& leaves_;
    std::size_t budget_;
    Splits splits_;
};

}  // namespace

void walk_trees(const ForestData& forest, const void* query, std::size_t search_k, SearchScratch& scratch) {
    scratch.leaves.reset(search_k);
    if (forest.metric() == Metric::kHamming) return Walk<Bits>(forest, query, scratch).run();
    switch (forest.layout().plane_term) {
        case PlaneTerm::kNone: return Walk<Planes<PlaneTerm::kNone>>(forest, query, scratch).run();
        case PlaneTerm::kOffset: return Walk<Planes<PlaneTerm::kOffset>>(forest, query, scratch).run();
        case PlaneTerm::kFactorSquared:
            return Walk<Planes<PlaneTerm::kFactorSquared>>(forest, query, scratch).run();
    }
}

}  // namespace kith::index
