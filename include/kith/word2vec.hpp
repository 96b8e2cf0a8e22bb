// Word2Vec: vectors for words, learned from the words around them (Mikolov et al. 2013, arXiv:1301.3781 and
// arXiv:1310.4546). Options: training.hpp.
//
//     const auto corpus = kith::Corpus::read("text8");
//     kith::Word2VecOptions options;
//     options.architecture = kith::Architecture::kSkipGram;
//     const auto model = kith::Word2Vec::train(corpus, options);
//     const kith::KeyedVectors vectors = model.vectors();
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>
#include <kith/progress.hpp>
#include <kith/training.hpp>
#include <kith/vocabulary.hpp>

namespace kith {

// What predicts what.
enum class Architecture : std::uint8_t {
    kCbow,      // the words around predict the word (faster)
    kSkipGram,  // each word around predicts the word (better for rare words)
};

struct Word2VecOptions : EmbeddingOptions {
    Architecture architecture = Architecture::kCbow;

    // CBOW: the mean of the context (on) or its sum.
    bool cbow_mean = true;
};

// Not safe for use by several threads while it trains; const members are, otherwise.
class Word2Vec {
public:
    // Throws InvalidArgument, naming the option, its value and its range.
    explicit Word2Vec(const Word2VecOptions& options = {});
    ~Word2Vec();
    Word2Vec(Word2Vec&&) noexcept;
    Word2Vec& operator=(Word2Vec&&) noexcept;

    // Everything at once: vocabulary, initial vectors, options.epochs epochs.
    [[nodiscard]] static Word2Vec train(const Corpus& corpus, const Word2VecOptions& options = {},
                                        const ProgressFn& progress = {});

    // Takes the words of the corpus that options.min_count and max_final_vocab let through and sets the initial
    // vectors: uniform in +-1/vector_size, a function of the seed; output weights 0.
    // Throws InvalidArgument when no word is left, or when there is a vocabulary already.
    void build_vocabulary(const Corpus& corpus);

    // The same with a vocabulary made elsewhere. With Vocabulary::in_order() rows have the order of its words.
    void build_vocabulary(Vocabulary vocabulary);

    // A copy of the model that knows more words (gensim's build_vocab(update=True)): those of the corpus that the options let
    // through get rows after those there are, with the vectors and output weights that words begin with; of known words the
    // occurrences are added up. The inner nodes of a tree are those of the new one, matched from the root on.
    // Throws InvalidArgument without a vocabulary.
    [[nodiscard]] Word2Vec extended(const Corpus& corpus) const;

    // The same with words counted elsewhere, all of which count. Neither copy has lock factors.
    [[nodiscard]] Word2Vec extended(const Vocabulary& more) const;

    // Trains on. The corpus need not be the one the vocabulary came from; unknown words are skipped.
    // Progress stage: "training", in words over the epochs of this call; detail: epoch, learning rate, words per second.
    // Throws InvalidArgument without a vocabulary or words, Cancelled when `progress` says so: the vectors are then
    // as the interruption left them.
    TrainingReport train_on(const Corpus& corpus, const TrainingOptions& options = {},
                            const ProgressFn& progress = {});

    // How much each vector takes of what it should learn, from now on: by row, 1 all of it, 0 nothing, so that it stays in place
    // (gensim's vectors_lockf). Empty: all of it for all, as at first. Not saved. Output weights learn as ever.
    // Throws InvalidArgument unless there is one finite number for each word of the vocabulary, or none.
    void set_lock_factors(std::span<const float> factors);

    // Takes the vectors of the words that `known` has too (gensim's intersect_word2vec_format), and `lock_factor` as those
    // rows' lock factor: 0 holds them in place, 1 lets them learn as the others do. Other rows keep theirs. Returns how
    // many it took. Throws InvalidArgument, with nothing changed: no vocabulary; `known` has rows of another length than
    // vector_size; NaN or infinity. O(vocabulary x vector_size).
    std::size_t intersect(const KeyedVectors& known, float lock_factor = 0);

    [[nodiscard]] const Word2VecOptions& options() const noexcept;
    [[nodiscard]] const Vocabulary& vocabulary() const noexcept;

    // Sums over all calls to train_on.
    [[nodiscard]] const TrainingReport& report() const noexcept;

    // The vectors with their words and counts: a copy.
    [[nodiscard]] KeyedVectors vectors() const&;

    // The same of a model that is not needed any more: it gives back its other weights first, so that both together take no
    // more memory than training did.
    [[nodiscard]] KeyedVectors vectors() &&;

    // The weights themselves: vocabulary().size() rows of vector_size, which live as long as the model and change as
    // it learns. They may be written between calls of train_on, with finite numbers: to start from known vectors.
    [[nodiscard]] MatrixView<const float> input_weights() const noexcept;
    [[nodiscard]] MatrixView<float> input_weights() noexcept;

    // gensim's syn1neg (one row per word; empty without negative sampling) and syn1 (one row per inner node of the
    // Huffman tree, the root last; empty without hierarchical softmax).
    [[nodiscard]] MatrixView<const float> negative_weights() const noexcept;
    [[nodiscard]] MatrixView<float> negative_weights() noexcept;
    [[nodiscard]] MatrixView<const float> tree_weights() const noexcept;
    [[nodiscard]] MatrixView<float> tree_weights() noexcept;

    // The words that most likely stand amid the words of `context`, the best first; scores are probabilities over the
    // whole vocabulary. Unknown words are left out; with none known there is no answer. Throws InvalidArgument
    // without negative sampling, whose outputs this asks. O(vocabulary x vector_size).
    [[nodiscard]] std::vector<Match> predict(std::span<const std::string_view> context,
                                             std::size_t topn = 10) const;

    // For each sentence the natural logarithm of its likelihood: the sum over its known words, and over the words in
    // the whole window around (skip-gram) or their mean or sum (CBOW), of the path of the word in the tree (Taddy
    // 2015, arXiv:1504.07295). Throws InvalidArgument without hierarchical softmax. Progress stage: "scoring", in
    // sentences; throws Cancelled.
    [[nodiscard]] std::vector<double> score(const Corpus& sentences, const ProgressFn& progress = {}) const;

    // Writes everything to one .kith file, atomically: KeyedVectors::open() reads its words and vectors, open() the
    // model, which then trains on as if it had never been away. `notes`: any UTF-8 of the caller's. Throws IoError.
    void save(const std::string& path, std::string_view notes = {}) const;

    // Throws as open_index; InvalidArgument when the file holds no model.
    [[nodiscard]] static Word2Vec open(const std::string& path);

    // What save() was given.
    [[nodiscard]] const std::string& notes() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kith
