// Everything that training reads and writes besides the corpus.
#pragma once

#include <cstdint>
#include <vector>

#include <kith/keyed_vectors.hpp>
#include <kith/vocabulary.hpp>
#include <kith/word2vec.hpp>

#include "embed/huffman.hpp"
#include "embed/negative_sampler.hpp"
#include "embed/weights.hpp"

namespace kith::embed {

// Streams of random numbers: epochs count up from 1, other uses down from the top.
enum Series : std::uint64_t {
    kInitialWords = 0,
    kInitialTags = ~std::uint64_t{0},
    kInitialNgrams = kInitialTags - 1,
    kInference = kInitialTags - 2,
};

// Uniform in +-1/cols, each row a function of (seed, series, its number).
void fill_at_random(Weights& weights, std::uint64_t seed, std::uint64_t series);

struct Model {
    // Initial weights for a vocabulary: input rows uniform in +-1/vector_size, each a function of (seed, row);
    // outputs 0, of `output_cols` elements, or as many as the input has when that is 0.
    Model(const Word2VecOptions& options, const Vocabulary& vocabulary, std::size_t output_cols = 0);

    // The same with an input that is there already.
    Model(const Word2VecOptions& options, Vocabulary vocabulary, Weights input, std::size_t output_cols);

    // A copy with more words: rows that there are keep their weights, new ones have initial ones. A node of the tree gets the
    // weights of the node that was as many before the root: the upper part, through which all paths go, changes least.
    [[nodiscard]] Model extended(const Vocabulary& more, std::size_t output_cols = 0) const;

    Word2VecOptions options;
    Vocabulary vocabulary;
    std::vector<std::uint32_t> keep;  // keep_thresholds of the vocabulary

    // Passes trained so far: each has random numbers of its own.
    std::uint64_t epochs_done = 0;

    Weights input;

    // How much each input row takes of its updates; empty when that is all of them for all.
    std::vector<float> lock_factors;

    // Of negative sampling: a row per word. Empty without.
    Weights negative;
    NegativeSampler sampler;

    // Of hierarchical softmax: a row per inner node. Empty without.
    Weights tree;
    HuffmanTree huffman;
};

// What a corpus adds to a vocabulary: the words that the options let through, and all occurrences of known ones.
[[nodiscard]] Vocabulary additions(const Corpus& corpus, const Vocabulary& known, const VocabularyOptions& options);

// Gives the vocabulary back. Throws InvalidArgument when it is empty.
[[nodiscard]] Vocabulary require_words(Vocabulary vocabulary);

// A copy of the input rows with words and counts.
[[nodiscard]] KeyedVectors keyed_rows(const Model& model);

}  // namespace kith::embed
