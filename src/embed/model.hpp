// Everything that training reads and writes besides the corpus.
#pragma once

#include <cstdint>
#include <vector>

#include <kith/vocabulary.hpp>
#include <kith/word2vec.hpp>

#include "embed/huffman.hpp"
#include "embed/negative_sampler.hpp"
#include "embed/weights.hpp"

namespace kith::embed {

struct Model {
    // Initial weights for a vocabulary: input rows uniform in +-1/vector_size, each a function of (seed, row);
    // outputs 0.
    Model(const Word2VecOptions& options, Vocabulary vocabulary);

    Word2VecOptions options;
    Vocabulary vocabulary;
    std::vector<std::uint32_t> keep;  // keep_thresholds of the vocabulary

    Weights input;

    // Of negative sampling: a row per word. Empty without.
    Weights negative;
    NegativeSampler sampler;

    // Of hierarchical softmax: a row per inner node. Empty without.
    Weights tree;
    HuffmanTree huffman;
};

}  // namespace kith::embed
