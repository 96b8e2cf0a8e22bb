#include <kith/phrases.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/progress_meter.hpp"
#include "embed/phrase_scan.hpp"
#include "embed/word_table.hpp"

namespace kith {
namespace {

using embed::Connectors;
using embed::Words;

constexpr double kNever = -std::numeric_limits<double>::infinity();

void check(const PhraseOptions& options) {
    if (options.min_count < 1) throw InvalidArgument("min_count = 0: a number of 1 or more is needed");
    if (options.max_vocab_size < 1) throw InvalidArgument("max_vocab_size = 0: a number of 1 or more is needed");
    if (options.delimiter.empty()) throw InvalidArgument("delimiter = '': at least one byte is needed");
    const auto refuse = [&](const char* needed) {
        throw InvalidArgument(formatted("threshold = {}: {}", options.threshold, needed));
    };
    if (!std::isfinite(options.threshold)) refuse("a finite number is needed");
    if (options.custom_score) return;
    if (options.scoring == PhraseScoring::kDefault && options.threshold <= 0) {
        refuse("a number above 0 is needed with the default score");
    }
    if (options.scoring == PhraseScoring::kNpmi && std::abs(options.threshold) > 1) {
        refuse("a number from -1 to 1 is needed with the NPMI score");
    }
}

// Calls body(words) for each run of words of the sentence [begin, end) between forgotten ones.
template <class Body>
void for_each_run(const Corpus& corpus, std::uint64_t begin, std::uint64_t end,
                  std::vector<std::string_view>& words, Body body) {
    const auto ids = corpus.ids();
    while (begin != end) {
        words.clear();
        for (; begin != end && ids[begin] != Corpus::kForgotten; ++begin) words.push_back(corpus.word(ids[begin]));
        body(Words(words));
        if (begin != end) ++begin;
    }
}

// The corpus with each run of words replaced by what join(words, out) appends.
template <class Join>
Corpus rewritten(const Corpus& corpus, const ProgressFn& progress, Join join) {
    CorpusOptions options;
    options.max_sentence_length = 0;
    CorpusBuilder builder(options);
    ProgressMeter meter("joining", corpus.words(), progress);
    std::vector<std::string_view> words;
    std::vector<std::string> joined;
    std::vector<std::string_view> views;
    std::uint64_t begin = 0;
    for (const std::uint64_t end : corpus.ends()) {
        joined.clear();
        for_each_run(corpus, begin, end, words, [&](Words run) { join(run, joined); });
        views.assign(joined.begin(), joined.end());
        builder.add_sentence(views);
        meter.add(end - begin);
        begin = end;
    }
    meter.finish();
    return builder.finish();
}

// Appends the words of `sentence`, the candidates that is_phrase(joined text) accepts as one word each.
template <class IsPhrase>
void join_phrases(Words sentence, const Connectors& connectors, const std::string& delimiter,
                  std::vector<std::string>& out, IsPhrase is_phrase) {
    std::string text;
    embed::scan_phrases(
        sentence, connectors,
        [&](Words candidate) {
            embed::join(candidate, delimiter, text);
            return is_phrase(candidate, text);
        },
        [&](Words) { out.push_back(text); }, [&](std::string_view word) { out.emplace_back(word); });
}

// The same with scores: score_of(candidate, joined text) is that of a phrase, or nothing.
template <class ScoreOf>
std::vector<JoinedWord> analyze_phrases(Words sentence, const Connectors& connectors, const std::string& delimiter,
                                        ScoreOf score_of) {
    std::vector<JoinedWord> out;
    std::string text;
    std::optional<double> score;
    embed::scan_phrases(
        sentence, connectors,
        [&](Words candidate) {
            embed::join(candidate, delimiter, text);
            score = score_of(candidate, text);
            return score.has_value();
        },
        [&](Words) {
            out.push_back({text, score});
        },
        [&](std::string_view word) {
            out.push_back({std::string(word), std::nullopt});
        });
    return out;
}

}  // namespace

double default_phrase_score(const PhraseCounts& counts) noexcept {
    const double product = static_cast<double>(counts.first) * static_cast<double>(counts.second);
    if (product == 0) return kNever;
    return (static_cast<double>(counts.together) - static_cast<double>(counts.min_count)) / product *
           static_cast<double>(counts.vocabulary);
}

double npmi_phrase_score(const PhraseCounts& counts) noexcept {
    if (counts.together < counts.min_count || counts.together == 0 || counts.first == 0 || counts.second == 0) {
        return kNever;
    }
    const auto words = static_cast<double>(counts.words);
    const double first = static_cast<double>(counts.first) / words;
    const double second = static_cast<double>(counts.second) / words;
    const double together = static_cast<double>(counts.together) / words;
    return std::log(together / (first * second)) / -std::log(together);
}

std::vector<std::string> english_connector_words() {
    return {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "without"};
}

struct Phrases::State {
    explicit State(const PhraseOptions& chosen) : options(chosen), connectors(chosen.connector_words) {
        if (options.custom_score) {
            formula = options.custom_score;
        } else if (options.scoring == PhraseScoring::kNpmi) {
            formula = npmi_phrase_score;
        } else {
            formula = default_phrase_score;
        }
    }

    [[nodiscard]] std::uint64_t count(std::string_view text) const noexcept {
        const auto id = vocabulary.find(text);
        return id ? vocabulary.count(*id) : 0;
    }

    [[nodiscard]] double score(std::string_view first, std::string_view last, std::uint64_t together) const {
        if (together == 0) return kNever;
        const PhraseCounts counts{count(first), count(last), together, vocabulary.live(), words, options.min_count};
        return counts.first == 0 || counts.second == 0 ? kNever : formula(counts);
    }

    // The best score of all ways to take `text` apart into two counted words and, between them, connectors.
    [[nodiscard]] double best_score(std::string_view text, std::uint64_t together) const {
        const std::string& delimiter = options.delimiter;
        double best = kNever;
        for (std::size_t cut = text.find(delimiter); cut != std::string_view::npos;
             cut = text.find(delimiter, cut + delimiter.size())) {
            std::size_t last = cut + delimiter.size();
            while (true) {
                best = std::max(best, score(text.substr(0, cut), text.substr(last), together));
                const std::size_t next = text.find(delimiter, last);
                if (next == std::string_view::npos || !connectors.contains(text.substr(last, next - last))) break;
                last = next + delimiter.size();
            }
        }
        return best;
    }

    // Counts without the check of the size of the vocabulary, which comes after a sentence.
    void count_run(Words run) {
        words += run.size();
        embed::scan_pairs(
            run, connectors, [this](std::string_view word) { vocabulary.add(word); },
            [this](Words pair) {
                embed::join(pair, options.delimiter, pair_text);
                vocabulary.add(pair_text);
            });
    }

    void prune() {
        if (vocabulary.live() > options.max_vocab_size) vocabulary.prune(min_reduce++);
    }

    [[nodiscard]] bool is_phrase(Words candidate, const std::string& joined) const {
        return score(candidate.front(), candidate.back(), count(joined)) > options.threshold;
    }

    PhraseOptions options;
    Connectors connectors;
    PhraseScore formula;
    embed::WordTable vocabulary;
    std::uint64_t words = 0;
    std::uint64_t min_reduce = 1;
    std::string pair_text;
};

Phrases::Phrases(const PhraseOptions& options) {
    check(options);
    state_ = std::make_unique<State>(options);
}

Phrases::~Phrases() = default;
Phrases::Phrases(Phrases&&) noexcept = default;
Phrases& Phrases::operator=(Phrases&&) noexcept = default;

void Phrases::learn(const Corpus& corpus, const ProgressFn& progress) {
    ProgressMeter meter("counting", corpus.words(), progress);
    std::vector<std::string_view> words;
    std::uint64_t begin = 0;
    for (const std::uint64_t end : corpus.ends()) {
        for_each_run(corpus, begin, end, words, [this](Words run) { state_->count_run(run); });
        state_->prune();
        meter.add(end - begin);
        begin = end;
    }
    meter.finish();
}

void Phrases::learn(std::span<const std::string_view> sentence) {
    state_->count_run(sentence);
    state_->prune();
}

void Phrases::learn(std::span<const std::pair<std::string, std::uint64_t>> counted, std::uint64_t words) {
    for (const auto& [text, count] : counted) state_->vocabulary.add(text, count);
    state_->words += words;
    state_->prune();
}

const PhraseOptions& Phrases::options() const noexcept {
    return state_->options;
}

std::uint64_t Phrases::words() const noexcept {
    return state_->words;
}

std::size_t Phrases::vocabulary_size() const noexcept {
    return state_->vocabulary.live();
}

std::uint64_t Phrases::count(std::string_view word_or_pair) const noexcept {
    return state_->count(word_or_pair);
}

void Phrases::for_each(const std::function<void(std::string_view, std::uint64_t)>& visit) const {
    const embed::WordTable& vocabulary = state_->vocabulary;
    for (std::size_t id = 0; id < vocabulary.size(); ++id) {
        if (vocabulary.count(id) != 0) visit(vocabulary.word(id), vocabulary.count(id));
    }
}

double Phrases::score(std::span<const std::string_view> candidate) const {
    if (candidate.size() < 2) {
        throw InvalidArgument(formatted("a candidate of {} words; at least 2 are needed", candidate.size()));
    }
    std::string text;
    embed::join(candidate, state_->options.delimiter, text);
    return state_->score(candidate.front(), candidate.back(), state_->count(text));
}

std::vector<std::string> Phrases::apply(std::span<const std::string_view> sentence) const {
    std::vector<std::string> out;
    join_phrases(sentence, state_->connectors, state_->options.delimiter, out,
                 [this](Words candidate, const std::string& text) { return state_->is_phrase(candidate, text); });
    return out;
}

std::vector<JoinedWord> Phrases::analyze(std::span<const std::string_view> sentence) const {
    return analyze_phrases(sentence, state_->connectors, state_->options.delimiter,
                           [this](Words candidate, const std::string& text) -> std::optional<double> {
                               const double score =
                                   state_->score(candidate.front(), candidate.back(), state_->count(text));
                               if (score > state_->options.threshold) return score;
                               return std::nullopt;
                           });
}

Corpus Phrases::apply(const Corpus& corpus, const ProgressFn& progress) const {
    return rewritten(corpus, progress, [this](Words run, std::vector<std::string>& out) {
        join_phrases(run, state_->connectors, state_->options.delimiter, out,
                     [this](Words pair, const std::string& text) { return state_->is_phrase(pair, text); });
    });
}

FrozenPhrases Phrases::freeze() const {
    std::vector<Phrase> phrases;
    for_each([&](std::string_view text, std::uint64_t count) {
        const double score = state_->best_score(text, count);
        if (score > state_->options.threshold) phrases.push_back({std::string(text), score, count});
    });
    return {phrases, state_->options.delimiter, state_->options.connector_words};
}

struct FrozenPhrases::Data {
    std::vector<Phrase> phrases;
    std::string delimiter = "_";
    std::vector<std::string> connector_words;
    Connectors connectors;
    embed::WordTable table;
};

FrozenPhrases::FrozenPhrases() : data_(std::make_shared<const Data>()) {}

FrozenPhrases::FrozenPhrases(std::span<const Phrase> phrases, const std::string& delimiter,
                             std::span<const std::string> connector_words) {
    if (delimiter.empty()) throw InvalidArgument("delimiter = '': at least one byte is needed");
    auto data = std::make_shared<Data>();
    data->phrases.assign(phrases.begin(), phrases.end());
    std::stable_sort(data->phrases.begin(), data->phrases.end(), [](const Phrase& a, const Phrase& b) {
        return a.score > b.score || (a.score == b.score && a.text < b.text);
    });
    for (const Phrase& phrase : data->phrases) {
        if (data->table.find(phrase.text)) {
            throw InvalidArgument(formatted("the phrase '{}' stands twice", phrase.text));
        }
        data->table.add(phrase.text);
    }
    data->delimiter = delimiter;
    data->connector_words.assign(connector_words.begin(), connector_words.end());
    data->connectors = Connectors(connector_words);
    data_ = std::move(data);
}

std::size_t FrozenPhrases::size() const noexcept {
    return data_->phrases.size();
}

const std::string& FrozenPhrases::delimiter() const noexcept {
    return data_->delimiter;
}

const std::vector<std::string>& FrozenPhrases::connector_words() const noexcept {
    return data_->connector_words;
}

const std::vector<Phrase>& FrozenPhrases::phrases() const noexcept {
    return data_->phrases;
}

std::vector<std::string> FrozenPhrases::apply(std::span<const std::string_view> sentence) const {
    std::vector<std::string> out;
    join_phrases(sentence, data_->connectors, data_->delimiter, out,
                 [this](Words, const std::string& text) { return data_->table.find(text).has_value(); });
    return out;
}

std::vector<JoinedWord> FrozenPhrases::analyze(std::span<const std::string_view> sentence) const {
    return analyze_phrases(sentence, data_->connectors, data_->delimiter,
                           [this](Words, const std::string& text) -> std::optional<double> {
                               const auto found = data_->table.find(text);
                               if (found) return data_->phrases[*found].score;
                               return std::nullopt;
                           });
}

Corpus FrozenPhrases::apply(const Corpus& corpus, const ProgressFn& progress) const {
    return rewritten(corpus, progress, [this](Words run, std::vector<std::string>& out) {
        join_phrases(run, data_->connectors, data_->delimiter, out,
                     [this](Words, const std::string& text) { return data_->table.find(text).has_value(); });
    });
}

}  // namespace kith
