#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <kith/error.hpp>
#include <kith/fasttext.hpp>

#include "embed/fasttext_state.hpp"
#include "embed/model_file.hpp"

namespace kith {
namespace {

using embed::ModelReader;
using storage::SectionKind;

FastTextOptions read_options(const ModelReader& reader) {
    FastTextOptions options;
    static_cast<Word2VecOptions&>(options) = reader.options();
    const auto& own = reader.record().own;
    options.min_n = own[0];
    options.max_n = own[1];
    options.bucket = own[2];
    return options;
}

}  // namespace

void FastText::save(const std::string& path, std::string_view notes) const {
    const embed::Model& model = state_->require_model("save");
    const FastTextOptions& options = state_->options;
    const std::uint64_t own[] = {options.min_n, options.max_n, options.bucket,
                                 static_cast<std::uint64_t>(state_->extras.tokens)};
    embed::ModelWriter writer(path, model.options, &model, state_->report, SectionKind::kFastText, own);
    writer.add(SectionKind::kVectors, vectors().vectors());
    writer.add(SectionKind::kWordWeights, model.input);
    writer.add(SectionKind::kSubwordWeights, state_->subwords);
    writer.add_notes(notes);
    writer.commit();
}

FastText FastText::load(const std::string& path) {
    const ModelReader reader(path, SectionKind::kFastText, "FastText");
    FastText loaded = [&] {
        try {
            return FastText(read_options(reader));
        } catch (const InvalidArgument& error) {
            reader.fail("options that can work", error.what());
        }
    }();
    State& state = *loaded.state_;
    if (reader.record().own[3] > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        reader.fail("a number of words", std::to_string(reader.record().own[3]));
    }
    state.extras.tokens = static_cast<std::int64_t>(reader.record().own[3]);
    state.subwords = reader.weights(SectionKind::kSubwordWeights, state.options.bucket, state.options.vector_size);
    state.model.emplace(reader.model(state.options, SectionKind::kWordWeights));
    state.table = embed::SubwordTable(state.model->vocabulary, state.rule());
    state.report = reader.report();
    state.notes = reader.notes();
    return loaded;
}

}  // namespace kith
