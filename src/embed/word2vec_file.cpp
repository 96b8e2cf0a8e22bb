#include <cstdint>
#include <string>
#include <string_view>

#include <kith/word2vec.hpp>

#include "embed/model_file.hpp"
#include "embed/word2vec_state.hpp"

namespace kith {

using storage::SectionKind;

void Word2Vec::save(const std::string& path, std::string_view notes) const {
    const embed::Model* const model = state_->model ? &*state_->model : nullptr;
    const std::uint64_t own[] = {state_->options.threads};
    embed::ModelWriter writer(path, state_->options, model, state_->report, SectionKind::kWord2Vec, own);
    writer.add(SectionKind::kVectors, input_weights());
    writer.add_notes(notes);
    writer.commit();
}

Word2Vec Word2Vec::open(const std::string& path) {
    const embed::ModelReader reader(path, SectionKind::kWord2Vec, "Word2Vec");
    Word2VecOptions options = reader.options();
    options.threads = reader.record().own[0];
    Word2Vec model(options);
    if (reader.words() > 0) model.state_->model.emplace(reader.model(options, SectionKind::kVectors));
    model.state_->report = reader.report();
    model.state_->notes = reader.notes();
    return model;
}

}  // namespace kith
