// Models in .kith files: docs/formats.md. The words and their vectors are laid out as keyed vectors are, so that the file
// opens as such too; what training needs besides follows in sections of its own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <kith/training.hpp>

#include "embed/model.hpp"
#include "embed/weights.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"

namespace kith::embed {

inline constexpr std::uint32_t kModelVersion = 1;

// The whole of the section kWord2Vec, kDoc2Vec or kFastText.
struct ModelRecord {
    std::uint32_t version;          //   0
    std::uint32_t reserved;         //   4  0
    std::uint64_t window;           //   8
    std::uint64_t negative;         //  16
    std::uint64_t min_count;        //  24
    std::uint64_t max_final_vocab;  //  32
    std::uint64_t epochs;           //  40
    std::uint64_t seed;             //  48
    std::uint64_t flags;            //  56  kFlag…
    double ns_exponent;             //  64
    double sample;                  //  72
    double alpha;                   //  80
    double min_alpha;               //  88
    std::uint64_t epochs_done;      //  96
    std::uint64_t raw_words;        // 104
    std::uint64_t trained_words;    // 112
    double seconds;                 // 120
    std::uint64_t own[4];           // 128  kWord2Vec: threads
                                    //      kDoc2Vec: combination, whether words are trained, tags of a document, 0
                                    //      kFastText: min_n, max_n, bucket, words of text
};
static_assert(sizeof(ModelRecord) == 160 && std::is_trivially_copyable_v<ModelRecord>);

inline constexpr std::uint64_t kFlagShrinkWindows = 1;
inline constexpr std::uint64_t kFlagHierarchicalSoftmax = 2;
inline constexpr std::uint64_t kFlagSkipGram = 4;
inline constexpr std::uint64_t kFlagMean = 8;

// A model's file being written.
class ModelWriter {
public:
    // Writes words, outputs and options, but not kVectors, which are the caller's to add. `own` goes into the record,
    // which is a section of the kind `record`. Without a model there is no vocabulary yet.
    ModelWriter(const std::string& path, const Word2VecOptions& options, const Model* model,
                const TrainingReport& report, storage::SectionKind record, std::span<const std::uint64_t> own);

    // The rows without their padding.
    void add(storage::SectionKind kind, MatrixView<const float> rows);
    void add(storage::SectionKind kind, const Weights& weights) { add(kind, weights.view()); }

    // Nothing when they are empty.
    void add_notes(std::string_view notes);

    // Strings one after the other, and where each begins.
    void add(storage::SectionKind names, storage::SectionKind offsets, std::span<const std::string_view> strings);

    void add(storage::SectionKind kind, std::span<const std::uint64_t> numbers) { file_.add(kind, numbers); }

    void commit() { file_.commit(); }

private:
    storage::FileWriter file_;
};

// A model's file being read. All members throw CorruptFile for what does not fit together.
class ModelReader {
public:
    // Throws InvalidArgument when the file holds no such model, Unsupported when it is of another version.
    ModelReader(const std::string& path, storage::SectionKind record, std::string_view model);

    [[nodiscard]] const ModelRecord& record() const noexcept { return record_; }

    // Of the vocabulary; 0 before there is one.
    [[nodiscard]] std::size_t words() const noexcept { return file_.description().count; }

    // From the record.
    [[nodiscard]] Word2VecOptions options() const;
    [[nodiscard]] TrainingReport report() const;

    [[nodiscard]] std::string notes() const;

    // Words, weights and state, the input from the section `input`. `output_cols` as for Model.
    [[nodiscard]] Model model(const Word2VecOptions& options, storage::SectionKind input,
                              std::size_t output_cols = 0) const;

    [[nodiscard]] Weights weights(storage::SectionKind kind, std::size_t rows, std::size_t cols) const;
    [[nodiscard]] std::vector<std::string> strings(storage::SectionKind names, storage::SectionKind offsets) const;
    [[nodiscard]] std::vector<std::uint64_t> numbers(storage::SectionKind kind, std::size_t count) const;

    // Throws CorruptFile saying what the record should hold instead.
    [[noreturn]] void fail(const std::string& expected, const std::string& found) const;

private:
    storage::FileReader file_;
    ModelRecord record_{};
};

}  // namespace kith::embed
