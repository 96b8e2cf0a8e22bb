#include "embed/model.hpp"

#include <string_view>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
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

Model::Model(const Word2VecOptions& chosen, const Vocabulary& words, std::size_t output_cols)
    : Model(chosen, words, Weights(words.size(), chosen.vector_size), output_cols) {
    fill_at_random(input, options.seed, kInitialWords);
}

Model::Model(const Word2VecOptions& chosen, Vocabulary words, Weights rows, std::size_t output_cols)
    : options(chosen),
      vocabulary(std::move(words)),
      keep(keep_thresholds(vocabulary.counts(), vocabulary.total(), options.sample)),
      input(std::move(rows)) {
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

Model Model::extended(const Vocabulary& more, std::size_t output_cols) const {
    Model larger(options, vocabulary.extended(more), output_cols);
    copy_rows(input, larger.input, 0);
    copy_rows(negative, larger.negative, 0);
    copy_rows(tree, larger.tree, larger.tree.rows() - tree.rows());
    larger.epochs_done = epochs_done;
    return larger;
}

Vocabulary additions(const Corpus& corpus, const Vocabulary& known, const VocabularyOptions& options) {
    const std::uint64_t least = Vocabulary(corpus, options).effective_min_count();
    const Vocabulary all(corpus, {0, 0});
    std::vector<std::pair<std::string, std::uint64_t>> added;
    for (std::size_t row = 0; row < all.size(); ++row) {
        if (all.count(row) >= least || known.find(all.word(row))) added.emplace_back(all.word(row), all.count(row));
    }
    return Vocabulary::in_order(added);
}

Vocabulary require_words(Vocabulary vocabulary) {
    if (vocabulary.empty()) {
        throw InvalidArgument(
            formatted("no word is left for the vocabulary: none of {} different words occurs {} times or more",
                      vocabulary.dropped_types(), vocabulary.effective_min_count()));
    }
    return vocabulary;
}

KeyedVectors keyed_rows(const Model& model) {
    std::vector<std::string_view> words(model.vocabulary.size());
    for (std::size_t row = 0; row < words.size(); ++row) words[row] = model.vocabulary.word(row);
    return {words, model.input.view(), model.vocabulary.counts()};
}

}  // namespace kith::embed
