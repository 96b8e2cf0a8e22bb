#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/word2vec.hpp>

#include "embed/corpus_text.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::small_corpus;

// All options away from their defaults.
Word2VecOptions unusual() {
    Word2VecOptions options;
    options.vector_size = 33;
    options.architecture = Architecture::kSkipGram;
    options.window = 3;
    options.shrink_windows = false;
    options.negative = 4;
    options.ns_exponent = 0.5;
    options.hierarchical_softmax = true;
    options.cbow_mean = false;
    options.min_count = 2;
    options.max_final_vocab = 100;
    options.sample = 0.5;
    options.alpha = 0.04;
    options.min_alpha = 0.003;
    options.epochs = 7;
    options.seed = 11;
    options.threads = 1;
    return options;
}

void expect_same(MatrixView<const float> a, MatrixView<const float> b) {
    ASSERT_EQ(a.rows(), b.rows());
    ASSERT_EQ(a.cols(), b.cols());
    for (std::size_t row = 0; row < a.rows(); ++row) {
        EXPECT_TRUE(std::equal(a.row(row).begin(), a.row(row).end(), b.row(row).begin())) << row;
    }
}

void expect_same(const Word2Vec& a, const Word2Vec& b) {
    EXPECT_EQ(a.vocabulary().words(), b.vocabulary().words());
    expect_same(a.input_weights(), b.input_weights());
    expect_same(a.negative_weights(), b.negative_weights());
    expect_same(a.tree_weights(), b.tree_weights());
}

TEST(Word2VecFile, AModelComesBackWholeAndTrainsOnAsIfNeverAway) {
    const test::TempDir folder;
    Word2Vec model = Word2Vec::train(small_corpus(), unusual());
    model.save(folder.file("m.kith"), "{\"mine\": 1}");
    Word2Vec opened = Word2Vec::open(folder.file("m.kith"));
    expect_same(model, opened);
    EXPECT_EQ(opened.notes(), "{\"mine\": 1}");
    EXPECT_EQ(opened.report().raw_words, model.report().raw_words);
    EXPECT_EQ(opened.report().trained_words, model.report().trained_words);
    const Word2VecOptions& found = opened.options();
    const Word2VecOptions wanted = unusual();
    EXPECT_EQ(found.architecture, wanted.architecture);
    EXPECT_EQ(found.window, wanted.window);
    EXPECT_EQ(found.shrink_windows, wanted.shrink_windows);
    EXPECT_EQ(found.ns_exponent, wanted.ns_exponent);
    EXPECT_EQ(found.cbow_mean, wanted.cbow_mean);
    EXPECT_EQ(found.min_count, wanted.min_count);
    EXPECT_EQ(found.max_final_vocab, wanted.max_final_vocab);
    EXPECT_EQ(found.sample, wanted.sample);
    EXPECT_EQ(found.alpha, wanted.alpha);
    EXPECT_EQ(found.min_alpha, wanted.min_alpha);
    EXPECT_EQ(found.epochs, wanted.epochs);
    EXPECT_EQ(found.seed, wanted.seed);
    model.train_on(small_corpus());
    opened.train_on(small_corpus());
    expect_same(model, opened);
}

TEST(Word2VecFile, TheFileIsOneOfKeyedVectorsToo) {
    const test::TempDir folder;
    const Word2Vec model = Word2Vec::train(small_corpus(), unusual());
    model.save(folder.file("m.kith"));
    const KeyedVectors vectors = KeyedVectors::open(folder.file("m.kith"));
    EXPECT_EQ(vectors.key(0), "the");
    EXPECT_TRUE(std::ranges::equal(vectors.counts(), model.vocabulary().counts()));
    expect_same(vectors.vectors(), model.input_weights());
}

TEST(Word2VecFile, AModelWithoutVocabularyIsKept) {
    const test::TempDir folder;
    Word2Vec(unusual()).save(folder.file("m.kith"));
    Word2Vec opened = Word2Vec::open(folder.file("m.kith"));
    EXPECT_TRUE(opened.vocabulary().empty());
    opened.build_vocabulary(small_corpus());
    EXPECT_EQ(opened.input_weights().cols(), 33U);
}

TEST(Word2VecFile, WhatIsNoModelIsRefused) {
    const test::TempDir folder;
    Word2Vec::train(small_corpus(), unusual()).vectors().save(folder.file("v.kith"));
    EXPECT_THROW(static_cast<void>(Word2Vec::open(folder.file("v.kith"))), InvalidArgument);
    EXPECT_THROW(static_cast<void>(Word2Vec::open(folder.file("none"))), IoError);
}

// Whatever bytes of a section are wrong, opening gives an error of the library or a model.
TEST(Word2VecFile, DamageIsNoticedOrHarmless) {
    const test::TempDir folder;
    Word2Vec::train(small_corpus(), unusual()).save(folder.file("m.kith"));
    std::ifstream in(folder.file("m.kith"), std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    for (std::size_t at = 64; at + 4 <= whole.size(); at += 52) {
        std::string bytes = whole;
        bytes.replace(at, 4, "\xff\xff\xff\xff");
        std::ofstream(folder.file("d.kith"), std::ios::binary) << bytes;
        try {
            EXPECT_LE(Word2Vec::open(folder.file("d.kith")).vocabulary().size(), 6U);
        } catch (const CorruptFile&) {
        } catch (const Unsupported&) {
        }
    }
}

}  // namespace
}  // namespace kith
