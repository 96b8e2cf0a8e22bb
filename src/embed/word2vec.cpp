#include <kith/word2vec.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "base/format.hpp"
#include "embed/options_check.hpp"
#include "embed/trainer.hpp"
#include "embed/word2vec_state.hpp"

namespace kith {

Word2Vec::Word2Vec(const Word2VecOptions& options) : state_(std::make_unique<State>()) {
    embed::check(options);
    state_->options = options;
}

Word2Vec::~Word2Vec() = default;
Word2Vec::Word2Vec(Word2Vec&&) noexcept = default;
Word2Vec& Word2Vec::operator=(Word2Vec&&) noexcept = default;

Word2Vec Word2Vec::train(const Corpus& corpus, const Word2VecOptions& options, const ProgressFn& progress) {
    Word2Vec model(options);
    model.build_vocabulary(corpus);
    model.train_on(corpus, {}, progress);
    return model;
}

void Word2Vec::build_vocabulary(const Corpus& corpus) {
    build_vocabulary(Vocabulary(corpus, {state_->options.min_count, state_->options.max_final_vocab}));
}

void Word2Vec::build_vocabulary(Vocabulary vocabulary) {
    if (state_->model) throw InvalidArgument("the model has a vocabulary already");
    state_->model.emplace(state_->options, embed::require_words(std::move(vocabulary)));
}

Word2Vec Word2Vec::extended(const Corpus& corpus) const {
    const auto& options = state_->options;
    return extended(embed::additions(corpus, vocabulary(), {options.min_count, options.max_final_vocab}));
}

Word2Vec Word2Vec::extended(const Vocabulary& more) const {
    if (!state_->model) throw InvalidArgument("build_vocabulary() comes before extended()");
    Word2Vec larger(state_->options);
    larger.state_->model.emplace(state_->model->extended(more));
    larger.state_->report = state_->report;
    larger.state_->notes = state_->notes;
    return larger;
}

TrainingReport Word2Vec::train_on(const Corpus& corpus, const TrainingOptions& training,
                                  const ProgressFn& progress) {
    if (!state_->model) throw InvalidArgument("build_vocabulary() comes before train_on()");
    const embed::Schedule schedule = embed::make_schedule(training, state_->options);
    if (corpus.words() == 0) throw InvalidArgument("the corpus has no words to train on");
    TrainingReport report = embed::train(*state_->model, corpus, schedule, progress);
    embed::accumulate(report, state_->report);
    return report;
}

void Word2Vec::set_lock_factors(std::span<const float> factors) {
    const std::size_t words = vocabulary().size();
    if (!factors.empty() && factors.size() != words) {
        throw InvalidArgument(formatted("{} lock factors for {} words", factors.size(), words));
    }
    for (std::size_t row = 0; row < factors.size(); ++row) {
        if (!std::isfinite(factors[row])) {
            throw InvalidArgument(formatted("lock factor {} is {}; it must be finite", row, factors[row]));
        }
    }
    const bool all = std::ranges::all_of(factors, [](float factor) { return factor == 1; });
    if (state_->model) state_->model->lock_factors.assign(factors.begin(), all ? factors.begin() : factors.end());
}

std::size_t Word2Vec::intersect(const KeyedVectors& known, float lock_factor) {
    if (!state_->model) throw InvalidArgument("build_vocabulary() comes before intersect()");
    if (!std::isfinite(lock_factor)) {
        throw InvalidArgument(formatted("lock_factor is {}; it must be finite", lock_factor));
    }
    embed::Model& model = *state_->model;
    if (!known.empty() && known.dim() != model.input.cols()) {
        throw InvalidArgument(
            formatted("the known vectors have {} dimensions; vector_size is {}", known.dim(), model.input.cols()));
    }
    std::vector<float> factors = model.lock_factors;
    if (factors.empty()) factors.assign(model.input.rows(), 1);
    std::vector<std::pair<std::size_t, std::span<const float>>> shared;
    for (std::size_t row = 0; row < model.input.rows(); ++row) {
        const std::string_view word = model.vocabulary.word(row);
        const std::optional<std::size_t> there = known.find(word);
        if (!there) continue;
        const std::span<const float> vector = known.vector(*there);
        if (!std::ranges::all_of(vector, [](float x) { return std::isfinite(x); })) {
            throw InvalidArgument(formatted("the known vector of '{}' has NaN or infinity", word));
        }
        shared.emplace_back(row, vector);
        factors[row] = lock_factor;
    }
    set_lock_factors(factors);
    for (const auto& [row, vector] : shared) std::ranges::copy(vector, model.input.row(row));
    return shared.size();
}

const Word2VecOptions& Word2Vec::options() const noexcept {
    return state_->options;
}

const Vocabulary& Word2Vec::vocabulary() const noexcept {
    return state_->model ? state_->model->vocabulary : state_->none;
}

const TrainingReport& Word2Vec::report() const noexcept {
    return state_->report;
}

KeyedVectors Word2Vec::vectors() const& {
    return state_->model ? embed::keyed_rows(*state_->model) : KeyedVectors();
}

KeyedVectors Word2Vec::vectors() && {
    if (!state_->model) return KeyedVectors();
    embed::Model model = std::move(*state_->model);
    state_->model.reset();
    model.negative = embed::Weights();
    model.tree = embed::Weights();
    return embed::keyed_rows(model);
}

MatrixView<const float> Word2Vec::input_weights() const noexcept {
    return state_->model ? state_->model->input.view() : MatrixView<const float>();
}

MatrixView<float> Word2Vec::input_weights() noexcept {
    return state_->model ? state_->model->input.view() : MatrixView<float>();
}

MatrixView<const float> Word2Vec::negative_weights() const noexcept {
    return state_->model ? state_->model->negative.view() : MatrixView<const float>();
}

MatrixView<float> Word2Vec::negative_weights() noexcept {
    return state_->model ? state_->model->negative.view() : MatrixView<float>();
}

MatrixView<const float> Word2Vec::tree_weights() const noexcept {
    return state_->model ? state_->model->tree.view() : MatrixView<const float>();
}

MatrixView<float> Word2Vec::tree_weights() noexcept {
    return state_->model ? state_->model->tree.view() : MatrixView<float>();
}

const std::string& Word2Vec::notes() const noexcept {
    return state_->notes;
}

}  // namespace kith
