#include "index/forest/search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/metric.hpp"
#include "index/forest/ordered_key.hpp"

namespace kith::index {
namespace {

// Items ranked at a time: their ranks and the beginnings of their rows stay in the nearest cache.
constexpr std::size_t kBlock = 256;

// Rows at least this long are worth reading in part. Fewer of them are ranked at a time, so that the limit is fresh.
constexpr std::size_t kLongRow = 1024;
constexpr std::size_t kLongBlock = 32;

bool long_rows(const ForestData& forest) noexcept {
    return forest.elements() * sizeof(float) >= kLongRow;
}

// Ranks the candidates with the distance itself.
void rank_all(const ForestData& forest, const void* query, std::span<const std::uint32_t> ids, TopK& best) {
    const kernel::DistanceKernels& kernels = forest.distances();
    const Items& items = forest.items();
    const std::size_t size = long_rows(forest) && kernels.within != nullptr ? kLongBlock : kBlock;
    std::array<float, kBlock> ranks;
    for (std::size_t first = 0; first < ids.size(); first += size) {
        const auto block = ids.subspan(first, std::min(size, ids.size() - first));
        if (size == kLongBlock) {
            kernels.within(query, items.vectors, items.stride, block.data(), block.size(), forest.elements(),
                           best.threshold(), ranks.data());
        } else {
            kernels.gather(query, items.vectors, items.stride, block.data(), block.size(), forest.elements(),
                           ranks.data());
        }
        for (std::size_t i = 0; i < block.size(); ++i) {
            if (ranks[i] > best.threshold()) continue;
            if (forest.is_item(block[i])) best.push(ranks[i], block[i]);
        }
    }
}

// A bound on the cosine that lets through what could be among the best: by the lengths that angular items carry in
// their nodes, and the dot product alone. What it lets through is ranked exactly.
class CosineBound {
public:
    CosineBound(float query_squares, std::size_t dim)
        : length_(std::sqrt(query_squares)), slack_((static_cast<float>(dim) / 8 + 64) * 0x1p-24F) {}

    // Rows and queries whose squared length is outside are no matter for single precision.
    [[nodiscard]] static bool sound(float squares) { return squares > 1e-9F && squares < 1e12F; }

    // `worst`: no greater rank, 2 - 2 cos, is of interest.
    void set(float worst) {
        const float least = length_ * (1 - worst / 2 - slack_);
        signed_square_ = least * std::abs(least);
    }
    [[nodiscard]] bool admits(float dot, float squares) const {
        return !(dot * std::abs(dot) < signed_square_ * squares) || !sound(squares);
    }

private:
    float length_;
    float slack_;
    float signed_square_ = 0;
};

void rank_by_length(const ForestData& forest, const float* query, float query_squares,
                    std::span<const std::uint32_t> ids, TopK& best) {
    const kernel::PairFn pair = forest.distances().pair;
    const Items& items = forest.items();
    const std::byte* const lengths = items.headers + forest.layout().children;
    CosineBound bound(query_squares, forest.dim());
    bound.set(best.threshold());
    std::array<float, kBlock> dots;
    for (std::size_t first = 0; first < ids.size(); first += kBlock) {
        const auto block = ids.subspan(first, std::min(kBlock, ids.size() - first));
        // The length lies before the vector, in one case of five in a line of its own.
        for (const std::uint32_t id : block) __builtin_prefetch(lengths + id * items.stride);
        forest.kernels().f32.dot_gather(query, items.vectors, items.stride, block.data(), block.size(),
                                        forest.dim(), dots.data());
        for (std::size_t i = 0; i < block.size(); ++i) {
            const std::uint32_t id = block[i];
            if (!bound.admits(dots[i], load<float>(lengths + id * items.stride))) continue;
            if (!forest.is_item(id)) continue;
            best.push(pair(query, items.vector(id), forest.dim()), id);
            bound.set(best.threshold());
        }
    }
}

// Nanoseconds, roughly: to meet an id that is not ranked, and to rank one.
constexpr double kMeeting = 4;
double ranking_cost(const ForestData& forest) noexcept {
    return 12 + 0.06 * static_cast<double>(forest.elements() * sizeof(float));
}

}  // namespace

SearchScratch& thread_scratch() {
    thread_local SearchScratch scratch;
    return scratch;
}

void collect_ids(const ForestData& forest, LeafSet& leaves, IdSet& met, std::size_t held,
                 std::vector<std::uint32_t>& ids) {
    if (long_rows(forest)) leaves.sort();
    met.resize(forest.n_items());
    ids.resize(std::min(held + leaves.total(), forest.n_items()) + 1);
    for (std::size_t i = 0; i < held; ++i) met.add(ids[i]);
    std::uint32_t* out = ids.data() + held;
    // Written in any case, and kept when it is new: which it is cannot be predicted. Ids beyond the items, which only
    // a damaged file holds, are left out.
    const auto take = [&](std::uint32_t id) {
        if (id >= forest.n_items()) return;
        *out = id;
        out += met.add(id) ? 1 : 0;
    };
    for (const ReachedLeaf& leaf : leaves.leaves()) {
        const std::uint32_t node = node_of(leaf.key);
        if (node < forest.n_items()) {
            take(node);
            continue;
        }
        const std::byte* list = forest.node(node) + forest.layout().children;
        for (std::size_t n = 0; n < leaf.count; ++n) take(load<std::uint32_t>(list + n * sizeof(std::uint32_t)));
    }
    ids.resize(static_cast<std::size_t>(out - ids.data()));
    met.clear(ids);
}

void rank_ids(const ForestData& forest, const void* query, std::span<const std::uint32_t> ids, TopK& best) {
    const auto* const floats = static_cast<const float*>(query);
    float squares = 0;
    if (forest.metric() == Metric::kAngular && forest.items().headers != nullptr) {
        squares = forest.kernels().f32.sum_of_squares(floats, forest.dim());
    }
    if (CosineBound::sound(squares)) {
        rank_by_length(forest, floats, squares, ids, best);
    } else {
        rank_all(forest, query, ids, best);
    }
}

void give_neighbors(const ForestData& forest, TopK& best, Neighbors& out) {
    out.clear();
    for (const Candidate& each : best.sorted()) {
        out.ids.push_back(each.id);
        out.distances.push_back(display(forest.metric(), each.rank));
    }
}

FilteredEffort filtered_effort(const ForestData& forest, double share, std::size_t search_k) noexcept {
    const auto allowed = share * static_cast<double>(forest.n_items());
    const double wider = std::min(static_cast<double>(search_k) / share,
                                  static_cast<double>(forest.n_items() * forest.roots().size()));
    const double ranked = std::min(allowed, static_cast<double>(search_k));
    const double cost = ranking_cost(forest);
    return {.all = allowed * cost <= wider * kMeeting + ranked * cost, .search_k = static_cast<std::size_t>(wider)};
}

void search_forest(const ForestData& forest, const void* query, const Selection& selection, std::size_t k,
                   std::size_t search_k, Neighbors& out) {
    out.clear();
    if (k == 0 || search_k == 0 || forest.roots().empty()) return;
    SearchScratch& scratch = thread_scratch();
    FilteredEffort effort{.all = false, .search_k = search_k};
    if (selection.filtered()) effort = filtered_effort(forest, selection.share(), search_k);
    if (effort.all) {
        scratch.ids.clear();
        selection.append_to(scratch.ids);
    } else {
        walk_trees(forest, query, effort.search_k, scratch);
        collect_ids(forest, scratch.leaves, scratch.met, 0, scratch.ids);
        if (!selection.everything()) {
            std::erase_if(scratch.ids, [&](std::uint32_t id) { return !selection.allows(id); });
        }
    }
    scratch.best.reset(std::min(k, scratch.ids.size()));
    rank_ids(forest, query, scratch.ids, scratch.best);
    give_neighbors(forest, scratch.best, out);
}

}  // namespace kith::index
