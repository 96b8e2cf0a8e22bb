// Vectors with names: words and what is near them.
//
//     const auto vectors = kith::read_keyed_vectors("glove.6B.50d.txt.gz");       // vector_formats.hpp
//     for (const kith::Match& match : vectors.most_similar({"king", "woman"}, {"man"}))
//         fmt::print("{} {:.3f}\n", match.key, match.score);
//
//     const kith::Forest forest = kith::build_forest(vectors, 50);
//     vectors.save("words.kith", &forest);                                        // vectors, keys, forest: one
//     file const auto mapped = kith::KeyedVectors::open("words.kith");                 // O(1)
//     mapped.most_similar("science", {.index = &forest});                         // approximate, same contract
//
// Names and meanings follow gensim's KeyedVectors, so that a program can move from one to the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <kith/forest.hpp>
#include <kith/index.hpp>
#include <kith/matrix.hpp>
#include <kith/neighbors.hpp>
#include <kith/open.hpp>
#include <kith/progress.hpp>

namespace kith {

namespace keyed {
class Store;
}

// One operand of a query: a key, a row number, or a vector of the caller's, with a weight. A negative weight means
// "away from". Keys and vectors are views: what they point to must outlive the call that the term is passed to.
class Term {
public:
    Term(std::string_view key, float weight = 1) noexcept  // NOLINT(google-explicit-constructor)
        : operand_(key), weight_(weight) {}
    Term(const char* key, float weight = 1) noexcept  // NOLINT(google-explicit-constructor)
        : Term(std::string_view(key), weight) {}
    Term(const std::string& key, float weight = 1) noexcept  // NOLINT(google-explicit-constructor)
        : Term(std::string_view(key), weight) {}

    // Used with the length it has: only keys and rows are normalised before they are averaged.
    Term(std::span<const float> vector, float weight = 1) noexcept  // NOLINT(google-explicit-constructor)
        : operand_(vector), weight_(weight) {}
    Term(const std::vector<float>& vector, float weight = 1) noexcept  // NOLINT(google-explicit-constructor)
        : Term(std::span<const float>(vector), weight) {}

    [[nodiscard]] static Term row(std::size_t row, float weight = 1) noexcept { return {Row{row}, weight}; }

    struct Row {
        std::size_t number;
    };
    using Operand = std::variant<std::string_view, Row, std::span<const float>>;

    [[nodiscard]] const Operand& operand() const noexcept { return operand_; }
    [[nodiscard]] float weight() const noexcept { return weight_; }

private:
    Term(Row row, float weight) noexcept : operand_(row), weight_(weight) {}

    Operand operand_;
    float weight_;
};

// One answer. `key` lives as long as any copy of the KeyedVectors that gave it.
struct Match {
    std::string_view key;
    float score = 0;  // cosine similarity, unless the call says otherwise
    std::size_t row = 0;
};

struct MeanOptions {
    bool unit_terms = true;   // keys and rows enter with length 1, else with the length they have
    bool unit_result = true;  // scaled to length 1
};

inline constexpr std::size_t kToTheEnd = std::numeric_limits<std::size_t>::max();

struct SimilarOptions {
    // Behaviour: answers wanted; fewer come when there are fewer rows to choose from.
    std::size_t topn = 10;

    // Only rows clip_start <= row < clip_end compete; clip_end beyond the last row means all.
    std::size_t clip_start = 0;
    std::size_t clip_end = kToTheEnd;

    // Only the first so many rows compete (the most frequent words, where rows are in that order), whatever the
    // clips say. 0: no such restriction.
    std::size_t restrict_vocab = 0;

    // Approximate search through this index instead of exact search through all rows. It must be angular and hold
    // exactly these rows, item i being row i (build_forest makes one). The contract stays: input keys are left out,
    // restrictions hold, scores are exact cosines; only a true neighbour that the index does not find is missing.
    // Restrictions are met by asking the index for more, up to everything.
    const Index* index = nullptr;

    // Effort of the index: SearchOptions::search_k.
    std::int64_t search_k = -1;

    // Performance, exact search only: 0 means one per core. The result does not depend on it.
    std::size_t threads = 1;
};

// Immutable: rows of float32, each under a key that no other row has, with their Euclidean lengths and, optionally,
// how often each key occurred in a corpus. A cheap handle: copies share the data, which is on the heap or in a
// mapped file. Every member is safe to call from any number of threads.
//
// A key that is not there gives InvalidArgument naming it; a row beyond size(), OutOfRange; a vector of the wrong
// length or with NaN or infinity, InvalidArgument. The unit vector of a zero vector is the zero vector: its cosine
// with everything is 0. Equal scores are in ascending order of row.
class KeyedVectors {
public:
    // No rows, no dimensions.
    KeyedVectors();

    // Copies. `counts` is empty or has one number per row. Throws InvalidArgument: as many keys as rows are needed,
    // a key stands twice, a number is NaN or infinite, or there are rows without columns.
    KeyedVectors(std::span<const std::string> keys, MatrixView<const float> vectors,
                 std::span<const std::uint64_t> counts = {});
    KeyedVectors(std::span<const std::string_view> keys, MatrixView<const float> vectors,
                 std::span<const std::uint64_t> counts = {});

    // As above, without copying the vectors. `owner` keeps them alive, or is null when the caller does. Their lengths
    // are taken now and their codes after some searches: where rows change, what is found may be as they were. Another
    // view sees them anew.
    [[nodiscard]] static KeyedVectors view(std::span<const std::string_view> keys, MatrixView<const float> vectors,
                                           std::shared_ptr<const void> owner = nullptr,
                                           std::span<const std::uint64_t> counts = {});

    // Maps the vectors of a .kith file, with keys, lengths and counts: O(1), nothing is rebuilt, and processes that
    // open the same file share its memory. A file without keys (an index saved alone) gets the row numbers as keys,
    // which takes O(rows). Throws as open_index; Unsupported when the file holds no vectors but bits.
    // Whatever the bytes, no call crashes; damaged keys read as empty or are not found.
    [[nodiscard]] static KeyedVectors open(const std::string& path, const OpenOptions& options = {});

    // Writes vectors, keys, lengths, counts and, if given, the index into one .kith file, atomically. open_index()
    // opens the index from it. A compressed index keeps the only vectors of the file: open() then gives the rounded ones.
    // `notes`: any UTF-8 of the caller's, which notes() gives back from the file. Throws
    // InvalidArgument when the index holds another number of items than size() or has other dimensions; IoError.
    void save(const std::string& path, const Index* index = nullptr, std::string_view notes = {}) const;

    // What the file that this was opened from was given by save().
    [[nodiscard]] const std::string& notes() const noexcept;

    // --- Rows ---

    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] std::size_t dim() const noexcept;

    // size() x dim(); rows follow each other unless this is a view() of some that do not. It lives as long as any copy of this object, as all views below.
    [[nodiscard]] MatrixView<const float> vectors() const noexcept;

    // Euclidean length of each row.
    [[nodiscard]] std::span<const float> norms() const noexcept;

    // Occurrences of each key; empty when not known.
    [[nodiscard]] std::span<const std::uint64_t> counts() const noexcept;

    // Expected O(1).
    [[nodiscard]] std::optional<std::size_t> find(std::string_view key) const noexcept;
    [[nodiscard]] bool contains(std::string_view key) const noexcept { return find(key).has_value(); }

    // find() for each of the keys.
    [[nodiscard]] std::vector<std::optional<std::size_t>> find_all(std::span<const std::string_view> keys) const;

    // find() that throws when the key is not there.
    [[nodiscard]] std::size_t row_of(std::string_view key) const;

    [[nodiscard]] std::string_view key(std::size_t row) const;
    [[nodiscard]] std::vector<std::string_view> keys() const;

    [[nodiscard]] std::span<const float> vector(std::size_t row) const;
    [[nodiscard]] std::span<const float> vector(std::string_view key) const;
    [[nodiscard]] std::vector<float> unit_vector(std::size_t row) const;
    [[nodiscard]] std::vector<float> unit_vector(std::string_view key) const;

    // --- Copies with a difference ---

    // The rows named, in this order, with their keys and counts; a row may not be named twice.
    [[nodiscard]] KeyedVectors select(std::span<const std::size_t> rows) const;

    // The rows of these keys, in this order, each once, with their counts; keys that are not there are left out.
    // O(size() + keys x dim).
    [[nodiscard]] KeyedVectors vectors_for_all(std::span<const std::string_view> keys) const;

    // All rows, in which keys that `other` has too have its vectors; what else `other` has is left out (gensim's
    // intersect_word2vec_format). Throws InvalidArgument when both have rows, of different dimensions. O(size() x dim).
    // Word2Vec::intersect does it to a model.
    [[nodiscard]] KeyedVectors intersect(const KeyedVectors& other) const;

    // All rows, most frequent first; equally frequent ones keep their order. Without counts: unchanged.
    [[nodiscard]] KeyedVectors sorted_by_count() const;

    // Every row divided by its length; zero rows stay.
    [[nodiscard]] KeyedVectors normalized() const;

    // --- Similarity ---

    // The rows with the highest cosine to the weighted mean of the terms (3CosAdd, Mikolov et al. 2013; keys and
    // rows enter with length 1), the best first. Rows that the terms name are left out. Throws InvalidArgument when
    // there are no terms, no index that fits (see SimilarOptions), or search_k is refused by it.
    // Exact: O(rows x dim). The sixteenth search of most rows, where there are 4,096 or more, makes codes of 4 bits an
    // element and 8 bytes a row, once and for all copies of this object: it takes as long as some 50 searches, and those
    // that follow a fifth of the time, with the same results.
    [[nodiscard]] std::vector<Match> most_similar(std::span<const Term> terms,
                                                  const SimilarOptions& options = {}) const;
    [[nodiscard]] std::vector<Match> most_similar(std::string_view key, const SimilarOptions& options = {}) const;
    [[nodiscard]] std::vector<Match> most_similar(const std::vector<std::string>& positive,
                                                  const std::vector<std::string>& negative = {},
                                                  const SimilarOptions& options = {}) const;

    // Many queries at once, several times as quick as one by one: row i answers queries.row(i). In the table, ids
    // are rows and distances are cosines, descending. `options.threads` works for the index as well.
    [[nodiscard]] NeighborTable most_similar_batch(MatrixView<const float> queries,
                                                   const SimilarOptions& options = {}) const;

    // The same for stored rows, each left out of its own answer.
    [[nodiscard]] NeighborTable most_similar_batch(std::span<const std::size_t> rows,
                                                   const SimilarOptions& options = {}) const;

    // 3CosMul (Levy and Goldberg 2014): the product of (1 + cos) / 2 over the terms of positive weight, divided by
    // (that over the terms of negative weight + 0.000001); only the sign of a weight counts. The scores are that
    // quotient. Exact only: InvalidArgument with an index.
    [[nodiscard]] std::vector<Match> most_similar_cosmul(std::span<const Term> terms,
                                                         const SimilarOptions& options = {}) const;

    // What most_similar ranks by: the unit-length weighted mean of the terms (zero when they cancel out); or a mean
    // of stored rows as they are, or at the length it has: the sum divided by that of the weights' absolute values.
    [[nodiscard]] std::vector<float> mean_vector(std::span<const Term> terms,
                                                 const MeanOptions& options = {}) const;

    // Cosine of the mean of the terms with every row, in the order of rows; none left out.
    [[nodiscard]] std::vector<float> similarities(std::span<const Term> terms, std::size_t threads = 1) const;

    // Cosine; weights are ignored.
    [[nodiscard]] float similarity(const Term& a, const Term& b) const;

    // 1 - cosine with each of `others`, or with every row when there are none.
    [[nodiscard]] std::vector<float> distances(const Term& term, std::span<const Term> others = {}) const;

    // Cosine of the means of two sets of terms, which enter with the lengths they have. Throws InvalidArgument when
    // a set is empty.
    [[nodiscard]] float n_similarity(std::span<const Term> a, std::span<const Term> b) const;

    // The position in `candidates` of the one most similar to `term`. Throws InvalidArgument when there is none.
    [[nodiscard]] std::size_t most_similar_to_given(const Term& term, std::span<const Term> candidates) const;

    // The keys by cosine to their common mean (unit lengths), the most central first; keys that are not there are
    // skipped. Scores are those cosines. Throws InvalidArgument when no key is there.
    [[nodiscard]] std::vector<Match> rank_by_centrality(std::span<const std::string> keys) const;

    // The last of rank_by_centrality: the one that is not like the others.
    [[nodiscard]] std::string doesnt_match(std::span<const std::string> keys) const;

    // Rows nearer to `a` than `b` is, in the order of rows, `a` itself not among them.
    [[nodiscard]] std::vector<std::size_t> closer_than(std::string_view a, std::string_view b) const;

    // 1 + the number of rows nearer to `a` than `b` is.
    [[nodiscard]] std::size_t rank(std::string_view a, std::string_view b) const;

private:
    friend class keyed::Store;
    explicit KeyedVectors(std::shared_ptr<const keyed::Store> store) noexcept;

    std::shared_ptr<const keyed::Store> store_;
};

// What is done with a key that is there already.
enum class OnDuplicate : std::uint8_t {
    kThrow,    // InvalidArgument
    kKeep,     // the vector that is there stays
    kReplace,  // the new vector takes its place
};

// Collects keys and vectors one by one. Not safe for use by several threads at once.
class KeyedVectorsBuilder {
public:
    // Throws InvalidArgument: dim 0.
    explicit KeyedVectorsBuilder(std::size_t dim);

    // Starts from a copy.
    explicit KeyedVectorsBuilder(const KeyedVectors& vectors);
    ~KeyedVectorsBuilder();
    KeyedVectorsBuilder(KeyedVectorsBuilder&&) noexcept;
    KeyedVectorsBuilder& operator=(KeyedVectorsBuilder&&) noexcept;

    void reserve(std::size_t rows);

    // The row of the key, new or old. Amortised O(dim). Throws InvalidArgument: wrong length, NaN or infinity.
    std::size_t add(std::string_view key, std::span<const float> vector,
                    OnDuplicate on_duplicate = OnDuplicate::kThrow);

    // Throws OutOfRange. Rows without a count have 0 as soon as one has any.
    void set_count(std::size_t row, std::uint64_t count);

    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] std::size_t dim() const noexcept;
    [[nodiscard]] std::optional<std::size_t> find(std::string_view key) const noexcept;

    // The builder is empty afterwards.
    [[nodiscard]] KeyedVectors finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// A forest over all rows for SimilarOptions::index: angular, item i is row i. As ForestBuilder::build.
[[nodiscard]] Forest build_forest(const KeyedVectors& vectors, int n_trees, std::size_t threads = 0,
                                  std::uint64_t seed = kDefaultForestSeed, const ProgressFn& progress = {});

}  // namespace kith
