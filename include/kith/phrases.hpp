// Words that belong together: "new york" becomes one word, "new_york", so that a model learns one vector for it
// (Mikolov et al. 2013, arXiv:1310.4546, section 4). Option names, meanings and defaults are gensim's.
//
//     kith::Phrases phrases;
//     phrases.learn(corpus);
//     const kith::Corpus joined = phrases.apply(corpus);     // and once more for phrases of three and four words
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/progress.hpp>

namespace kith {

// What a score is computed from.
struct PhraseCounts {
    std::uint64_t first = 0;       // occurrences of the first word
    std::uint64_t second = 0;      // of the last word
    std::uint64_t together = 0;    // of the one followed by the other
    std::uint64_t vocabulary = 0;  // different words and pairs counted
    std::uint64_t words = 0;       // words of text
    std::uint64_t min_count = 0;   // the option
};

// Higher is more of a phrase.
using PhraseScore = std::function<double(const PhraseCounts&)>;

enum class PhraseScoring : std::uint8_t { kDefault, kNpmi };

// (together - min_count) / (first * second) * vocabulary, as in word2vec's tool.
[[nodiscard]] double default_phrase_score(const PhraseCounts& counts) noexcept;

// Normalised pointwise mutual information, -1 to 1 (Bouma 2009); minus infinity for pairs rarer than min_count.
[[nodiscard]] double npmi_phrase_score(const PhraseCounts& counts) noexcept;

struct PhraseOptions {
    // Pairs rarer than this are no phrases. 1 or more.
    std::uint64_t min_count = 5;

    // A pair is a phrase when its score is above this: the higher, the fewer phrases. More than 0 with the default
    // score; -1 to 1 with NPMI.
    double threshold = 10;

    PhraseScoring scoring = PhraseScoring::kDefault;

    // Takes the place of `scoring` when set; called from one thread at a time.
    PhraseScore custom_score = {};

    // Stands between the words of a phrase. At least one byte.
    std::string delimiter = "_";

    // Words that may stand within a phrase but neither begin nor end one: "bank of america" counts as "bank"
    // followed by "america".
    std::vector<std::string> connector_words = {};

    // Different words and pairs to keep in memory; beyond that, after a sentence, the rarest are forgotten as by
    // CorpusOptions::max_vocab_size. 1 or more.
    std::uint64_t max_vocab_size = 40'000'000;
};

// The articles and prepositions that gensim takes as English connector words.
[[nodiscard]] std::vector<std::string> english_connector_words();

struct Phrase {
    std::string text;  // joined
    double score = 0;
    std::uint64_t count = 0;
};

// One of the words that a sentence becomes. Words of no phrase have no score.
struct JoinedWord {
    std::string text;
    std::optional<double> score;
};

// Phrases found and fixed: joins words, learns nothing. Immutable; copies share the data; safe to call from any
// number of threads.
class FrozenPhrases {
public:
    // None.
    FrozenPhrases();

    // Throws InvalidArgument: an empty delimiter, a phrase that stands twice.
    FrozenPhrases(std::span<const Phrase> phrases, const std::string& delimiter,
                  std::span<const std::string> connector_words = {});

    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] const std::string& delimiter() const noexcept;
    [[nodiscard]] const std::vector<std::string>& connector_words() const noexcept;

    // The best first.
    [[nodiscard]] const std::vector<Phrase>& phrases() const noexcept;

    // The words of a sentence, phrases joined from left to right: a word is part of one phrase at most.
    [[nodiscard]] std::vector<std::string> apply(std::span<const std::string_view> sentence) const;

    // The same with the scores of the phrases.
    [[nodiscard]] std::vector<JoinedWord> analyze(std::span<const std::string_view> sentence) const;

    // Every sentence of a corpus. Progress stage: "joining", in words. Throws Cancelled.
    [[nodiscard]] Corpus apply(const Corpus& corpus, const ProgressFn& progress = {}) const;

    // A text file that is easily read by others: docs/formats.md. Throws IoError; InvalidArgument for a phrase with
    // a tab or a line end in it.
    void save(const std::string& path) const;

    // Throws IoError, CorruptFile.
    [[nodiscard]] static FrozenPhrases load(const std::string& path);

private:
    struct Data;
    std::shared_ptr<const Data> data_;
};

// Counts words and pairs, and tells which pairs are phrases. Not safe for use by several threads while it learns;
// const members are, otherwise.
class Phrases {
public:
    // Throws InvalidArgument, naming the option, its value and its range.
    explicit Phrases(const PhraseOptions& options = {});
    ~Phrases();
    Phrases(Phrases&&) noexcept;
    Phrases& operator=(Phrases&&) noexcept;

    // Adds the counts of a text. Progress stage: "counting", in words. Throws Cancelled, with part of the text
    // counted.
    void learn(const Corpus& corpus, const ProgressFn& progress = {});
    void learn(std::span<const std::string_view> sentence);

    // Adds what was counted elsewhere, `words` of text: counts of words and joined pairs, as for_each() gives them.
    // The vocabulary is pruned afterwards as after a sentence.
    void learn(std::span<const std::pair<std::string, std::uint64_t>> counted, std::uint64_t words);

    [[nodiscard]] const PhraseOptions& options() const noexcept;
    [[nodiscard]] std::uint64_t words() const noexcept;
    [[nodiscard]] std::size_t vocabulary_size() const noexcept;

    // Of a word, or of a pair joined by the delimiter. 0 when never seen, or forgotten.
    [[nodiscard]] std::uint64_t count(std::string_view word_or_pair) const noexcept;

    // Every word and pair counted, in no particular order.
    void for_each(const std::function<void(std::string_view, std::uint64_t)>& visit) const;

    // The score of `first`, perhaps connector words, `last`. Minus infinity when any of them was never seen.
    // Throws InvalidArgument for fewer than two words.
    [[nodiscard]] double score(std::span<const std::string_view> candidate) const;

    // As those of FrozenPhrases, scoring on the way.
    [[nodiscard]] std::vector<std::string> apply(std::span<const std::string_view> sentence) const;
    [[nodiscard]] std::vector<JoinedWord> analyze(std::span<const std::string_view> sentence) const;
    [[nodiscard]] Corpus apply(const Corpus& corpus, const ProgressFn& progress = {}) const;

    // All pairs counted that are phrases. Where the same text comes of different pairs ("a_b" and "c", "a" and
    // "b_c"), the best score counts.
    [[nodiscard]] FrozenPhrases freeze() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kith
