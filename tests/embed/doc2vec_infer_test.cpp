#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include <kith/doc2vec.hpp>
#include <kith/error.hpp>

#include "embed/corpus_text.hpp"
#include "embed/cosine.hpp"
#include "embed/topic_documents.hpp"

namespace kith {
namespace {

using test::DocumentMode;

Corpus new_documents(std::size_t count) {
    std::mt19937_64 random(99);
    CorpusBuilder builder;
    for (std::size_t i = 0; i < count; ++i) {
        const std::vector<std::string> words = test::topic_words(i % 2 == 0 ? 'a' : 'b', random);
        builder.add_sentence(std::vector<std::string_view>(words.begin(), words.end()));
    }
    return builder.finish();
}

std::vector<std::string_view> words_of(const Corpus& corpus, std::size_t sentence) {
    std::vector<std::string_view> words;
    for (std::size_t at = sentence == 0 ? 0 : corpus.ends()[sentence - 1]; at < corpus.ends()[sentence]; ++at) {
        words.push_back(corpus.word(corpus.ids()[at]));
    }
    return words;
}

class EachInference : public testing::TestWithParam<DocumentMode> {};

TEST_P(EachInference, NewDocumentsComeToThoseAboutTheSameThing) {
    const Doc2Vec model = Doc2Vec::train(test::topic_documents(100), test::options_of(GetParam()));
    const KeyedVectors trained = model.document_vectors();
    const Corpus fresh = new_documents(20);
    const Matrix inferred = model.infer(fresh);
    ASSERT_EQ(inferred.rows(), 20U);
    ASSERT_EQ(inferred.cols(), 20U);
    double same = 0;
    double other = 0;
    for (std::size_t i = 0; i < inferred.rows(); ++i) {
        for (std::size_t j = 0; j < trained.size(); ++j) {
            ((i + j) % 2 == 0 ? same : other) += test::cosine(inferred.row(i), trained.vector(j));
        }
    }
    EXPECT_GT(same, other + 0.1 * 1'000);
}

TEST_P(EachInference, IsAFunctionOfModelWordsAndSeedAlone) {
    const Doc2Vec model = Doc2Vec::train(test::topic_documents(30), test::options_of(GetParam()));
    const KeyedVectors words = model.word_vectors();
    const KeyedVectors documents = model.document_vectors();
    const Corpus fresh = new_documents(12);
    const Matrix one = model.infer(fresh, {.threads = 1});
    const Matrix three = model.infer(fresh, {.threads = 3});
    const Matrix other = model.infer(fresh, {.seed = 7});
    for (std::size_t i = 0; i < 12; ++i) {
        const std::vector<float> alone = model.infer(words_of(fresh, i));
        EXPECT_TRUE(std::equal(alone.begin(), alone.end(), one.row(i).begin())) << i;
        EXPECT_TRUE(std::equal(alone.begin(), alone.end(), three.row(i).begin())) << i;
        EXPECT_FALSE(std::equal(alone.begin(), alone.end(), other.row(i).begin())) << i;
    }
    const auto unchanged = [](const KeyedVectors& a, const KeyedVectors& b) {
        return std::equal(a.vectors().data(), a.vectors().data() + a.size() * a.dim(), b.vectors().data());
    };
    EXPECT_TRUE(unchanged(words, model.word_vectors()));
    EXPECT_TRUE(unchanged(documents, model.document_vectors()));
}

INSTANTIATE_TEST_SUITE_P(Modes, EachInference, testing::ValuesIn(test::kDocumentModes),
                         [](const auto& mode) { return mode.param.name; });

TEST(Infer, ADocumentOfUnknownWordsKeepsItsBeginning) {
    const Doc2Vec model = Doc2Vec::train(test::topic_documents(30), test::options_of(test::kDocumentModes[0]));
    const std::vector<std::string_view> unknown = {"unheard", "of"};
    const std::vector<float> vector = model.infer(unknown);
    EXPECT_EQ(vector, model.infer(std::span<const std::string_view>()));
    for (const float x : vector) EXPECT_LE(std::abs(x), 1.0F / 20);
    EXPECT_EQ(model.infer(Corpus()).rows(), 0U);
}

TEST(Infer, RefusesWhatCannotWork) {
    const Corpus corpus = test::corpus_of("a b");
    EXPECT_THROW(static_cast<void>(Doc2Vec().infer(corpus)), InvalidArgument);
    Doc2VecOptions options = test::options_of(test::kDocumentModes[3]);
    options.tags_per_document = 2;
    const Doc2Vec two_tags = Doc2Vec::train(test::topic_documents(10, true), options);
    EXPECT_THROW(static_cast<void>(two_tags.infer(corpus)), InvalidArgument);
    const Doc2Vec model = Doc2Vec::train(test::topic_documents(10), test::options_of(test::kDocumentModes[0]));
    EXPECT_THROW(static_cast<void>(model.infer(corpus, {.epochs = 0})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(model.infer(corpus, {.start_alpha = -1.0})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(model.infer(corpus, {}, [](const Progress&) { return false; })), Cancelled);
}

}  // namespace
}  // namespace kith
