#include <kith/fasttext.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/parallel.hpp"
#include "embed/fasttext_state.hpp"
#include "embed/options_check.hpp"
#include "embed/subword_source.hpp"
#include "embed/trainer.hpp"

namespace kith {
namespace {

constexpr std::size_t kGrain = 256;  // words

void check(const FastTextOptions& options) {
    embed::check(options);
    embed::check_at_least_one("min_n", options.min_n);
    if (options.max_n > embed::kMostOfAnything) embed::check_at_least_one("max_n", options.max_n);
    constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
    if (options.bucket > kMost) {
        throw InvalidArgument(formatted("bucket = {}: a number from 0 to {} is needed", options.bucket, kMost));
    }
}

}  // namespace

std::vector<std::uint32_t> subword_buckets(std::string_view word, const FastTextOptions& options) {
    check(options);
    std::vector<std::uint32_t> buckets;
    embed::SubwordRule{options.min_n, options.max_n, options.bucket}.buckets(word, buckets);
    return buckets;
}

embed::Model& FastText::State::require_model(const char* caller) {
    if (!model) throw InvalidArgument(formatted("build_vocabulary() comes before {}()", caller));
    return *model;
}

void FastText::State::mean_of(std::optional<std::uint32_t> word, std::span<const std::uint32_t> buckets,
                              std::span<float> out) const {
    const std::size_t count = buckets.size() + (word ? 1 : 0);
    std::fill(out.begin(), out.end(), 0.0F);
    if (count == 0) return;
    const auto add = [&](const float* row) {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] += row[i];
    };
    if (word) add(model->input.row(*word));
    for (const std::uint32_t bucket : buckets) add(subwords.row(bucket));
    for (float& each : out) each /= static_cast<float>(count);
}

FastText::FastText(const FastTextOptions& options) {
    check(options);
    state_ = std::make_unique<State>(options);
}

FastText::FastText(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
FastText::~FastText() = default;
FastText::FastText(FastText&&) noexcept = default;
FastText& FastText::operator=(FastText&&) noexcept = default;

FastText FastText::train(const Corpus& corpus, const FastTextOptions& options, const ProgressFn& progress) {
    FastText model(options);
    model.build_vocabulary(corpus);
    model.train_on(corpus, {}, progress);
    return model;
}

void FastText::build_vocabulary(const Corpus& corpus) {
    build_vocabulary(Vocabulary(corpus, {state_->options.min_count, state_->options.max_final_vocab}));
}

void FastText::build_vocabulary(Vocabulary vocabulary) {
    State& state = *state_;
    if (state.model) throw InvalidArgument("the model has a vocabulary already");
    vocabulary = embed::require_words(std::move(vocabulary));
    embed::SubwordTable table(vocabulary, state.rule());
    embed::Weights subwords(state.options.bucket, state.options.vector_size);
    embed::fill_at_random(subwords, state.options.seed, embed::kInitialNgrams);
    state.extras.tokens = static_cast<std::int64_t>(vocabulary.total() + vocabulary.dropped_words());
    state.model.emplace(state.options, std::move(vocabulary));
    state.table = std::move(table);
    state.subwords = std::move(subwords);
}

FastText FastText::extended(const Corpus& corpus) const {
    const auto& options = state_->options;
    return extended(embed::additions(corpus, vocabulary(), {options.min_count, options.max_final_vocab}));
}

FastText FastText::extended(const Vocabulary& more) const {
    const embed::Model& model = state_->require_model("extended");
    FastText larger(state_->options);
    State& state = *larger.state_;
    state.model.emplace(model.extended(more));
    state.subwords = embed::Weights(state_->subwords.rows(), state_->subwords.cols());
    embed::copy_rows(state_->subwords, state.subwords, 0);
    state.table = embed::SubwordTable(state.model->vocabulary, state.rule());
    state.extras = state_->extras;
    state.extras.tokens += static_cast<std::int64_t>(more.total());
    state.report = state_->report;
    state.notes = state_->notes;
    return larger;
}

TrainingReport FastText::train_on(const Corpus& corpus, const TrainingOptions& training,
                                  const ProgressFn& progress) {
    State& state = *state_;
    embed::Model& model = state.require_model("train_on");
    const embed::Schedule schedule = embed::make_schedule(training, state.options);
    if (corpus.words() == 0) throw InvalidArgument("the corpus has no words to train on");
    const auto factory = [&]() -> std::unique_ptr<embed::Worker> {
        embed::SubwordSource source(model, state.subwords, state.table);
        if (state.options.architecture == Architecture::kSkipGram) {
            return embed::make_worker<embed::SkipGram>(model, std::move(source), model.input.stride(),
                                                       embed::LearnOutputs::kYes);
        }
        return embed::make_worker<embed::Cbow>(model, std::move(source), model.input.stride(),
                                               embed::LearnOutputs::kYes);
    };
    TrainingReport report = embed::train(model, corpus, schedule, factory, progress);
    embed::accumulate(report, state.report);
    return report;
}

const FastTextOptions& FastText::options() const noexcept {
    return state_->options;
}

const Vocabulary& FastText::vocabulary() const noexcept {
    return state_->model ? state_->model->vocabulary : state_->none;
}

const TrainingReport& FastText::report() const noexcept {
    return state_->report;
}

KeyedVectors FastText::vectors() const {
    if (!state_->model) return KeyedVectors();
    const Vocabulary& words = vocabulary();
    Matrix means(words.size(), state_->options.vector_size);
    parallel_ranges(
        words.size(), kGrain, state_->options.threads, [&](std::size_t first, std::size_t last, std::size_t) {
            for (std::size_t word = first; word < last; ++word) {
                state_->mean_of(static_cast<std::uint32_t>(word), state_->table.of(word), means.row(word));
            }
        });
    std::vector<std::string_view> keys(words.size());
    for (std::size_t word = 0; word < keys.size(); ++word) keys[word] = words.word(word);
    return {keys, means.view(), words.counts()};
}

std::vector<float> FastText::vector(std::string_view word) const {
    const embed::Model& model = state_->require_model("vector");
    std::vector<std::uint32_t> buckets;
    state_->rule().buckets(word, buckets);
    std::vector<float> out(state_->options.vector_size);
    state_->mean_of(model.vocabulary.find(word), buckets, out);
    return out;
}

Matrix FastText::vectors_of(std::span<const std::string_view> words) const {
    static_cast<void>(state_->require_model("vectors_of"));
    Matrix out(words.size(), state_->options.vector_size);
    parallel_ranges(words.size(), kGrain, state_->options.threads,
                    [&](std::size_t first, std::size_t last, std::size_t) {
                        for (std::size_t i = first; i < last; ++i) {
                            std::ranges::copy(vector(words[i]), out.row(i).begin());
                        }
                    });
    return out;
}

KeyedVectors FastText::vectors_for_all(std::span<const std::string_view> words, UnknownWords unknown) const {
    const embed::Model& model = state_->require_model("vectors_for_all");
    const FastTextOptions& options = state_->options;
    const bool infers = unknown == UnknownWords::kInfer && options.bucket > 0 && options.max_n >= options.min_n;
    std::unordered_set<std::string_view> met;
    std::vector<std::string_view> chosen;
    std::vector<std::uint64_t> counts;
    for (const std::string_view word : words) {
        const std::optional<std::uint32_t> row = model.vocabulary.find(word);
        if ((!row && !infers) || !met.insert(word).second) continue;
        chosen.push_back(word);
        counts.push_back(row ? model.vocabulary.count(*row) : 0);
    }
    return {chosen, vectors_of(chosen).view(), counts};
}

std::vector<float> FastText::sentence_vector(std::span<const std::string_view> words) const {
    std::vector<double> sum(state_->options.vector_size);
    std::size_t count = 0;
    for (const std::string_view word : words) {
        const std::vector<float> one = vector(word);
        double square = 0;
        for (const float x : one) square += static_cast<double>(x) * x;
        if (square == 0) continue;
        ++count;
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i] / std::sqrt(square);
    }
    std::vector<float> out(sum.size());
    for (std::size_t i = 0; count != 0 && i < sum.size(); ++i) {
        out[i] = static_cast<float>(sum[i] / static_cast<double>(count));
    }
    return out;
}

MatrixView<const float> FastText::word_weights() const noexcept {
    return state_->model ? state_->model->input.view() : MatrixView<const float>();
}

MatrixView<float> FastText::word_weights() noexcept {
    return state_->model ? state_->model->input.view() : MatrixView<float>();
}

MatrixView<const float> FastText::negative_weights() const noexcept {
    return state_->model ? state_->model->negative.view() : MatrixView<const float>();
}

MatrixView<float> FastText::negative_weights() noexcept {
    return state_->model ? state_->model->negative.view() : MatrixView<float>();
}

MatrixView<const float> FastText::tree_weights() const noexcept {
    return state_->model ? state_->model->tree.view() : MatrixView<const float>();
}

MatrixView<float> FastText::tree_weights() noexcept {
    return state_->model ? state_->model->tree.view() : MatrixView<float>();
}

MatrixView<const float> FastText::subword_weights() const noexcept {
    return state_->subwords.view();
}

MatrixView<float> FastText::subword_weights() noexcept {
    return state_->subwords.view();
}

const std::string& FastText::notes() const noexcept {
    return state_->notes;
}

}  // namespace kith
