#include <kith/doc2vec.hpp>

#include <algorithm>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "embed/doc2vec_state.hpp"
#include "embed/options_check.hpp"
#include "embed/trainer.hpp"

namespace kith {
namespace {

bool concatenates(const Doc2VecOptions& options) {
    return options.model == DocumentModel::kDistributedMemory && options.combination == Combination::kConcatenated;
}

}  // namespace

Word2VecOptions Doc2Vec::State::word_options(const Doc2VecOptions& options) {
    Word2VecOptions words;
    static_cast<EmbeddingOptions&>(words) = options;
    words.architecture =
        options.model == DocumentModel::kBagOfWords ? Architecture::kSkipGram : Architecture::kCbow;
    words.cbow_mean = options.combination == Combination::kMean;
    return words;
}

std::size_t Doc2Vec::State::output_cols() const noexcept {
    if (!concatenates(options)) return options.vector_size;
    const std::size_t stride = embed::Weights(1, options.vector_size).stride();
    return (2 * options.window + options.tags_per_document) * stride;
}

void Doc2Vec::State::set_tags(std::span<const std::pair<std::string, std::uint64_t>> counted) {
    embed::WordTable names;
    std::vector<std::uint64_t> counts;
    for (const auto& [tag, count] : counted) {
        if (names.find(tag)) throw InvalidArgument(formatted("the tag '{}' stands twice", tag));
        names.add(tag);
        counts.push_back(count);
    }
    embed::Weights rows(counted.size(), options.vector_size);
    embed::fill_at_random(rows, options.seed, embed::kInitialTags);
    padding = concatenates(options) ? embed::Weights(1, options.vector_size) : embed::Weights();
    tag_rows = std::move(rows);
    tags = std::move(names);
    tag_counts = std::move(counts);
}

std::unique_ptr<embed::Worker> Doc2Vec::State::make_worker(embed::TagRows rows) {
    using embed::LearnOutputs;
    const LearnOutputs learn = rows.training() ? LearnOutputs::kYes : LearnOutputs::kNo;
    const std::size_t stride = model->input.stride();
    if (options.model == DocumentModel::kBagOfWords) {
        return embed::make_worker<embed::SkipGram>(*model, embed::BagSource(*model, rows, options.train_words),
                                                   stride, learn);
    }
    if (concatenates(options)) {
        return embed::make_worker<embed::Concatenated>(
            *model, embed::OrderedSource(*model, rows, options.tags_per_document, padding.row(0)), output_cols(),
            learn);
    }
    return embed::make_worker<embed::Cbow>(*model, embed::MemorySource(*model, rows), stride, learn);
}

embed::Model& Doc2Vec::State::require_model(const char* caller) {
    if (!model) throw InvalidArgument(formatted("build_vocabulary() comes before {}()", caller));
    return *model;
}

Doc2Vec::Doc2Vec(const Doc2VecOptions& options) {
    embed::check(options);
    embed::check_at_least_one("tags_per_document", options.tags_per_document);
    // So that the sizes of concatenated rows cannot overflow.
    constexpr std::size_t kMost = std::size_t{1} << 31;
    if (concatenates(options) && (2 * options.window + options.tags_per_document) * options.vector_size > kMost) {
        throw InvalidArgument(
            formatted("window = {}, tags_per_document = {}, vector_size = {}: concatenated that makes more than {} "
                      "elements",
                      options.window, options.tags_per_document, options.vector_size, kMost));
    }
    state_ = std::make_unique<State>(options);
}

Doc2Vec::Doc2Vec(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Doc2Vec::~Doc2Vec() = default;
Doc2Vec::Doc2Vec(Doc2Vec&&) noexcept = default;
Doc2Vec& Doc2Vec::operator=(Doc2Vec&&) noexcept = default;

Doc2Vec Doc2Vec::train(const TaggedCorpus& corpus, const Doc2VecOptions& options, const ProgressFn& progress) {
    Doc2Vec model(options);
    model.build_vocabulary(corpus);
    model.train_on(corpus, {}, progress);
    return model;
}

void Doc2Vec::build_vocabulary(const TaggedCorpus& corpus) {
    std::vector<std::pair<std::string, std::uint64_t>> tags(corpus.tags());
    for (std::size_t tag = 0; tag < tags.size(); ++tag) tags[tag] = {corpus.tag(tag), corpus.count(tag)};
    build_vocabulary(Vocabulary(corpus.text(), {state_->options.min_count, state_->options.max_final_vocab}), tags);
}

void Doc2Vec::build_vocabulary(Vocabulary vocabulary, std::span<const std::pair<std::string, std::uint64_t>> tags) {
    State& state = *state_;
    if (state.model) throw InvalidArgument("the model has a vocabulary already");
    vocabulary = embed::require_words(std::move(vocabulary));
    state.set_tags(tags);
    state.model.emplace(State::word_options(state.options), std::move(vocabulary), state.output_cols());
}

Doc2Vec Doc2Vec::extended(const TaggedCorpus& corpus) const {
    std::vector<std::pair<std::string, std::uint64_t>> tags;
    for (std::size_t tag = 0; tag < state_->tags.size(); ++tag) {
        tags.emplace_back(state_->tags.word(tag), state_->tag_counts[tag]);
    }
    for (std::size_t tag = 0; tag < corpus.tags(); ++tag) {
        if (const auto row = state_->tags.find(corpus.tag(tag))) {
            tags[*row].second += corpus.count(tag);
        } else {
            tags.emplace_back(corpus.tag(tag), corpus.count(tag));
        }
    }
    const auto& options = state_->options;
    return extended(embed::additions(corpus.text(), vocabulary(), {options.min_count, options.max_final_vocab}),
                    tags);
}

Doc2Vec Doc2Vec::extended(const Vocabulary& more,
                          std::span<const std::pair<std::string, std::uint64_t>> tags) const {
    const embed::Model& model = state_->require_model("extended");
    Doc2Vec larger(state_->options);
    State& state = *larger.state_;
    state.set_tags(tags);
    for (std::size_t tag = 0; tag < state_->tags.size(); ++tag) {
        const auto row = state.tags.find(state_->tags.word(tag));
        if (!row) throw InvalidArgument(formatted("the tag '{}' is left out", state_->tags.word(tag)));
        std::copy_n(state_->tag_rows.row(tag), state.tag_rows.stride(), state.tag_rows.row(*row));
    }
    embed::copy_rows(state_->padding, state.padding, 0);
    state.model.emplace(model.extended(more, state.output_cols()));
    state.report = state_->report;
    state.notes = state_->notes;
    return larger;
}

TrainingReport Doc2Vec::train_on(const TaggedCorpus& corpus, const TrainingOptions& training,
                                 const ProgressFn& progress) {
    embed::Model& model = state_->require_model("train_on");
    const embed::Schedule schedule = embed::make_schedule(training, state_->options);
    if (corpus.text().words() == 0) throw InvalidArgument("the corpus has no words to train on");
    std::vector<std::uint32_t> rows(corpus.tags());
    for (std::size_t tag = 0; tag < rows.size(); ++tag) {
        rows[tag] = state_->tags.find(corpus.tag(tag)).value_or(embed::kUnknown);
    }
    const embed::TagRows tags(corpus, rows, state_->tag_rows);
    TrainingReport report = embed::train(
        model, corpus.text(), schedule, [&] { return state_->make_worker(tags); }, progress);
    embed::accumulate(report, state_->report);
    return report;
}

const Doc2VecOptions& Doc2Vec::options() const noexcept {
    return state_->options;
}

const Vocabulary& Doc2Vec::vocabulary() const noexcept {
    return state_->model ? state_->model->vocabulary : state_->none;
}

const TrainingReport& Doc2Vec::report() const noexcept {
    return state_->report;
}

KeyedVectors Doc2Vec::document_vectors() const {
    std::vector<std::string_view> names(state_->tags.size());
    for (std::size_t tag = 0; tag < names.size(); ++tag) names[tag] = state_->tags.word(tag);
    return {names, state_->tag_rows.view(), state_->tag_counts};
}

KeyedVectors Doc2Vec::word_vectors() const {
    return state_->model ? embed::keyed_rows(*state_->model) : KeyedVectors();
}

MatrixView<const float> Doc2Vec::word_weights() const noexcept {
    return state_->model ? state_->model->input.view() : MatrixView<const float>();
}

MatrixView<float> Doc2Vec::word_weights() noexcept {
    return state_->model ? state_->model->input.view() : MatrixView<float>();
}

MatrixView<const float> Doc2Vec::negative_weights() const noexcept {
    return state_->model ? state_->model->negative.view() : MatrixView<const float>();
}

MatrixView<float> Doc2Vec::negative_weights() noexcept {
    return state_->model ? state_->model->negative.view() : MatrixView<float>();
}

MatrixView<const float> Doc2Vec::tree_weights() const noexcept {
    return state_->model ? state_->model->tree.view() : MatrixView<const float>();
}

MatrixView<float> Doc2Vec::tree_weights() noexcept {
    return state_->model ? state_->model->tree.view() : MatrixView<float>();
}

MatrixView<const float> Doc2Vec::document_weights() const noexcept {
    return state_->tag_rows.view();
}

MatrixView<float> Doc2Vec::document_weights() noexcept {
    return state_->tag_rows.view();
}

const std::string& Doc2Vec::notes() const noexcept {
    return state_->notes;
}

}  // namespace kith
