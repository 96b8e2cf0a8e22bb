#include "embed/model.hpp"

#include <utility>

#include "base/random.hpp"
#include "embed/subsampling.hpp"

namespace kith::embed {

void fill_at_random(Weights& weights, std::uint64_t seed, std::uint64_t series) {
    const double width = 2.0 / static_cast<double>(weights.cols());
    for (std::size_t row = 0; row < weights.rows(); ++row) {
        Random random = Random::stream(seed, series, row);
        for (std::size_t i = 0; i < weights.cols(); ++i) {
            weights.row(row)[i] = static_cast<float>((random.uniform() - 0.5) * width);
        }
    }
}

Model::Model(const Word2VecOptions& chosen, Vocabulary words, std::size_t output_cols)
    : options(chosen),
      vocabulary(std::move(words)),
      keep(keep_thresholds(vocabulary.counts(), vocabulary.total(), options.sample)),
      input(vocabulary.size(), options.vector_size) {
    fill_at_random(input, options.seed, kInitialWords);
    if (output_cols == 0) output_cols = options.vector_size;
    if (options.negative > 0) {
        negative = Weights(vocabulary.size(), output_cols);
        sampler = NegativeSampler(vocabulary.counts(), options.ns_exponent);
    }
    if (options.hierarchical_softmax) {
        huffman = HuffmanTree(vocabulary.counts());
        tree = Weights(huffman.nodes(), output_cols);
    }
}

}  // namespace kith::embed
