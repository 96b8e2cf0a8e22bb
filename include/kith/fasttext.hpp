// FastText: vectors for words made of vectors for their parts, so that words never seen have one too (Bojanowski,
// Grave, Joulin and Mikolov 2017, arXiv:1607.04606). Meanings and defaults are gensim's; files are Facebook's.
//
//     const auto model = kith::FastText::train(corpus);
//     const kith::KeyedVectors vectors = model.vectors();          // of the words of the vocabulary
//     const std::vector<float> vector = model.vector("unseenly");  // of any word
//     model.save_facebook("model.bin");
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
#include <kith/word2vec.hpp>

namespace kith {

struct FastTextOptions : Word2VecOptions {
    // A word's parts: all runs of min_n to max_n characters (UTF-8) of the word between '<' and '>'. With max_n less
    // than min_n there are none. min_n is 1 or more.
    std::size_t min_n = 3;
    std::size_t max_n = 6;

    // Vectors for parts: each part has the one that its hash names, and shares it with others. 0: no parts. Takes
    // bucket * vector_size * 4 bytes.
    std::size_t bucket = 2'000'000;
};

// The numbers of a word's parts, below `bucket`, in order of their places; a part that stands twice is there twice.
// The hash is 32-bit FNV-1a over bytes taken as signed, as Facebook's fastText computes it. "</s>", which ends a line
// in fastText's own vocabularies, has no parts.
[[nodiscard]] std::vector<std::uint32_t> subword_buckets(std::string_view word, const FastTextOptions& options);

// What is done with words that are not in the vocabulary.
enum class UnknownWords : std::uint8_t {
    kInfer,  // they get the mean of the vectors of their parts
    kLeaveOut,
};

// Not safe for use by several threads while it trains; const members are, otherwise.
class FastText {
public:
    // Throws InvalidArgument, naming the option, its value and its range.
    explicit FastText(const FastTextOptions& options = {});
    ~FastText();
    FastText(FastText&&) noexcept;
    FastText& operator=(FastText&&) noexcept;

    // Everything at once: vocabulary, initial vectors, options.epochs epochs.
    [[nodiscard]] static FastText train(const Corpus& corpus, const FastTextOptions& options = {},
                                        const ProgressFn& progress = {});

    // As those of Word2Vec; vectors of parts start as those of words do.
    void build_vocabulary(const Corpus& corpus);
    void build_vocabulary(Vocabulary vocabulary);
    [[nodiscard]] FastText extended(const Corpus& corpus) const;
    [[nodiscard]] FastText extended(const Vocabulary& more) const;
    TrainingReport train_on(const Corpus& corpus, const TrainingOptions& options = {},
                            const ProgressFn& progress = {});

    [[nodiscard]] const FastTextOptions& options() const noexcept;
    [[nodiscard]] const Vocabulary& vocabulary() const noexcept;

    // Sums over all calls to train_on.
    [[nodiscard]] const TrainingReport& report() const noexcept;

    // A copy: for each word of the vocabulary the mean of its own vector and those of its parts.
    [[nodiscard]] KeyedVectors vectors() const;

    // The same for any word; of one that is not in the vocabulary the mean of the vectors of its parts, zero when it
    // has none. Throws InvalidArgument without a vocabulary.
    [[nodiscard]] std::vector<float> vector(std::string_view word) const;

    // Row i is vector(words[i]), by options().threads threads.
    [[nodiscard]] Matrix vectors_of(std::span<const std::string_view> words) const;

    // The vectors of these words, in this order, each once, with their counts; inferred ones have count 0. A model
    // without parts infers none. Throws InvalidArgument without a vocabulary.
    [[nodiscard]] KeyedVectors vectors_for_all(std::span<const std::string_view> words,
                                               UnknownWords unknown = UnknownWords::kInfer) const;

    // The mean of the words' vectors, each divided by its length, zero ones left out (as Facebook's for unsupervised
    // models). Zero when none is left.
    [[nodiscard]] std::vector<float> sentence_vector(std::span<const std::string_view> words) const;

    // The weights themselves, as those of Word2Vec: a row per word, a row per bucket, and outputs.
    [[nodiscard]] MatrixView<const float> word_weights() const noexcept;
    [[nodiscard]] MatrixView<float> word_weights() noexcept;
    [[nodiscard]] MatrixView<const float> subword_weights() const noexcept;
    [[nodiscard]] MatrixView<float> subword_weights() noexcept;
    [[nodiscard]] MatrixView<const float> negative_weights() const noexcept;
    [[nodiscard]] MatrixView<float> negative_weights() noexcept;
    [[nodiscard]] MatrixView<const float> tree_weights() const noexcept;
    [[nodiscard]] MatrixView<float> tree_weights() noexcept;

    // Writes all of the model into one .kith file, atomically; load() goes on where it stood: docs/formats.md.
    // KeyedVectors::open opens vectors(). `notes`: any UTF-8 of the caller's. Throws IoError; InvalidArgument without
    // a vocabulary.
    void save(const std::string& path, std::string_view notes = {}) const;

    // Throws as open_index; InvalidArgument when the file holds no such model.
    [[nodiscard]] static FastText load(const std::string& path);

    // What save() was given.
    [[nodiscard]] const std::string& notes() const noexcept;

    // Facebook's .bin, version 12 (11 for what was loaded as such), which fastText and gensim read: docs/formats.md. What was loaded and not trained
    // is written with the same bytes. Atomic. Throws IoError; InvalidArgument without a vocabulary, for a word with
    // a zero byte, for hierarchical softmax together with negative sampling, and for numbers beyond 32 bits.
    void save_facebook(const std::string& path) const;

    // Goes on training where asked to; what the file does not hold (alpha, ns_exponent, seed, threads) has the
    // default. Throws IoError; CorruptFile; Unsupported for supervised, quantised or pruned models, for other
    // versions and for other losses than negative sampling and hierarchical softmax.
    [[nodiscard]] static FastText load_facebook(const std::string& path);

private:
    struct State;
    explicit FastText(std::unique_ptr<State> state) noexcept;

    std::unique_ptr<State> state_;
};

}  // namespace kith
