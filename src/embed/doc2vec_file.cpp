
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/doc2vec.hpp>
#include <kith/error.hpp>

#include "base/format.hpp"
#include "embed/doc2vec_state.hpp"
#include "embed/model_file.hpp"

namespace kith {
namespace {

using embed::ModelReader;
using storage::SectionKind;

Doc2VecOptions read_options(const ModelReader& reader) {
    const Word2VecOptions words = reader.options();
    Doc2VecOptions options;
    static_cast<EmbeddingOptions&>(options) = words;
    options.model = words.architecture == Architecture::kSkipGram ? DocumentModel::kBagOfWords
                                                                  : DocumentModel::kDistributedMemory;
    const auto& own = reader.record().own;
    if (own[0] > static_cast<std::uint64_t>(Combination::kConcatenated)) {
        reader.fail("a combination from 0 to 2", std::to_string(own[0]));
    }
    options.combination = static_cast<Combination>(own[0]);
    options.train_words = own[1] != 0;
    options.tags_per_document = own[2];
    return options;
}

}  // namespace

void Doc2Vec::save(const std::string& path, std::string_view notes) const {
    const embed::Model& model = state_->require_model("save");
    const std::uint64_t own[] = {static_cast<std::uint64_t>(state_->options.combination),
                                 state_->options.train_words ? 1U : 0U, state_->options.tags_per_document};
    embed::ModelWriter writer(path, model.options, &model, state_->report, SectionKind::kDoc2Vec, own);
    writer.add(SectionKind::kVectors, model.input);
    std::vector<std::string_view> names(state_->tags.size());
    for (std::size_t tag = 0; tag < names.size(); ++tag) names[tag] = state_->tags.word(tag);
    writer.add(SectionKind::kTagVectors, state_->tag_rows);
    writer.add(SectionKind::kTagNames, SectionKind::kTagOffsets, names);
    writer.add(SectionKind::kTagCounts, state_->tag_counts);
    if (!state_->padding.empty()) writer.add(SectionKind::kPadding, state_->padding);
    writer.add_notes(notes);
    writer.commit();
}

Doc2Vec Doc2Vec::load(const std::string& path) {
    const ModelReader reader(path, SectionKind::kDoc2Vec, "Doc2Vec");
    Doc2Vec loaded = [&] {
        try {
            return Doc2Vec(read_options(reader));
        } catch (const InvalidArgument& error) {
            reader.fail("options that can work", error.what());
        }
    }();
    State& state = *loaded.state_;
    state.model.emplace(
        reader.model(State::word_options(state.options), SectionKind::kVectors, state.output_cols()));
    state.report = reader.report();
    state.notes = reader.notes();
    const std::vector<std::string> names = reader.strings(SectionKind::kTagNames, SectionKind::kTagOffsets);
    for (const std::string& name : names) {
        if (state.tags.find(name)) reader.fail("different tags", formatted("'{}' twice", name));
        state.tags.add(name);
    }
    state.tag_rows = reader.weights(SectionKind::kTagVectors, names.size(), state.options.vector_size);
    state.tag_counts = reader.numbers(SectionKind::kTagCounts, names.size());
    if (state.output_cols() != state.options.vector_size) {
        state.padding = reader.weights(SectionKind::kPadding, 1, state.options.vector_size);
    }
    return loaded;
}

}  // namespace kith
