#include "embed/model.hpp"

#include <utility>

#include "base/random.hpp"
#include "embed/subsampling.hpp"

namespace kith::embed {

Model::Model(const Word2VecOptions& chosen, Vocabulary words)
    : options(chosen),
      vocabulary(std::move(words)),
      keep(keep_thresholds(vocabulary.counts(), vocabulary.total(), options.sample)),
      input(vocabulary.size(), options.vector_size) {
    const double width = 2.0 / static_cast<double>(options.vector_size);
    for (std::size_t row = 0; row < input.rows(); ++row) {
        // 0: the stream of initial vectors; epochs use 1 and up.
        Random random = Random::stream(options.seed, 0, row);
        for (std::size_t i = 0; i < input.cols(); ++i) {
            input.row(row)[i] = static_cast<float>((random.uniform() - 0.5) * width);
        }
    }
    if (options.negative > 0) {
        negative = Weights(vocabulary.size(), options.vector_size);
        sampler = NegativeSampler(vocabulary.counts(), options.ns_exponent);
    }
    if (options.hierarchical_softmax) {
        huffman = HuffmanTree(vocabulary.counts());
        tree = Weights(huffman.nodes(), options.vector_size);
    }
}

}  // namespace kith::embed
