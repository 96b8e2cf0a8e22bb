#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/fasttext.hpp>

#include "embed/corpus_text.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

Corpus text() {
    std::string lines;
    for (int i = 0; i < 60; ++i) lines += "walking walked walks talking talked talks\n";
    return test::corpus_of(lines);
}

bool same(MatrixView<const float> a, MatrixView<const float> b) {
    bool all = a.rows() == b.rows() && a.cols() == b.cols();
    for (std::size_t row = 0; all && row < a.rows(); ++row) {
        all = std::equal(a.row(row).begin(), a.row(row).end(), b.row(row).begin());
    }
    return all;
}

TEST(FastTextFile, ALoadedModelIsTheOneSavedAndTrainsOnAlike) {
    for (const bool tree : {false, true}) {
        const test::TempDir folder;
        FastTextOptions options;
        options.architecture = Architecture::kSkipGram;
        options.hierarchical_softmax = tree;
        options.negative = 3;
        options.vector_size = 10;
        options.min_n = 2;
        options.max_n = 4;
        options.bucket = 300;
        options.min_count = 1;
        options.alpha = 0.04;
        options.threads = 1;
        FastText model = FastText::train(text(), options);
        model.save(folder.file("m.kith"), "mine");
        FastText loaded = FastText::load(folder.file("m.kith"));
        EXPECT_EQ(loaded.notes(), "mine");
        EXPECT_EQ(loaded.options().min_n, 2U);
        EXPECT_EQ(loaded.options().max_n, 4U);
        EXPECT_EQ(loaded.options().bucket, 300U);
        EXPECT_EQ(loaded.options().alpha, 0.04);
        EXPECT_EQ(loaded.report().raw_words, model.report().raw_words);
        EXPECT_TRUE(same(loaded.word_weights(), model.word_weights()));
        EXPECT_TRUE(same(loaded.subword_weights(), model.subword_weights()));
        EXPECT_TRUE(same(loaded.negative_weights(), model.negative_weights()));
        EXPECT_TRUE(same(loaded.tree_weights(), model.tree_weights()));
        EXPECT_EQ(loaded.vector("walkings"), model.vector("walkings"));
        EXPECT_TRUE(same(KeyedVectors::open(folder.file("m.kith")).vectors(), model.vectors().vectors()));
        model.train_on(text(), {.epochs = 1});
        loaded.train_on(text(), {.epochs = 1});
        EXPECT_EQ(loaded.vector("walkings").size(), 10U);
    }
}

TEST(FastTextFile, RefusesOtherFiles) {
    const test::TempDir folder;
    const FastText model = FastText::train(text(), [] {
        FastTextOptions options;
        options.bucket = 10;
        options.vector_size = 4;
        return options;
    }());
    model.vectors().save(folder.file("v.kith"));
    EXPECT_THROW(static_cast<void>(FastText::load(folder.file("v.kith"))), InvalidArgument);
    EXPECT_THROW(static_cast<void>(FastText::load(folder.file("none"))), IoError);
    EXPECT_THROW(FastText().save(folder.file("m.kith")), InvalidArgument);
}

}  // namespace
}  // namespace kith
