// How good vectors are, by the usual tests: word analogies and human judgements of similarity; and how much of the
// truth an approximate search finds. Numbers equal gensim's evaluate_word_analogies and evaluate_word_pairs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <kith/keyed_vectors.hpp>
#include <kith/neighbors.hpp>
#include <kith/progress.hpp>

namespace kith {

enum class AnalogyMethod : std::uint8_t {
    kAdd,       // 3CosAdd: nearest to b - a + c
    kMultiply,  // 3CosMul
};

struct AnalogyOptions {
    AnalogyMethod method = AnalogyMethod::kAdd;

    // Questions and answers come from the first so many rows only; 0 means all.
    std::size_t restrict_vocab = 300'000;

    // Compare upper-cased words; of several rows that are then alike the first counts. Upper-casing knows Latin,
    // Greek and Cyrillic letters.
    bool case_insensitive = true;

    // A question with an unknown word counts as answered wrongly, instead of being skipped.
    bool dummy4unknown = false;

    // 0 means one per core. The result does not depend on it.
    std::size_t threads = 0;

    // Stage "evaluating", in questions.
    ProgressFn progress = {};
};

struct AnalogySection {
    std::string name = {};
    std::size_t correct = 0;
    std::size_t incorrect = 0;
    std::size_t unknown = 0;  // questions with a word that is not there (with dummy4unknown also in `incorrect`)

    // Questions of the file, in its order, as correct[i] says: with the words as compared (upper-cased).
    struct Question {
        std::string a, b, c, expected;
        std::string predicted = {};  // empty for one that was skipped as unknown and counted wrong
        bool is_correct = false;
    };
    std::vector<Question> questions = {};

    // 0 when nothing was answered.
    [[nodiscard]] double accuracy() const noexcept {
        const std::size_t all = correct + incorrect;
        return all == 0 ? 0.0 : static_cast<double>(correct) / static_cast<double>(all);
    }
};

struct AnalogyReport {
    std::vector<AnalogySection> sections;
    AnalogySection total;             // sums, without questions
    std::size_t malformed_lines = 0;  // not four words: skipped
};

// Reads lines ": section" and "a b c expected" (questions-words.txt; .gz too): is `expected` the nearest word to
// b - a + c that is none of a, b, c? As in gensim, only the five best rows are considered.
// Throws IoError; CorruptFile for a question before the first section, and for bytes that are not UTF-8.
[[nodiscard]] AnalogyReport evaluate_analogies(const KeyedVectors& vectors, const std::string& path,
                                               const AnalogyOptions& options = {});

struct WordPairOptions {
    // Between the two words and the score.
    char delimiter = '\t';
    std::size_t restrict_vocab = 300'000;  // 0 means all
    bool case_insensitive = true;          // as AnalogyOptions
    bool dummy4unknown = false;            // a pair with an unknown word gets similarity 0 instead of being skipped
};

// A coefficient of correlation and the two-sided probability of one at least as large without any correlation. NaN
// for fewer than two pairs or when one side is constant.
struct Correlation {
    double coefficient = 0;
    double p_value = 0;
};

struct WordPairReport {
    Correlation pearson;
    Correlation spearman;             // of ranks; ties share their mean rank
    double unknown_percent = 0;       // of the pairs; 0 with dummy4unknown
    std::size_t pairs = 0;            // compared
    std::size_t unknown = 0;          // with a word that is not there
    std::size_t malformed_lines = 0;  // not two words and a number: skipped
};

// Reads lines of two words and a score (wordsim353.tsv; .gz too); lines that start with '#' are comments.
// Throws IoError; InvalidArgument when no pair is left.
[[nodiscard]] WordPairReport evaluate_word_pairs(const KeyedVectors& vectors, const std::string& path,
                                                 const WordPairOptions& options = {});

// Over any two series of the same length. Throws InvalidArgument when lengths differ.
[[nodiscard]] Correlation pearson(std::span<const double> x, std::span<const double> y);
[[nodiscard]] Correlation spearman(std::span<const double> x, std::span<const double> y);

// The share of the first k true neighbours that are among the first k found, over all queries; 1 when there is
// nothing to find. Throws InvalidArgument when the tables have different numbers of rows.
[[nodiscard]] double recall_at_k(const NeighborTable& found, const NeighborTable& truth, std::size_t k);

}  // namespace kith
