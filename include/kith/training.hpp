// What every model that learns vectors from text shares: options, stages of training, and numbers about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace kith {

// Names, meanings and defaults are gensim's.
struct EmbeddingOptions {
    // --- The model ---

    // Elements of a vector, 1 or more. Time and memory grow in proportion.
    std::size_t vector_size = 100;

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

// For training in stages; what is not set comes from EmbeddingOptions.
struct TrainingOptions {
    std::optional<std::size_t> epochs = {};
    std::optional<double> start_alpha = {};
    std::optional<double> end_alpha = {};

    // Fill TrainingReport::epoch_losses. Costs a few percent.
    bool compute_loss = false;

    // Train only the epochs first_epoch <= epoch < last_epoch of these `epochs` (counted from 0), so that the caller
    // can look at the model between them. The learning rate is the one that these epochs have within the whole.
    std::size_t first_epoch = 0;
    std::optional<std::size_t> last_epoch = {};

    std::optional<std::size_t> threads = {};
};

// Numbers of one call to train_on, or of all.
struct TrainingReport {
    std::uint64_t raw_words = 0;      // read, over all epochs
    std::uint64_t trained_words = 0;  // of these, in the vocabulary and not skipped by `sample`
    double seconds = 0;               // in the epochs, without the vocabulary

    // Per epoch, when asked for: the mean, over all predictions made, of minus the log-likelihood (natural) of what
    // was to be told, as the model stood when it was asked. A prediction is one context word (skip-gram) or one
    // whole context (CBOW) facing the true word and its random ones, or the path of the true word in the tree.
    // Epochs, corpora and numbers of threads can be compared; options that change the task cannot.
    std::vector<double> epoch_losses = {};

    [[nodiscard]] double words_per_second() const noexcept {
        return seconds > 0 ? static_cast<double>(raw_words) / seconds : 0;
    }
};

}  // namespace kith
