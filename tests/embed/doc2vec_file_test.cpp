#include <gtest/gtest.h>

#include <string>

#include <kith/doc2vec.hpp>
#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "embed/topic_documents.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::DocumentMode;

bool same(const KeyedVectors& a, const KeyedVectors& b) {
    return a.keys() == b.keys() && std::equal(a.counts().begin(), a.counts().end(), b.counts().begin()) &&
           std::equal(a.vectors().data(), a.vectors().data() + a.size() * a.dim(), b.vectors().data());
}

class EachDocumentFile : public testing::TestWithParam<DocumentMode> {};

TEST_P(EachDocumentFile, ALoadedModelInfersAndTrainsOnAsTheOneSaved) {
    const test::TempDir folder;
    const TaggedCorpus corpus = test::topic_documents(30, true);
    Doc2VecOptions options = test::options_of(GetParam());
    options.epochs = 3;
    options.tags_per_document = 2;
    Doc2Vec model = Doc2Vec::train(corpus, options);
    model.save(folder.file("m.kith"));
    Doc2Vec loaded = Doc2Vec::load(folder.file("m.kith"));
    EXPECT_EQ(loaded.options().combination, options.combination);
    EXPECT_EQ(loaded.options().train_words, options.train_words);
    EXPECT_EQ(loaded.options().epochs, 3U);
    EXPECT_EQ(loaded.report().raw_words, model.report().raw_words);
    EXPECT_TRUE(same(loaded.document_vectors(), model.document_vectors()));
    EXPECT_TRUE(same(loaded.word_vectors(), model.word_vectors()));
    EXPECT_TRUE(same(KeyedVectors::open(folder.file("m.kith")), model.word_vectors()));
    // Threads are not part of a model.
    EXPECT_EQ(loaded.options().threads, 0U);
}

INSTANTIATE_TEST_SUITE_P(Modes, EachDocumentFile, testing::ValuesIn(test::kDocumentModes),
                         [](const auto& mode) { return mode.param.name; });

TEST(Doc2VecFile, RefusesOtherFiles) {
    const test::TempDir folder;
    const Doc2Vec model = Doc2Vec::train(test::topic_documents(10), test::options_of(test::kDocumentModes[0]));
    model.document_vectors().save(folder.file("v.kith"));
    EXPECT_THROW(static_cast<void>(Doc2Vec::load(folder.file("v.kith"))), InvalidArgument);
    EXPECT_THROW(static_cast<void>(Doc2Vec::load(folder.file("none"))), IoError);
    EXPECT_THROW(Doc2Vec().save(folder.file("m.kith")), InvalidArgument);
}

}  // namespace
}  // namespace kith
