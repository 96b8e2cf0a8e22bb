// A navigable graph: every vector is linked to some that are near it, and a search walks from neighbour to neighbour.
//
//     const auto graph = kith::GraphIndex::build(vectors, {.metric = kith::Metric::kEuclidean});
//     const kith::Neighbors near = graph.search(query, {.k = 10, .recall = 0.95});
//     graph.save("images.kith");
//
// Links come from a CodedForest's near neighbours, thinned out so that they point in different directions (relative
// neighbourhood graph; Fu et al. 2019, Subramanya et al. 2019), and every vector can be reached. A walk compares short
// rows: a byte an element, where it pays on fewer dimensions, those in which the vectors vary most (Tepper et al. 2023,
// LeanVec). The best it finds are ranked by their full vectors. docs/kernels.md has the measurements behind each choice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <kith/index.hpp>
#include <kith/matrix.hpp>
#include <kith/open.hpp>
#include <kith/progress.hpp>
#include <kith/types.hpp>

namespace kith {

namespace index {
struct GraphData;
}

struct GraphOptions {
    // Behaviour. kDot is searched as Euclidean in one dimension more (Bachrach et al. 2014); kManhattan is walked by a
    // byte an element, kHamming by the bits.
    Metric metric = Metric::kAngular;

    // Links of a vector, 4 to 256: more find more at the same effort, take longer to follow and, among n vectors, some log2(n / degree) + 2
    // bits each. 0 chooses 32, or so many fewer, 24 at least, that all is within 1.6 times the bytes of the vectors as float32. Where
    // that is not enough, short rows have 60 dimensions, or there are none: walks compare the vectors themselves and follow 32 links, or so many
    // fewer, 16 at least.
    std::size_t degree = 0;

    // The same rows, options and seed give the same bytes, whatever the number of threads.
    std::uint64_t seed = 1;

    // Performance: dimensions of the short rows, at least 1; 0 chooses as few as keep most of what the vectors vary,
    // or all. Fewer are faster and order less well. Where `degree` is left to choose, it may choose none.
    std::size_t short_dim = 0;

    // Performance: as CodedForestOptions::compress. Short rows and links stay what they are: all together are under
    // half of the float32 vectors in some 400 dimensions and more.
    bool compress = false;

    // Rows searched exactly at the end of the build to measure recall against effort, which is what
    // SearchOptions::recall is answered from. 0 leaves the measuring out.
    std::size_t calibration_queries = 800;

    // 0 means one per core.
    std::size_t threads = 0;
};

// What the build measured for k = 10 on rows of the index that did not find themselves.
struct GraphRecallPoint {
    float recall = 0;             // mean recall@10, 0 to 1
    std::uint32_t ef = 0;         // vertices kept in sight
    std::uint32_t shortlist = 0;  // of these, compared by their whole vectors
};

// Immutable, safe to search from any number of threads without a lock. A cheap handle: copies share the data.
class GraphIndex final : public Index {
public:
    // Copies `vectors`; ids are row numbers. Progress stages: those of CodedForest::build, then "linking",
    // "calibrating". Throws InvalidArgument: no columns, NaN or infinity, an option out of range; Cancelled. Memory
    // beside the index: a CodedForest, and 4 * 3 * degree bytes a row.
    [[nodiscard]] static GraphIndex build(MatrixView<const float> vectors, const GraphOptions& options = {},
                                          const ProgressFn& progress = {});

    // Maps a .kith file. O(1): what searches rely on is checked as they reach it. Throws IoError, CorruptFile,
    // Unsupported.
    [[nodiscard]] static GraphIndex open(const std::string& path, const OpenOptions& options = {});

    // For the library itself.
    explicit GraphIndex(std::shared_ptr<const index::GraphData> data) noexcept;
    GraphIndex(const GraphIndex&) = default;
    GraphIndex(GraphIndex&&) noexcept = default;
    GraphIndex& operator=(const GraphIndex&) = default;
    GraphIndex& operator=(GraphIndex&&) noexcept = default;
    ~GraphIndex() override;

    [[nodiscard]] IndexKind kind() const noexcept override { return IndexKind::kGraph; }
    [[nodiscard]] Metric metric() const noexcept override;
    [[nodiscard]] std::size_t dim() const noexcept override;
    [[nodiscard]] Scalar scalar() const noexcept override;
    [[nodiscard]] float step() const noexcept override;
    [[nodiscard]] std::size_t size() const noexcept override;
    [[nodiscard]] bool contains(Id id) const noexcept override;

    [[nodiscard]] std::size_t degree() const noexcept;
    [[nodiscard]] std::size_t short_dim() const noexcept;

    // Bytes of everything but the vectors: links, short rows, byte rows, projection.
    [[nodiscard]] std::size_t overhead_bytes() const noexcept;

    // In ascending order of recall; empty when the build left the measuring out.
    [[nodiscard]] std::span<const GraphRecallPoint> recall_curve() const noexcept;

    // SearchOptions::ef (or search_k) is the number of vertices kept in sight, at least k; `rerank` is how many of them
    // are ranked in full. With neither, `recall` chooses both; with none of them, recall = 0.95 or, without a curve,
    // ef = 64.
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

    void save(const std::string& path) const override;
    void write_sections(storage::FileWriter& writer) const override;

private:
    std::shared_ptr<const index::GraphData> data_;
};

}  // namespace kith
