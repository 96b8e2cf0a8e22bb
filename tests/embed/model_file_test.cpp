#include "embed/model_file.hpp"

#include <cstddef>
#include <fstream>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "embed/corpus_text.hpp"
#include "embed/trainer.hpp"
#include "support/temp_dir.hpp"

namespace kith::embed {
namespace {

using storage::SectionKind;

Model trained(const Word2VecOptions& options) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "the cat saw the dog and the dog ran\n";
    const Corpus corpus = test::corpus_of(text);
    Model model(options, Vocabulary(corpus, {options.min_count, 0}));
    train(model, corpus, {2, 0.05, 0.01}, {});
    return model;
}

Word2VecOptions odd_options() {
    Word2VecOptions options;
    options.architecture = Architecture::kSkipGram;
    options.hierarchical_softmax = true;
    options.shrink_windows = false;
    options.cbow_mean = false;
    options.vector_size = 17;
    options.window = 3;
    options.negative = 2;
    options.ns_exponent = 0.5;
    options.min_count = 2;
    options.max_final_vocab = 100;
    options.sample = 0.01;
    options.alpha = 0.04;
    options.min_alpha = 0.001;
    options.epochs = 7;
    options.seed = 12345678901234567890U;
    options.threads = 1;
    return options;
}

bool same(const Weights& a, const Weights& b) {
    bool all = a.rows() == b.rows() && a.cols() == b.cols();
    for (std::size_t row = 0; all && row < a.rows(); ++row) {
        all = std::equal(a.row(row), a.row(row) + a.stride(), b.row(row));
    }
    return all;
}

TEST(ModelFile, ReadsBackAllThatTrainingNeeds) {
    const test::TempDir folder;
    const Model model = trained(odd_options());
    const std::uint64_t own[] = {4, 5};
    ModelWriter writer(folder.file("m.kith"), model.options, &model, {100, 90, 1.5, {}}, SectionKind::kDoc2Vec,
                       own);
    writer.add(SectionKind::kVectors, model.input);
    writer.add_notes("mine");
    writer.commit();
    const ModelReader reader(folder.file("m.kith"), SectionKind::kDoc2Vec, "Doc2Vec");
    EXPECT_EQ(reader.notes(), "mine");
    EXPECT_EQ(reader.record().own[0], 4U);
    EXPECT_EQ(reader.record().own[1], 5U);
    EXPECT_EQ(reader.record().own[2], 0U);
    EXPECT_EQ(reader.report().raw_words, 100U);
    EXPECT_EQ(reader.report().trained_words, 90U);
    EXPECT_EQ(reader.report().seconds, 1.5);
    const Word2VecOptions options = reader.options();
    const Word2VecOptions wanted = odd_options();
    EXPECT_EQ(options.architecture, wanted.architecture);
    EXPECT_EQ(options.hierarchical_softmax, wanted.hierarchical_softmax);
    EXPECT_EQ(options.shrink_windows, wanted.shrink_windows);
    EXPECT_EQ(options.cbow_mean, wanted.cbow_mean);
    EXPECT_EQ(options.vector_size, wanted.vector_size);
    EXPECT_EQ(options.window, wanted.window);
    EXPECT_EQ(options.negative, wanted.negative);
    EXPECT_EQ(options.ns_exponent, wanted.ns_exponent);
    EXPECT_EQ(options.min_count, wanted.min_count);
    EXPECT_EQ(options.max_final_vocab, wanted.max_final_vocab);
    EXPECT_EQ(options.sample, wanted.sample);
    EXPECT_EQ(options.alpha, wanted.alpha);
    EXPECT_EQ(options.min_alpha, wanted.min_alpha);
    EXPECT_EQ(options.epochs, wanted.epochs);
    EXPECT_EQ(options.seed, wanted.seed);
    const Model read = reader.model(options, SectionKind::kVectors);
    EXPECT_EQ(read.vocabulary.words(), model.vocabulary.words());
    EXPECT_TRUE(same(read.input, model.input));
    EXPECT_TRUE(same(read.negative, model.negative));
    EXPECT_TRUE(same(read.tree, model.tree));
    EXPECT_EQ(read.keep, model.keep);
    EXPECT_EQ(read.epochs_done, 2U);
    for (std::size_t word = 0; word < model.vocabulary.size(); ++word) {
        const auto a = model.huffman.path(word);
        const auto b = read.huffman.path(word);
        EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
    }
}

TEST(ModelFile, RefusesOtherVersionsAndFilesWithoutAModel) {
    const test::TempDir folder;
    const Model model = trained(odd_options());
    keyed_rows(model).save(folder.file("v.kith"));
    EXPECT_THROW(ModelReader(folder.file("v.kith"), SectionKind::kDoc2Vec, "Doc2Vec"), InvalidArgument);
}

// The record's bytes are written over; checksums of sections are not looked at on opening.
TEST(ModelFile, DamagedContentIsRefusedWithoutACrash) {
    const test::TempDir folder;
    const std::string path = folder.file("m.kith");
    const Model model = trained(odd_options());
    const auto read_with = [&](SectionKind kind, std::size_t offset, auto value) {
        ModelWriter writer(path, model.options, &model, {}, SectionKind::kDoc2Vec, {});
        writer.add(SectionKind::kVectors, model.input);
        writer.commit();
        std::uint64_t at = 0;
        const storage::FileReader written(path);
        for (const auto& section : written.sections()) {
            if (section.kind == kind) at = section.offset + offset;
        }
        {
            std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(static_cast<std::streamoff>(at));
            file.write(reinterpret_cast<const char*>(&value), sizeof value);
        }
        const ModelReader reader(path, SectionKind::kDoc2Vec, "Doc2Vec");
        static_cast<void>(reader.model(reader.options(), SectionKind::kVectors));
    };
    const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
    const float not_a_number = std::numeric_limits<float>::quiet_NaN();
    EXPECT_NO_THROW(read_with(SectionKind::kDoc2Vec, offsetof(ModelRecord, seed), huge));
    EXPECT_THROW(read_with(SectionKind::kDoc2Vec, offsetof(ModelRecord, window), std::uint64_t{0}), CorruptFile);
    EXPECT_THROW(read_with(SectionKind::kDoc2Vec, offsetof(ModelRecord, negative), huge), CorruptFile);
    EXPECT_THROW(read_with(SectionKind::kDoc2Vec, offsetof(ModelRecord, sample), huge), CorruptFile);
    EXPECT_THROW(read_with(SectionKind::kKeyOffsets, 8, huge), CorruptFile);
    EXPECT_THROW(read_with(SectionKind::kKeys, 0, std::uint64_t{0}), CorruptFile);
    EXPECT_THROW(read_with(SectionKind::kVectors, 4, not_a_number), CorruptFile);
    EXPECT_THROW(read_with(SectionKind::kDoc2Vec, offsetof(ModelRecord, version), std::uint32_t{2}), Unsupported);
}

}  // namespace
}  // namespace kith::embed
