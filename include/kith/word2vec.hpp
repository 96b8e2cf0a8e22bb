// Word2Vec: vectors for words, learned from the words around them (Mikolov et al. 2013, arXiv:1301.3781 and
// arXiv:1310.4546). Option names, meanings and defaults are gensim's.
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
#include <optional>

#include <kith/corpus.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>
#include <kith/progress.hpp>
#include <kith/vocabulary.hpp>

namespace kith {

// What predicts what.
enum class Architecture : std::uint8_t {
    kCbow,      // the words around predict the word (faster)
    kSkipGram,  // each word around predicts the word (better for rare words)
};

struct Word2VecOptions {
    // --- The model ---

    // Elements of a vector, 1 or more. Time and memory grow in proportion.
    std::size_t vector_size = 100;

    Architecture architecture = Architecture::kCbow;

    // Words on either side that count as context, 1 or more. Larger makes vectors more topical, and training
    // slower.
    std::size_t window = 5;

    // Each word draws its own window from 1..window, so that nearer words count more. Off: always the whole window.
    bool shrink_windows = true;

    // Random words to tell from the true one; 0 turns negative sampling off. 5 to 20 for small corpora, 2 to 5 for
    // large ones. Time grows in proportion.
    std::size_t negative = 5;

    // Random words are drawn with a chance in proportion to count^ns_exponent: 1 as in the text, 0 all alike.
    double ns_exponent = 0.75;

    // Learn with a binary tree over the vocabulary (hierarchical softmax), instead of or besides negative sampling.
    // With this off and negative = 0 there is nothing to learn: refused.
    bool hierarchical_softmax = false;

    // CBOW: the mean of the context (on) or its sum.
    bool cbow_mean = true;

    // --- The vocabulary ---

    std::uint64_t min_count = 5;
    std::uint64_t max_final_vocab = 0;

    // Frequent words are skipped at random (Mikolov et al. 2013, section 2.3): words that make up more than this
    // share of the text are thinned out. 0 turns it off; 1 or more is a count instead of a share.
    double sample = 1e-3;

    // --- The training ---

    // Learning rate at the start and at the end, falling in a straight line over the words read. alpha > 0,
    // 0 <= min_alpha.
    double alpha = 0.025;
    double min_alpha = 1e-4;

    // Passes over the corpus, 1 or more.
    std::size_t epochs = 5;

    std::uint64_t seed = 1;

    // 0 means one per core. With one thread the result is a function of corpus, options, seed and instruction set.
    // With more, threads update the same matrices without locks (Hogwild, Recht et al. 2011) and results vary a
    // little.
    std::size_t threads = 0;
};

// Numbers of one call to train_on.
struct TrainingReport {
    std::uint64_t raw_words = 0;      // read, over all epochs
    std::uint64_t trained_words = 0;  // of these, in the vocabulary and not skipped by `sample`
    double seconds = 0;               // in the epochs, without the vocabulary

    [[nodiscard]] double words_per_second() const noexcept {
        return seconds > 0 ? static_cast<double>(raw_words) / seconds : 0;
    }
};

// For training in stages; what is not set comes from Word2VecOptions.
struct TrainingOptions {
    std::optional<std::size_t> epochs;
    std::optional<double> start_alpha;
    std::optional<double> end_alpha;
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

    // The same with a vocabulary made elsewhere.
    void build_vocabulary(Vocabulary vocabulary);

    // Trains on. The corpus need not be the one the vocabulary came from; unknown words are skipped.
    // Progress stage: "training", in words over all epochs; detail: epoch, learning rate, words per second.
    // Throws InvalidArgument without a vocabulary or words, Cancelled when `progress` says so: the vectors are then
    // as the interruption left them.
    TrainingReport train_on(const Corpus& corpus, const TrainingOptions& options = {},
                            const ProgressFn& progress = {});

    [[nodiscard]] const Word2VecOptions& options() const noexcept;
    [[nodiscard]] const Vocabulary& vocabulary() const noexcept;

    // Sums over all calls to train_on.
    [[nodiscard]] const TrainingReport& report() const noexcept;

    // The vectors with their words and counts: a copy.
    [[nodiscard]] KeyedVectors vectors() const;

    // The weights themselves: vocabulary().size() rows of vector_size, valid until the model is trained on or dies.
    [[nodiscard]] MatrixView<const float> input_weights() const noexcept;

    // gensim's syn1neg (one row per word; empty without negative sampling) and syn1 (one row per inner node of the
    // Huffman tree, the root last; empty without hierarchical softmax).
    [[nodiscard]] MatrixView<const float> negative_weights() const noexcept;
    [[nodiscard]] MatrixView<const float> tree_weights() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kith
