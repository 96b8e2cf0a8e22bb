// Kith's own forest: few trees with large leaves whose rows are scored from 4-bit codes, then ranked in full.
//
//     const auto forest = kith::CodedForest::build(vectors, {.metric = kith::Metric::kAngular});
//     const kith::Neighbors near = forest.search(query, {.k = 10, .recall = 0.95});
//     forest.save("words.kith");
//
// A tree parts the rows into leaves: two-means splits (as in Annoy) grow it, Lloyd's iterations settle the leaves
// around their centroids. A query ranks all leaves by their centroids, the nearest exactly, which finds better leaves
// than a walk down the splits. The rows of the nearest leaves are scored 32 at a time by looking up their codes in
// registers ("Quicker ADC", André et al. 2019), and the best of these are compared by their full vectors. With one tree
// this is what the literature calls an inverted file with product quantisation and refinement (Jégou et al. 2011).
// A batch goes through the leaves together. docs/kernels.md has the measurements behind each choice.
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
struct CodedData;
}

struct CodedForestOptions {
    // Behaviour.
    Metric metric = Metric::kAngular;

    // The same rows, options and seed give the same bytes, whatever the number of threads.
    std::uint64_t seed = 1;

    // Independent partitions of the rows, 1 to 64. A second tree costs as much memory and time again as the first
    // and helps where leaves of one tree cut neighbourhoods apart; on the data measured one tree is fastest.
    std::size_t n_trees = 1;

    // Rows to a leaf on average; 0 chooses by the number of rows. Between 16 and 65536.
    std::size_t leaf_size = 0;

    // Elements that share one 4-bit code: fewer are more exact, more are faster and smaller. 0 chooses by the
    // dimension. At most 64; kHamming always takes 4.
    std::size_t code_width = 0;

    // Performance: keep 8 bits of an element, a quarter of the bytes of float32. Distances and vectors are then those of
    // the rounded vectors: an element is off by half a step at most, the step being the largest element over 127 (255
    // where none is negative); kAngular rounds each vector by its own. Recall is measured against the vectors as given,
    // and cannot be asked for beyond what rounding leaves. Vectors that bytes hold exactly are kept so. Not for kHamming.
    bool compress = false;

    // Performance: rows searched exactly at the end of the build to measure recall against effort, which is what
    // SearchOptions::recall is answered from. 0 leaves the measuring out.
    std::size_t calibration_queries = 800;

    // 0 means one per core.
    std::size_t threads = 0;
};

// What the build measured for k = 10 on rows of the index that did not find themselves.
struct RecallPoint {
    float recall = 0;             // mean recall@10, 0 to 1
    std::uint32_t search_k = 0;   // rows scored by their codes
    std::uint32_t shortlist = 0;  // of these, ranked in full
};

// Immutable, safe to search from any number of threads without a lock. A cheap handle: copies share the data.
class CodedForest final : public Index {
public:
    // Copies `vectors`; ids are row numbers. Progress stages: "partitioning", "encoding", "calibrating".
    // Throws InvalidArgument: no columns, NaN or infinity, an option out of range; Cancelled.
    // Time O(rows^1.5 * dim), memory beside the index: some 20,000 to 100,000 sampled rows.
    [[nodiscard]] static CodedForest build(MatrixView<const float> vectors, const CodedForestOptions& options = {},
                                           const ProgressFn& progress = {});

    // Maps a .kith file. O(1): what searches rely on is checked as they reach it. Throws IoError, CorruptFile,
    // Unsupported.
    [[nodiscard]] static CodedForest open(const std::string& path, const OpenOptions& options = {});

    CodedForest(const CodedForest&) = default;
    CodedForest(CodedForest&&) noexcept = default;
    CodedForest& operator=(const CodedForest&) = default;
    CodedForest& operator=(CodedForest&&) noexcept = default;
    ~CodedForest() override;

    [[nodiscard]] IndexKind kind() const noexcept override { return IndexKind::kCodedForest; }
    [[nodiscard]] Metric metric() const noexcept override;
    [[nodiscard]] std::size_t dim() const noexcept override;
    [[nodiscard]] Scalar scalar() const noexcept override;
    [[nodiscard]] float step() const noexcept override;
    [[nodiscard]] std::size_t size() const noexcept override;
    [[nodiscard]] bool contains(Id id) const noexcept override;

    [[nodiscard]] std::size_t n_trees() const noexcept;
    [[nodiscard]] std::size_t n_leaves() const noexcept;
    [[nodiscard]] std::size_t code_width() const noexcept;

    // Bytes of everything but the vectors: codes, row numbers, centroids, codewords.
    [[nodiscard]] std::size_t overhead_bytes() const noexcept;

    // In ascending order of recall; empty when the build left the measuring out.
    [[nodiscard]] std::span<const RecallPoint> recall_curve() const noexcept;

    // SearchOptions::search_k is the number of rows scored by their codes (whole leaves, so slightly more); `rerank`
    // how many of them are ranked in full. `recall` chooses both. With none of them, recall = 0.95 or, without a curve,
    // search_k = 20 * leaf size.
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

protected:
    [[nodiscard]] std::size_t largest_block() const noexcept override;
    void search_block(MatrixView<const float> queries, const SearchOptions& options,
                      std::span<Neighbors> out) const override;

private:
    explicit CodedForest(std::shared_ptr<const index::CodedData> data) noexcept;

    std::shared_ptr<const index::CodedData> data_;
};

}  // namespace kith
