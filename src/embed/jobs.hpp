// The corpus as training sees it: shares of some thousand words, turned into rows of the model and their windows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/corpus.hpp>

#include "base/random.hpp"
#include "embed/model.hpp"

namespace kith::embed {

// Whole sentences [first_sentence, last_sentence) that begin at `first_word` of the corpus.
struct Job {
    std::size_t first_sentence;
    std::size_t last_sentence;
    std::uint64_t first_word;
    std::uint64_t last_word;
};

// Cuts a corpus into jobs of about 10,000 words, fewer when there are few words: the learning rate changes from one
// job to the next.
[[nodiscard]] std::vector<Job> make_jobs(const Corpus& corpus);

// A word that is in no vocabulary.
inline constexpr std::uint32_t kUnknown = Corpus::kForgotten;

// For each type of the corpus its row in the vocabulary, or kUnknown.
[[nodiscard]] std::vector<std::uint32_t> rows_of_types(const Corpus& corpus, const Vocabulary& vocabulary);

// The words of a job that are trained, and around each the words that are its context: [first, last), itself among
// them, within its sentence.
struct Window {
    std::uint32_t first;
    std::uint32_t last;
};

struct JobText {
    std::vector<std::uint32_t> rows;
    std::vector<Window> windows;
    std::vector<std::uint32_t> ends;  // of the sentences, in `rows`
    std::size_t first_sentence = 0;   // of the corpus
};

// Leaves out unknown words and, at random, frequent ones; then chooses the windows, so that words left out bring
// others nearer (as word2vec does). Overwrites `text`.
void encode(const Corpus& corpus, const Job& job, const std::vector<std::uint32_t>& rows_of_types,
            const Model& model, Random& random, JobText& text);

}  // namespace kith::embed
