#include <kith/forest_recall.hpp>

#include <algorithm>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/parallel.hpp"

namespace kith {
namespace {

constexpr std::size_t kQueries = 200;
constexpr int kFewestTrees = 5;
constexpr int kMostTrees = 320;

// A path down one tree costs about as much as inspecting this many candidates (docs/kernels.md).
constexpr double kTreeCost = 20;

// Twice as many trees must save this share of the effort.
constexpr double kWorthwhile = 0.8;

class Judge {
public:
    Judge(const ForestBuilder& builder, std::size_t k, std::size_t threads) : k_(k), threads_(threads) {
        std::vector<Id> all;
        for (std::size_t id = 0; id < builder.n_items(); ++id) {
            if (builder.contains(static_cast<Id>(id))) all.push_back(static_cast<Id>(id));
        }
        if (all.size() < 2) {
            throw InvalidArgument(
                formatted("recall is measured between items; there are {}, and it takes at least 2", all.size()));
        }
        const std::size_t count = std::min(kQueries, all.size());
        for (std::size_t i = 0; i < count; ++i) queries_.push_back(all[i * all.size() / count]);
        most_ = static_cast<std::int64_t>(all.size());
    }

    // Meets every item of one tree.
    void find_truth(const Forest& forest) { truth_ = answers(forest, most_); }

    [[nodiscard]] double recall(const Forest& forest, std::int64_t search_k) const {
        const std::vector<std::vector<Id>> found = answers(forest, search_k);
        std::size_t hits = 0;
        std::size_t wanted = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            wanted += truth_[i].size();
            for (const Id id : truth_[i]) hits += std::count(found[i].begin(), found[i].end(), id) != 0 ? 1 : 0;
        }
        return static_cast<double>(hits) / static_cast<double>(wanted);
    }

    // The least effort that reaches `recall`. All items of one tree always do; no more than `limit` is tried.
    [[nodiscard]] ForestEffort least(const Forest& forest, double recall, double limit) const {
        ForestEffort effort{static_cast<int>(forest.n_trees()), static_cast<std::int64_t>(k_), 0};
        const std::int64_t most = most_ * effort.n_trees;
        while ((effort.recall = this->recall(forest, effort.search_k)) < recall && effort.search_k < most) {
            if (static_cast<double>(effort.search_k) > limit) break;
            effort.search_k = std::min(effort.search_k + effort.search_k / 5 + 1, most);
        }
        return effort;
    }

private:
    [[nodiscard]] std::vector<std::vector<Id>> answers(const Forest& forest, std::int64_t search_k) const {
        std::vector<std::vector<Id>> out(queries_.size());
        parallel_for(queries_.size(), threads_, [&](std::size_t i, std::size_t) {
            const Neighbors found = forest.search_item(queries_[i], {.k = k_ + 1, .search_k = search_k});
            for (const Id id : found.ids) {
                if (id != queries_[i] && out[i].size() < k_) out[i].push_back(id);
            }
        });
        return out;
    }

    std::size_t k_;
    std::size_t threads_;
    std::int64_t most_ = 0;
    std::vector<Id> queries_;
    std::vector<std::vector<Id>> truth_;
};

double cost(const ForestEffort& effort) {
    return static_cast<double>(effort.search_k) + kTreeCost * effort.n_trees;
}

}  // namespace

ForestEffort build_for_recall(ForestBuilder& builder, double recall, std::size_t k, std::size_t threads,
                              const ProgressFn& progress) {
    if (!(recall > 0 && recall < 1)) {
        throw InvalidArgument(formatted("recall is {}; it must be above 0 and below 1", recall));
    }
    if (k == 0) throw InvalidArgument("k is 0; recall is measured over at least 1 neighbour");
    if (builder.is_built()) throw InvalidArgument("cannot build: the index is built; unbuild it first");
    Judge judge(builder, k, threads);
    builder.build(1, threads, progress);
    judge.find_truth(builder.forest());
    builder.unbuild();

    const auto measure = [&](int trees, double limit) {
        builder.build(trees, threads, progress);
        const ForestEffort effort = judge.least(builder.forest(), recall, limit);
        builder.unbuild();
        return effort;
    };
    ForestEffort best = measure(kFewestTrees, 1e18);
    for (int trees = 2 * kFewestTrees; trees <= kMostTrees; trees *= 2) {
        const ForestEffort next = measure(trees, cost(best));
        if (next.recall < recall || cost(next) > kWorthwhile * cost(best)) break;
        best = next;
    }
    builder.build(best.n_trees, threads, progress);
    builder.set_default_search_k(best.search_k, k);
    return best;
}

}  // namespace kith
