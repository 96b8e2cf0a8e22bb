// Models in .kith files: docs/formats.md.
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/word2vec.hpp>

#include "embed/word2vec_state.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"

namespace kith {
namespace {

using storage::FileReader;
using storage::FileWriter;
using storage::SectionKind;

// The kWord2Vec section.
struct ModelRecord {
    std::uint32_t version;
    std::uint8_t architecture;
    std::uint8_t hierarchical_softmax;
    std::uint8_t cbow_mean;
    std::uint8_t shrink_windows;
    std::uint64_t vector_size;
    std::uint64_t window;
    std::uint64_t negative;
    double ns_exponent;
    std::uint64_t min_count;
    std::uint64_t max_final_vocab;
    double sample;
    double alpha;
    double min_alpha;
    std::uint64_t epochs;
    std::uint64_t seed;
    std::uint64_t threads;
    std::uint64_t epochs_done;
    std::uint64_t raw_words;
    std::uint64_t trained_words;
    double seconds;
};
static_assert(sizeof(ModelRecord) == 136 && std::is_trivially_copyable_v<ModelRecord>);

constexpr std::uint32_t kVersion = 1;

ModelRecord record_of(const Word2VecOptions& o, const TrainingReport& report, std::uint64_t epochs_done) {
    return {kVersion,
            static_cast<std::uint8_t>(o.architecture),
            o.hierarchical_softmax,
            o.cbow_mean,
            o.shrink_windows,
            o.vector_size,
            o.window,
            o.negative,
            o.ns_exponent,
            o.min_count,
            o.max_final_vocab,
            o.sample,
            o.alpha,
            o.min_alpha,
            o.epochs,
            o.seed,
            o.threads,
            epochs_done,
            report.raw_words,
            report.trained_words,
            report.seconds};
}

Word2VecOptions options_of(const ModelRecord& r) {
    Word2VecOptions o;
    o.architecture = r.architecture == 0 ? Architecture::kCbow : Architecture::kSkipGram;
    o.hierarchical_softmax = r.hierarchical_softmax != 0;
    o.cbow_mean = r.cbow_mean != 0;
    o.shrink_windows = r.shrink_windows != 0;
    o.vector_size = r.vector_size;
    o.window = r.window;
    o.negative = r.negative;
    o.ns_exponent = r.ns_exponent;
    o.min_count = r.min_count;
    o.max_final_vocab = r.max_final_vocab;
    o.sample = r.sample;
    o.alpha = r.alpha;
    o.min_alpha = r.min_alpha;
    o.epochs = r.epochs;
    o.seed = r.seed;
    o.threads = r.threads;
    return o;
}

ModelRecord read_record(const FileReader& file) {
    const auto section = file.section(SectionKind::kWord2Vec);
    if (!section) {
        throw InvalidArgument(
            fmt::format("'{}' holds no Word2Vec model; KeyedVectors::open() reads vectors", file.path()));
    }
    ModelRecord record{};
    if (section->size() != sizeof record) {
        throw CorruptFile(file.path(), 0, fmt::format("a section 'word2vec' of {} bytes", sizeof record),
                          fmt::format("{} bytes", section->size()));
    }
    std::memcpy(&record, section->data(), sizeof record);
    if (record.version != kVersion) {
        throw Unsupported(fmt::format("'{}' holds a model of version {}; this Kith reads version {}", file.path(),
                                      record.version, kVersion));
    }
    if (record.vector_size != file.description().dim) {
        throw CorruptFile(file.path(), 0, fmt::format("vectors of {} elements, as the model's", record.vector_size),
                          fmt::format("{}", file.description().dim));
    }
    return record;
}

void write_rows(FileWriter& writer, SectionKind kind, MatrixView<const float> rows) {
    writer.begin(kind);
    for (std::size_t row = 0; row < rows.rows(); ++row) writer.write(rows.row(row));
    writer.end();
}

void read_rows(const FileReader& file, SectionKind kind, MatrixView<float> rows) {
    if (rows.empty()) return;
    const auto section = file.require(kind, rows.rows() * rows.cols() * sizeof(float));
    const std::span<const float> numbers = section.as<float>();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!std::isfinite(numbers[i])) {
            throw CorruptFile(file.path(), 0, fmt::format("finite numbers in '{}'", storage::name(kind)),
                              fmt::format("{} in row {}", numbers[i], i / rows.cols()));
        }
        rows.row(i / rows.cols())[i % rows.cols()] = numbers[i];
    }
}

std::vector<std::pair<std::string, std::uint64_t>> counted_words(const KeyedVectors& vectors) {
    std::vector<std::pair<std::string, std::uint64_t>> counted;
    counted.reserve(vectors.size());
    for (std::size_t row = 0; row < vectors.size(); ++row) {
        counted.emplace_back(vectors.key(row), vectors.counts().empty() ? 0 : vectors.counts()[row]);
    }
    return counted;
}

}  // namespace

void Word2Vec::save(const std::string& path, std::string_view notes) const {
    const Vocabulary& words = vocabulary();
    FileWriter writer(path, {.kind = static_cast<std::uint8_t>(IndexKind::kNone),
                             .metric = Metric::kAngular,
                             .scalar = Scalar::kFloat32,
                             .dim = options().vector_size,
                             .count = words.size()});
    write_rows(writer, SectionKind::kVectors, input_weights());
    writer.begin(SectionKind::kKeys);
    std::vector<std::uint64_t> offsets(1, 0);
    for (std::size_t row = 0; row < words.size(); ++row) {
        writer.write(std::span(words.word(row)));
        offsets.push_back(offsets.back() + words.word(row).size());
    }
    writer.end();
    writer.add(SectionKind::kKeyOffsets, std::span<const std::uint64_t>(offsets));
    writer.add(SectionKind::kFrequencies, words.counts());
    const ModelRecord record = record_of(options(), report(), state_->model ? state_->model->epochs_done : 0);
    writer.add(SectionKind::kWord2Vec, std::span(&record, 1));
    if (!negative_weights().empty()) write_rows(writer, SectionKind::kNegativeWeights, negative_weights());
    if (!tree_weights().empty()) write_rows(writer, SectionKind::kTreeWeights, tree_weights());
    if (!notes.empty()) writer.add(SectionKind::kMetadata, std::span(notes));
    writer.commit();
}

Word2Vec Word2Vec::open(const std::string& path) {
    const FileReader file(path);
    const ModelRecord record = read_record(file);
    const KeyedVectors vectors = KeyedVectors::open(path);
    try {
        Word2Vec model(options_of(record));
        if (!vectors.empty()) model.build_vocabulary(Vocabulary::in_order(counted_words(vectors)));
        read_rows(file, SectionKind::kVectors, model.input_weights());
        read_rows(file, SectionKind::kNegativeWeights, model.negative_weights());
        read_rows(file, SectionKind::kTreeWeights, model.tree_weights());
        if (model.state_->model) model.state_->model->epochs_done = record.epochs_done;
        model.state_->report.raw_words = record.raw_words;
        model.state_->report.trained_words = record.trained_words;
        model.state_->report.seconds = record.seconds;
        model.state_->notes = vectors.notes();
        return model;
    } catch (const InvalidArgument& error) {
        throw CorruptFile(path, 0, "a model that can be", error.what());
    }
}

}  // namespace kith
