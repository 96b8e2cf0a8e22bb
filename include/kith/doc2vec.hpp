// Doc2Vec: vectors for documents, learned together with those of their words (Le and Mikolov 2014,
// arXiv:1405.4053). Meanings and defaults are gensim's.
//
//     const auto corpus = kith::TaggedCorpus::read("articles.txt");     // one document on each line
//     const auto model = kith::Doc2Vec::train(corpus);
//     model.document_vectors().most_similar("17");                      // documents like that of line 17
//     const std::vector<float> vector = model.infer(words_of_a_new_one);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>
#include <kith/progress.hpp>
#include <kith/tagged_corpus.hpp>
#include <kith/training.hpp>
#include <kith/vocabulary.hpp>

namespace kith {

enum class DocumentModel : std::uint8_t {
    kDistributedMemory,  // PV-DM: the document and the words around a word predict it, together
    kBagOfWords,         // PV-DBOW: the document alone predicts each of its words (faster, often better)
};

// How PV-DM puts documents and words together.
enum class Combination : std::uint8_t {
    kMean,
    kSum,
    kConcatenated,  // keeps the words' order; large and slow: outputs have (2 window + tags) * vector_size elements
};

struct Doc2VecOptions : EmbeddingOptions {
    Doc2VecOptions() { epochs = 10; }

    DocumentModel model = DocumentModel::kDistributedMemory;
    Combination combination = Combination::kMean;

    // PV-DBOW: train word vectors too, by skip-gram. Without, they stay at their random beginnings.
    bool train_words = false;

    // Concatenated only: documents with another number of tags are not trained. 1 or more.
    std::size_t tags_per_document = 1;
};

// What is not set comes from the model's options.
struct InferenceOptions {
    std::optional<std::size_t> epochs = {};  // more are more stable
    std::optional<double> start_alpha = {};
    std::optional<double> end_alpha = {};
    std::optional<std::uint64_t> seed = {};
    std::size_t threads = 0;  // 0 means one per core; the result does not depend on it
};

// Not safe for use by several threads while it trains; const members are, otherwise.
class Doc2Vec {
public:
    // Throws InvalidArgument, naming the option, its value and its range.
    explicit Doc2Vec(const Doc2VecOptions& options = {});
    ~Doc2Vec();
    Doc2Vec(Doc2Vec&&) noexcept;
    Doc2Vec& operator=(Doc2Vec&&) noexcept;

    // Everything at once: vocabulary, tags, initial vectors, options.epochs epochs.
    [[nodiscard]] static Doc2Vec train(const TaggedCorpus& corpus, const Doc2VecOptions& options = {},
                                       const ProgressFn& progress = {});

    // Takes the words of the corpus that options.min_count and max_final_vocab let through, and all its tags, and
    // sets the initial vectors: uniform in +-1/vector_size, a function of the seed; output weights 0.
    // Throws InvalidArgument when no word is left, or when there is a vocabulary already.
    void build_vocabulary(const TaggedCorpus& corpus);

    // The same with words and tags made elsewhere, rows in the order they have there; of each tag the number of its
    // documents. Throws InvalidArgument when a tag stands twice.
    void build_vocabulary(Vocabulary vocabulary, std::span<const std::pair<std::string, std::uint64_t>> tags);

    // A copy of the model that knows more words, as Word2Vec::extended, and the corpus's new tags, after those there are.
    [[nodiscard]] Doc2Vec extended(const TaggedCorpus& corpus) const;

    // The same with words and tags counted elsewhere. `tags` are all that the copy is to have, row by row, those there are
    // among them; each keeps its vector in whatever row. Throws InvalidArgument when one is left out or stands twice.
    [[nodiscard]] Doc2Vec extended(const Vocabulary& more,
                                   std::span<const std::pair<std::string, std::uint64_t>> tags) const;

    // Trains on. Unknown words and tags are skipped. Progress, errors: as Word2Vec::train_on.
    TrainingReport train_on(const TaggedCorpus& corpus, const TrainingOptions& options = {},
                            const ProgressFn& progress = {});

    [[nodiscard]] const Doc2VecOptions& options() const noexcept;
    [[nodiscard]] const Vocabulary& vocabulary() const noexcept;

    // Sums over all calls to train_on.
    [[nodiscard]] const TrainingReport& report() const noexcept;

    // A copy: a vector for each tag, with the number of its documents as count.
    [[nodiscard]] KeyedVectors document_vectors() const;

    // A copy.
    [[nodiscard]] KeyedVectors word_vectors() const;

    // The weights themselves, as those of Word2Vec: a row per word, a row per tag, and outputs, whose rows are longer
    // where documents are concatenated.
    [[nodiscard]] MatrixView<const float> word_weights() const noexcept;
    [[nodiscard]] MatrixView<float> word_weights() noexcept;
    [[nodiscard]] MatrixView<const float> document_weights() const noexcept;
    [[nodiscard]] MatrixView<float> document_weights() noexcept;
    [[nodiscard]] MatrixView<const float> negative_weights() const noexcept;
    [[nodiscard]] MatrixView<float> negative_weights() noexcept;
    [[nodiscard]] MatrixView<const float> tree_weights() const noexcept;
    [[nodiscard]] MatrixView<float> tree_weights() noexcept;

    // A vector for a document that was not trained: row i is that of sentence i. Words and outputs stay as they
    // are. A function of the model, the words, the options and the seed alone, so that a document gets the same
    // vector in whatever company and by however many threads; a document of no known words keeps the random vector
    // that all begin with. Progress stage: "inferring", in passes over a document.
    // Throws InvalidArgument without a vocabulary, for options out of range, or for a model of documents with
    // several tags concatenated; Cancelled.
    [[nodiscard]] Matrix infer(const Corpus& documents, const InferenceOptions& options = {},
                               const ProgressFn& progress = {}) const;
    [[nodiscard]] std::vector<float> infer(std::span<const std::string_view> words,
                                           const InferenceOptions& options = {}) const;

    // Writes all of the model into one .kith file, atomically; load() goes on where it stood: docs/formats.md.
    // KeyedVectors::open opens its word vectors. `notes`: any UTF-8 of the caller's. Throws IoError.
    void save(const std::string& path, std::string_view notes = {}) const;

    // Throws as open_index; InvalidArgument when the file holds no such model.
    [[nodiscard]] static Doc2Vec load(const std::string& path);

    // What save() was given.
    [[nodiscard]] const std::string& notes() const noexcept;

private:
    struct State;
    explicit Doc2Vec(std::unique_ptr<State> state) noexcept;

    std::unique_ptr<State> state_;
};

}  // namespace kith
