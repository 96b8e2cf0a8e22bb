#include "embed/model_file.hpp"

#include <cmath>
#include <cstring>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "embed/options_check.hpp"

namespace kith::embed {
namespace {

using storage::SectionKind;

ModelRecord make_record(const Word2VecOptions& options, const Model* model, const TrainingReport& report,
                        std::span<const std::uint64_t> own) {
    ModelRecord record{};
    record.version = kModelVersion;
    record.window = options.window;
    record.negative = options.negative;
    record.min_count = options.min_count;
    record.max_final_vocab = options.max_final_vocab;
    record.epochs = options.epochs;
    record.seed = options.seed;
    record.flags = (options.shrink_windows ? kFlagShrinkWindows : 0) |
                   (options.hierarchical_softmax ? kFlagHierarchicalSoftmax : 0) |
                   (options.architecture == Architecture::kSkipGram ? kFlagSkipGram : 0) |
                   (options.cbow_mean ? kFlagMean : 0);
    record.ns_exponent = options.ns_exponent;
    record.sample = options.sample;
    record.alpha = options.alpha;
    record.min_alpha = options.min_alpha;
    record.epochs_done = model == nullptr ? 0 : model->epochs_done;
    record.raw_words = report.raw_words;
    record.trained_words = report.trained_words;
    record.seconds = report.seconds;
    std::copy(own.begin(), own.end(), record.own);
    return record;
}

}  // namespace

ModelWriter::ModelWriter(const std::string& path, const Word2VecOptions& options, const Model* model,
                         const TrainingReport& report, SectionKind record_kind, std::span<const std::uint64_t> own)
    : file_(path, {.kind = 0,
                   .metric = Metric::kAngular,
                   .scalar = Scalar::kFloat32,
                   .dim = options.vector_size,
                   .count = model == nullptr ? 0 : model->vocabulary.size()}) {
    const Vocabulary none;
    const Vocabulary& vocabulary = model == nullptr ? none : model->vocabulary;
    std::vector<std::string_view> words(vocabulary.size());
    for (std::size_t row = 0; row < words.size(); ++row) words[row] = vocabulary.word(row);
    add(SectionKind::kKeys, SectionKind::kKeyOffsets, words);
    add(SectionKind::kFrequencies, vocabulary.counts());
    const ModelRecord record = make_record(options, model, report, own);
    file_.add(record_kind, std::span(&record, 1));
    if (model == nullptr) return;
    if (!model->negative.empty()) add(SectionKind::kNegativeWeights, model->negative);
    if (!model->tree.empty()) add(SectionKind::kTreeWeights, model->tree);
}

void ModelWriter::add(SectionKind kind, MatrixView<const float> rows) {
    file_.begin(kind);
    for (std::size_t row = 0; row < rows.rows(); ++row) file_.write(rows.row(row));
    file_.end();
}

void ModelWriter::add_notes(std::string_view notes) {
    if (!notes.empty()) file_.add(SectionKind::kMetadata, std::span(notes));
}

void ModelWriter::add(SectionKind names, SectionKind offsets, std::span<const std::string_view> strings) {
    std::vector<std::uint64_t> begins = {0};
    file_.begin(names);
    for (const std::string_view string : strings) {
        file_.write(std::as_bytes(std::span(string)));
        begins.push_back(begins.back() + string.size());
    }
    file_.end();
    add(offsets, begins);
}

ModelReader::ModelReader(const std::string& path, SectionKind record, std::string_view model) : file_(path) {
    const auto region = file_.section(record);
    if (!region)
        throw InvalidArgument(formatted("'{}' holds no {} model; KeyedVectors::open() reads vectors", path, model));
    if (region->size() != sizeof record_) {
        fail(formatted("a model record of {} bytes", sizeof record_), formatted("{} bytes", region->size()));
    }
    std::memcpy(&record_, region->data(), sizeof record_);
    if (record_.version != kModelVersion) {
        throw Unsupported(formatted("'{}' holds a model of version {}; this Kith reads version {}", path,
                                    record_.version, kModelVersion));
    }
}

Word2VecOptions ModelReader::options() const {
    Word2VecOptions options;
    options.vector_size = file_.description().dim;
    options.window = record_.window;
    options.negative = record_.negative;
    options.min_count = record_.min_count;
    options.max_final_vocab = record_.max_final_vocab;
    options.epochs = record_.epochs;
    options.seed = record_.seed;
    options.shrink_windows = (record_.flags & kFlagShrinkWindows) != 0;
    options.hierarchical_softmax = (record_.flags & kFlagHierarchicalSoftmax) != 0;
    options.architecture = (record_.flags & kFlagSkipGram) != 0 ? Architecture::kSkipGram : Architecture::kCbow;
    options.cbow_mean = (record_.flags & kFlagMean) != 0;
    options.ns_exponent = record_.ns_exponent;
    options.sample = record_.sample;
    options.alpha = record_.alpha;
    options.min_alpha = record_.min_alpha;
    try {
        check(options);
    } catch (const InvalidArgument& error) {
        fail("options that can work", error.what());
    }
    return options;
}

TrainingReport ModelReader::report() const {
    return {record_.raw_words, record_.trained_words, record_.seconds, {}};
}

std::string ModelReader::notes() const {
    const auto region = file_.section(SectionKind::kMetadata);
    return region ? std::string(reinterpret_cast<const char*>(region->data()), region->size()) : std::string();
}

Model ModelReader::model(const Word2VecOptions& options, SectionKind input, std::size_t output_cols) const {
    const std::size_t words = this->words();
    const std::vector<std::string> names = strings(SectionKind::kKeys, SectionKind::kKeyOffsets);
    const std::vector<std::uint64_t> counts = numbers(SectionKind::kFrequencies, words);
    if (names.size() != words || words == 0) {
        fail("a word for each vector", formatted("{} words, {} vectors", names.size(), words));
    }
    std::vector<std::pair<std::string, std::uint64_t>> counted(words);
    for (std::size_t row = 0; row < words; ++row) counted[row] = {names[row], counts[row]};
    Vocabulary vocabulary;
    try {
        vocabulary = Vocabulary::in_order(counted);
    } catch (const InvalidArgument& error) {
        fail("different words", error.what());
    }
    Model model(options, std::move(vocabulary), weights(input, words, options.vector_size), output_cols);
    const std::size_t cols = output_cols == 0 ? options.vector_size : output_cols;
    model.epochs_done = record_.epochs_done;
    if (options.negative > 0) model.negative = weights(SectionKind::kNegativeWeights, words, cols);
    if (options.hierarchical_softmax && words > 1) {
        model.tree = weights(SectionKind::kTreeWeights, words - 1, cols);
    }
    return model;
}

Weights ModelReader::weights(SectionKind kind, std::size_t rows, std::size_t cols) const {
    const auto region = file_.require(kind, file_.checked_size(rows, cols * sizeof(float)));
    const std::span<const float> values = region.as<float>();
    Weights out(rows, cols);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::span<const float> from = values.subspan(row * cols, cols);
        for (const float value : from) {
            if (!std::isfinite(value)) {
                fail("finite numbers", formatted("{} in row {} of '{}'", value, row, name(kind)));
            }
        }
        std::copy(from.begin(), from.end(), out.row(row));
    }
    return out;
}

std::vector<std::string> ModelReader::strings(SectionKind names, SectionKind offsets) const {
    const auto bytes = file_.require(names);
    const auto begins = file_.require(offsets).as<std::uint64_t>();
    if (begins.empty() || begins.front() != 0 || begins.back() != bytes.size()) {
        fail(formatted("offsets from 0 to {}", bytes.size()), "others");
    }
    std::vector<std::string> out(begins.size() - 1);
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (begins[i] > begins[i + 1] || begins[i + 1] > bytes.size()) fail("ascending offsets", "others");
        out[i].assign(reinterpret_cast<const char*>(bytes.data()) + begins[i], begins[i + 1] - begins[i]);
    }
    return out;
}

std::vector<std::uint64_t> ModelReader::numbers(SectionKind kind, std::size_t count) const {
    const auto region = file_.require(kind, file_.checked_size(count, sizeof(std::uint64_t)));
    const auto values = region.as<std::uint64_t>();
    return {values.begin(), values.end()};
}

void ModelReader::fail(const std::string& expected, const std::string& found) const {
    throw CorruptFile(file_.path(), 0, expected, found);
}

}  // namespace kith::embed
