// A forest of random-projection trees: Annoy's index, its file format and its semantics.
//
//     kith::ForestBuilder builder({.metric = kith::Metric::kAngular, .dim = 100});
//     builder.add(vectors, 0);                        // MatrixView, or add(id, vector) one by one
//     builder.build(50);
//     builder.save_annoy("words.ann");                // readable by Annoy
//
//     const auto forest = kith::Forest::open_annoy("words.ann", kith::Metric::kAngular, 100);
//     const kith::Neighbors near = forest.search(query, {.k = 10, .search_k = 10'000});
//
// Each tree halves the items by a random hyperplane between two sampled centroids until at most some hundred are
// left; a search walks all trees at once, best margin first, until it has met `search_k` candidates, then ranks
// those exactly (E. Bernhardsson, Annoy, 2013; the splits follow Dasgupta and Freund, 2008). Byte tables:
// docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <kith/index.hpp>
#include <kith/matrix.hpp>
#include <kith/open.hpp>
#include <kith/progress.hpp>
#include <kith/types.hpp>

namespace kith {

namespace index {
class ForestData;
class ForestGrower;
class SteppedSearch;
}  // namespace index

// Annoy changed the node layout of its dot-product index after its last release; the two cannot read each other.
// Other metrics have one layout and ignore this.
enum class DotLayout : std::uint8_t {
    kAuto = 0,     // opening: whichever fits the file; building: kRelease
    kRelease = 1,  // Annoy 1.14 to 1.17.3, 16 bytes before the vector
    kHead = 2,     // Annoy's development version since 2023, 24 bytes before the vector
};

inline constexpr std::uint64_t kDefaultForestSeed = 1234567890987654321U;

struct ForestOptions {
    // Behaviour. `dim` is at least 1.
    Metric metric = Metric::kAngular;
    std::size_t dim = 0;

    // The same items, seed and number of trees give the same bytes, whatever the number of threads.
    std::uint64_t seed = kDefaultForestSeed;

    DotLayout dot_layout = DotLayout::kAuto;
};

struct AnnoyFileOptions {
    // Performance: read the whole file into memory now rather than page by page as searches need it.
    bool prefault = false;

    DotLayout dot_layout = DotLayout::kAuto;
};

// A built forest: immutable, safe to search from any number of threads without a lock. A cheap handle: copies share
// the nodes, which live as long as the last of them.
class Forest final : public Index {
public:
    // Maps an index that Annoy or Kith saved. O(1), whatever the size of the file; processes that open the same
    // file share its memory. The format names neither metric nor dimension, so that the caller must. Search stays
    // memory-safe whatever the file holds. Throws IoError; CorruptFile when the file is empty or its size or its
    // last nodes do not fit the metric and dimension.
    [[nodiscard]] static Forest open_annoy(const std::string& path, Metric metric, std::size_t dim,
                                           const AnnoyFileOptions& options = {});

    // Maps the forest section of a .kith file. Throws as open_index.
    [[nodiscard]] static Forest open(const std::string& path, const OpenOptions& options = {});

    Forest(const Forest&) = default;
    Forest(Forest&&) noexcept = default;
    Forest& operator=(const Forest&) = default;
    Forest& operator=(Forest&&) noexcept = default;
    ~Forest() override;

    [[nodiscard]] IndexKind kind() const noexcept override { return IndexKind::kForest; }
    [[nodiscard]] Metric metric() const noexcept override;
    [[nodiscard]] std::size_t dim() const noexcept override;
    [[nodiscard]] std::size_t size() const noexcept override;
    [[nodiscard]] bool contains(Id id) const noexcept override;

    [[nodiscard]] std::size_t n_trees() const noexcept;

    // Items, tree nodes and the closing copies of the roots; the .ann file is n_nodes() * node_bytes() long.
    [[nodiscard]] std::size_t n_nodes() const noexcept;
    [[nodiscard]] std::size_t node_bytes() const noexcept;

    // kRelease or kHead for kDot; kAuto for the other metrics.
    [[nodiscard]] DotLayout dot_layout() const noexcept;

    // What a search for `k` inspects when its options name no search_k: k * n_trees(), or what the builder was given,
    // which .kith files keep.
    [[nodiscard]] std::size_t default_search_k(std::size_t k) const noexcept;

    // Gives what Annoy gives for the same n and search_k: candidates are counted with their repetitions, and the
    // walk stops at the first leaf that reaches search_k. search_k = 0 gives none; beyond the number of items is
    // allowed. A search item counts as its own neighbour. With a filter, search_k counts what it allows.
    using Index::search;
    void search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const override;
    using Index::search_item;
    void search_item(Id id, const SearchOptions& options, Neighbors& out) const override;
    using Index::range_search;
    void range_search(std::span<const float> query, float radius, const SearchOptions& options,
                      Neighbors& out) const override;

    using Index::get_vector;
    void get_vector(Id id, std::span<float> out) const override;
    [[nodiscard]] float distance(Id a, Id b) const override;

    // Writes a .kith file, atomically.
    void save(const std::string& path) const override;
    void write_sections(storage::FileWriter& writer) const override;

    // Writes a file that Annoy reads, atomically. Throws InvalidArgument when there is no tree: Annoy finds the
    // number of items through the roots.
    void save_annoy(const std::string& path) const;

    // Reads every node and throws CorruptFile naming the first that cannot be: a child out of range, an oversized
    // leaf, a loop, an item that a tree does not hold exactly once, a number that is not finite.
    void verify() const;

private:
    friend class ForestBuilder;
    friend class ProgressiveSearch;
    explicit Forest(std::shared_ptr<const index::ForestData> data) noexcept;

    // Throws as search().
    [[nodiscard]] std::unique_ptr<index::SteppedSearch> stepped_search(std::span<const float> query,
                                                                       const SearchOptions& options) const;

    std::shared_ptr<const index::ForestData> data_;
};

// Collects items and grows the trees over them. Not safe to use from several threads at once; the forests that it
// has handed out are, even while it changes.
//
//     empty --add--> filled --build--> built --unbuild--> filled
//
class ForestBuilder {
public:
    // In memory. Throws InvalidArgument: dim 0 or too large.
    explicit ForestBuilder(const ForestOptions& options);

    // As above, then on_disk(path).
    ForestBuilder(const ForestOptions& options, const std::string& path);

    ForestBuilder(ForestBuilder&&) noexcept;
    ForestBuilder& operator=(ForestBuilder&&) noexcept;
    ~ForestBuilder();

    // From now on keeps items and trees in a file beside `path`, which may be larger than memory; build() truncates
    // it to its exact size and renames it to `path`, a finished .ann file. The file of a builder that never gets
    // there is removed. Throws InvalidArgument once items were added.
    void on_disk(const std::string& path);

    [[nodiscard]] const ForestOptions& options() const noexcept;

    // Takes effect at the next build().
    void set_seed(std::uint64_t seed) noexcept;

    // Room for this many items without moving those that are there. Optional. Throws InvalidArgument when built.
    void reserve(std::size_t n_items);

    // Adds or replaces item `id`, 0 <= id < 2^31 - 1. Memory grows with the largest id; ids in between that are
    // never added are holes, which no search returns. Throws InvalidArgument: negative or too large id, wrong
    // length, NaN or infinity, already built.
    void add(Id id, std::span<const float> vector);

    // Adds rows as items first_id, first_id + 1, …: a copy at the speed of memory.
    void add(MatrixView<const float> rows, Id first_id);

    // Grows `n_trees` trees; -1 grows them until they take as much room as the items. `threads`: 0 means one per
    // core; they change the time, not the result. Progress counts the items placed, n_items() in each tree. Throws
    // InvalidArgument: already built, n_trees < -1; Cancelled, after which the items are as before.
    // Time O(n_trees * n log n * dim); beside the finished nodes, memory for one tree per thread and a byte per
    // element.
    void build(int n_trees, std::size_t threads = 0, const ProgressFn& progress = {});

    // What searches of the built forest for up to `k` neighbours inspect when their options name no search_k; for more
    // neighbours, more in proportion. It holds for the forests handed out from now on, until unbuild(). Throws
    // InvalidArgument: not built, search_k < 1, k of 0.
    void set_default_search_k(std::int64_t search_k, std::size_t k);

    // Drops the trees and keeps the items, so that more can be added. Throws InvalidArgument when not built.
    void unbuild();

    [[nodiscard]] bool is_built() const noexcept;

    // One more than the largest id added.
    [[nodiscard]] std::size_t n_items() const noexcept;
    [[nodiscard]] std::size_t n_trees() const noexcept;

    // As in Index, before and after build().
    [[nodiscard]] bool contains(Id id) const noexcept;
    void get_vector(Id id, std::span<float> out) const;
    [[nodiscard]] std::vector<float> get_vector(Id id) const;
    [[nodiscard]] float distance(Id a, Id b) const;

    // The built forest, sharing the nodes; it stays as it is when this builder changes or goes. Throws
    // InvalidArgument when not built.
    [[nodiscard]] Forest forest() const;

    // forest().save(path) and forest().save_annoy(path).
    void save(const std::string& path) const;
    void save_annoy(const std::string& path) const;

private:
    std::unique_ptr<index::ForestGrower> grower_;
};

}  // namespace kith
