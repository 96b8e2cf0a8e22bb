// What every index can do once built. A built index is immutable: every const member is safe to call from any
// number of threads without a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <kith/filter.hpp>
#include <kith/matrix.hpp>
#include <kith/neighbors.hpp>
#include <kith/types.hpp>

namespace kith {

namespace storage {
class FileWriter;
}

// The values are part of the file format: never renumber them.
enum class IndexKind : std::uint8_t {
    kNone = 0,  // a .kith file that holds vectors but no index
    kFlat = 1,
    kForest = 2,
    kGraph = 3,
    kCodedForest = 4,
    kDynamic = 5,
};

[[nodiscard]] std::string_view name(IndexKind kind) noexcept;

// As SearchOptions::k: as many as there are.
inline constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

struct SearchOptions {
    // Behaviour: neighbours wanted; fewer come back when the index, what the filter allows, or the effort is smaller.
    // k = 0 gives none.
    std::size_t k = 10;

    // Effort: more is slower and finds more. Forests: candidates to inspect. GraphIndex: another name for `ef`. -1
    // means k * number of trees for Forest, what `recall` asks for the others. Other negative values are refused.
    std::int64_t search_k = -1;

    // Effort (GraphIndex, DynamicIndex): vertices to keep in sight, the beam width of the literature. -1 leaves it to
    // search_k or `recall`; other negative values are refused, and so is another search_k beside it.
    std::int64_t ef = -1;

    // Effort (CodedForest): candidates to rank with their full vectors, at least k; 0 chooses.
    std::size_t rerank = 0;

    // The share of the true neighbours to find, 0 to 1, for indexes that measured their recall when they were built
    // (CodedForest, GraphIndex); 0 means 0.95. Exact indexes always find all. search_k or ef, when given, goes first.
    double recall = 0;

    // Behaviour: only items that it allows are found; null allows all. It lives as long as the search. Indexes try
    // harder the fewer it allows, and compare with all of these exactly where that is quicker, so that the recall of
    // what is allowed is that of a search without a filter, or better.
    const IdFilter* filter = nullptr;

    // Behaviour: an item that is left out; kNoId for none.
    Id exclude = kNoId;

    // Behaviour: whether an item that is searched for by its id is left out of its own neighbours.
    bool exclude_self = false;
};

class Index {
public:
    virtual ~Index() = default;

    [[nodiscard]] virtual IndexKind kind() const noexcept = 0;
    [[nodiscard]] virtual Metric metric() const noexcept = 0;
    [[nodiscard]] virtual std::size_t dim() const noexcept = 0;

    // What the vectors are kept in: bits for kHamming, else float32 or, where an index keeps fewer bytes, float16, int8
    // or uint8.
    [[nodiscard]] virtual Scalar scalar() const noexcept;

    // 0 where the vectors are kept as they were given. Otherwise they are compressed: their elements are multiples of
    // this, or for kAngular of a step of each vector's own, of which this is the largest; O(size()).
    [[nodiscard]] virtual float step() const noexcept { return 0; }

    // One more than the largest id; ids that were never added count too.
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;

    // Whether an item with this id exists. False, not an error, beyond size().
    [[nodiscard]] virtual bool contains(Id id) const noexcept = 0;

    // The neighbours of a vector of dim() floats (Hamming: elements > 0.5 are ones). `out` is overwritten; with a
    // reused `out` no memory is allocated. Throws InvalidArgument: wrong length, NaN or infinity, bad options.
    virtual void search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const = 0;

    // The neighbours of a stored item, itself included unless the options say otherwise. Throws OutOfRange when there
    // is no such id.
    virtual void search_item(Id id, const SearchOptions& options, Neighbors& out) const = 0;

    // All items no farther than `radius`, a value of the metric (kDot: whose product is at least `radius`), in the
    // order of search(); options.k of them at most, the nearest. Exact indexes give exactly these. Others search for
    // more and more neighbours, by the effort that the options ask for, until they go beyond the radius: what they
    // give lies within it, and some of what lies within it may be missing. Throws as search(), and when `radius` is
    // NaN.
    virtual void range_search(std::span<const float> query, float radius, const SearchOptions& options,
                              Neighbors& out) const;

    // Copies item `id` (dim() floats). Throws OutOfRange; an id that was never added gives zeros.
    virtual void get_vector(Id id, std::span<float> out) const = 0;

    // The metric's public value between two stored items. Throws OutOfRange.
    [[nodiscard]] virtual float distance(Id a, Id b) const = 0;

    // Writes the index to `path` atomically and durably in its kind's own file format.
    virtual void save(const std::string& path) const = 0;

    // Adds this index's sections to a .kith file under construction, whose header names kind(). Vectors that the
    // file has already, with the same rows, are not added a second time.
    virtual void write_sections(storage::FileWriter& writer) const = 0;

    [[nodiscard]] Neighbors search(std::span<const float> query, const SearchOptions& options = {}) const;
    [[nodiscard]] Neighbors search_item(Id id, const SearchOptions& options = {}) const;
    [[nodiscard]] Neighbors range_search(std::span<const float> query, float radius,
                                         const SearchOptions& options = {.k = kAll}) const;
    [[nodiscard]] Neighbors range_search_item(Id id, float radius,
                                              const SearchOptions& options = {.k = kAll}) const;
    [[nodiscard]] std::vector<float> get_vector(Id id) const;

    // Row i answers queries.row(i). `threads`: 0 means one per core. The result does not depend on it, and is what
    // search() gives for each row. Throws as search(), before searching when a query is at fault.
    [[nodiscard]] NeighborTable search_batch(MatrixView<const float> queries, const SearchOptions& options = {},
                                             std::size_t threads = 0) const;

    // The same for stored items: row i answers search_item(ids[i]). Throws OutOfRange before searching.
    [[nodiscard]] NeighborTable search_items(std::span<const Id> ids, const SearchOptions& options = {},
                                             std::size_t threads = 0) const;

    // range_search() for every row.
    [[nodiscard]] std::vector<Neighbors> range_search_batch(MatrixView<const float> queries, float radius,
                                                            const SearchOptions& options = {.k = kAll},
                                                            std::size_t threads = 0) const;

protected:
    Index() = default;
    Index(const Index&) = default;
    Index& operator=(const Index&) = default;

    // The most queries that search_block is given at once.
    [[nodiscard]] virtual std::size_t largest_block() const noexcept;

    // The neighbours of a few queries at once, on one thread; search_batch shares them out. Override it where
    // queries gain from company. REQUIRES: out.size() == queries.rows(), queries.cols() == dim().
    virtual void search_block(MatrixView<const float> queries, const SearchOptions& options,
                              std::span<Neighbors> out) const;
};

}  // namespace kith
