#include <kith/doc2vec.hpp>

#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "embed/cosine.hpp"
#include "embed/huffman.hpp"
#include "embed/topic_documents.hpp"

namespace kith {
namespace {

using test::DocumentMode;

class EachDocumentMode : public testing::TestWithParam<DocumentMode> {};

// Mean cosine of documents on the same topic minus that of documents on different ones.
double separation(const KeyedVectors& vectors, std::size_t documents) {
    double sum[2] = {0, 0};
    int count[2] = {0, 0};
    for (std::size_t i = 0; i < documents; ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            sum[(i + j) % 2] += test::cosine(vectors.vector(i), vectors.vector(j));
            ++count[(i + j) % 2];
        }
    }
    return sum[0] / count[0] - sum[1] / count[1];
}

TEST_P(EachDocumentMode, DocumentsAboutTheSameThingComeTogether) {
    const TaggedCorpus corpus = test::topic_documents(100);
    const Doc2Vec model = Doc2Vec::train(corpus, test::options_of(GetParam()));
    const KeyedVectors vectors = model.document_vectors();
    ASSERT_EQ(vectors.size(), 100U);
    EXPECT_GT(separation(vectors, 100), 0.1);
}

TEST_P(EachDocumentMode, ExtendedKnowsNewWordsAndTags) {
    const TaggedCorpus corpus = test::topic_documents(40);
    const Doc2Vec model = Doc2Vec::train(corpus, test::options_of(GetParam()));
    TaggedCorpusBuilder builder;
    const std::vector<std::string_view> words(20, "new");
    for (const std::string_view tag : {"fresh", "7"}) builder.add(words, std::span(&tag, 1));
    const TaggedCorpus more = builder.finish();
    Doc2Vec larger = model.extended(more);
    EXPECT_TRUE(larger.vocabulary().find("new"));
    const KeyedVectors before = model.document_vectors();
    const KeyedVectors after = larger.document_vectors();
    ASSERT_EQ(after.size(), 41U);
    EXPECT_EQ(after.key(40), "fresh");
    EXPECT_EQ(after.counts()[7], 2U);
    for (std::size_t i = 0; i < 40; ++i) {
        ASSERT_TRUE(std::equal(before.vector(i).begin(), before.vector(i).end(), after.vector(i).begin()));
    }
    EXPECT_GT(larger.train_on(more).trained_words, 0U);
    const std::vector<std::pair<std::string, std::uint64_t>> too_few = {{"7", 1}};
    EXPECT_THROW(static_cast<void>(model.extended(larger.vocabulary(), too_few)), InvalidArgument);
}

TEST_P(EachDocumentMode, IsDeterministicWithOneThreadAndLearnsWithSeveral) {
    const TaggedCorpus corpus = test::topic_documents(60);
    Doc2VecOptions options = test::options_of(GetParam());
    const KeyedVectors a = Doc2Vec::train(corpus, options).document_vectors();
    const KeyedVectors b = Doc2Vec::train(corpus, options).document_vectors();
    for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_TRUE(std::equal(a.vector(i).begin(), a.vector(i).end(), b.vector(i).begin()));
    }
    options.threads = 3;
    EXPECT_GT(separation(Doc2Vec::train(corpus, options).document_vectors(), 60), 0.1);
}

INSTANTIATE_TEST_SUITE_P(Modes, EachDocumentMode, testing::ValuesIn(test::kDocumentModes),
                         [](const auto& mode) { return mode.param.name; });

TEST(Doc2Vec, ATagOfManyDocumentsHasAVectorAmongThem) {
    const TaggedCorpus corpus = test::topic_documents(100, true);
    const Doc2Vec model = Doc2Vec::train(corpus, test::options_of(test::kDocumentModes[0]));
    const KeyedVectors vectors = model.document_vectors();
    EXPECT_EQ(vectors.size(), 102U);
    EXPECT_EQ(vectors.counts()[vectors.row_of("about a")], 50U);
    double same = 0;
    double other = 0;
    for (int i = 0; i < 100; i += 2) {
        same += vectors.similarity("about a", std::to_string(i));
        other += vectors.similarity("about b", std::to_string(i));
    }
    EXPECT_GT(same, other);
}

// PV-DBOW with a tree and one epoch, foretold in double precision: nothing is random but the beginning.
TEST(Doc2Vec, BagOfWordsWithATreeIsTheTextbookAlgorithm) {
    TaggedCorpusBuilder builder;
    const std::vector<std::string_view> words = {"a", "b", "a", "c", "d", "a"};
    const std::vector<std::string_view> tag = {"it"};
    builder.add(words, tag);
    const TaggedCorpus corpus = builder.finish();
    Doc2VecOptions options = test::options_of(test::kDocumentModes[6]);
    options.epochs = 1;
    options.alpha = options.min_alpha = 0.5;
    Doc2Vec model(options);
    model.build_vocabulary(corpus);
    const KeyedVectors start = model.document_vectors();
    std::vector<double> row(start.vector("it").begin(), start.vector("it").end());
    const embed::HuffmanTree tree(model.vocabulary().counts());
    std::vector<std::vector<double>> nodes(tree.nodes(), std::vector<double>(20));
    for (const std::string_view word : words) {
        const std::size_t target = *model.vocabulary().find(word);
        const std::vector<double> old_row = row;
        for (std::size_t i = 0; i < tree.path(target).size(); ++i) {
            std::vector<double>& node = nodes[tree.path(target)[i]];
            const double dot = std::inner_product(old_row.begin(), old_row.end(), node.begin(), 0.0);
            const double g = 0.5 * (tree.labels(target)[i] - 1 / (1 + std::exp(-dot)));
            for (std::size_t d = 0; d < 20; ++d) {
                row[d] += g * node[d];
                node[d] += g * old_row[d];
            }
        }
    }
    model.train_on(corpus);
    const KeyedVectors end = model.document_vectors();
    for (std::size_t d = 0; d < 20; ++d) EXPECT_NEAR(end.vector("it")[d], row[d], 1e-6);
}

TEST(Doc2Vec, WordsAreTrainedWhereTheModelSaysSo) {
    const TaggedCorpus corpus = test::topic_documents(20);
    for (const DocumentMode& mode : test::kDocumentModes) {
        Doc2Vec model(test::options_of(mode));
        model.build_vocabulary(corpus);
        const KeyedVectors before = model.word_vectors();
        model.train_on(corpus);
        const KeyedVectors after = model.word_vectors();
        const bool same = std::equal(before.vector(0).begin(), before.vector(0).end(), after.vector(0).begin());
        EXPECT_EQ(same, mode.model == DocumentModel::kBagOfWords && !mode.train_words) << mode.name;
    }
}

TEST(Doc2Vec, DocumentsWithAnotherNumberOfTagsAreNotTrainedWhenConcatenated) {
    const TaggedCorpus corpus = test::topic_documents(20, true);
    Doc2VecOptions options = test::options_of(test::kDocumentModes[3]);
    const auto first_vector = [&] {
        Doc2Vec model(options);
        model.build_vocabulary(corpus);
        const KeyedVectors before = model.document_vectors();
        model.train_on(corpus);
        return before.vector(0)[0] == model.document_vectors().vector(0)[0];
    };
    EXPECT_TRUE(first_vector());
    options.tags_per_document = 2;
    EXPECT_FALSE(first_vector());
}

TEST(Doc2Vec, UnknownTagsAndWordsAreSkipped) {
    Doc2Vec model(test::options_of(test::kDocumentModes[5]));
    model.build_vocabulary(test::topic_documents(10));
    TaggedCorpusBuilder builder;
    const std::vector<std::string_view> words = {"a1", "unheard", "a2"};
    const std::vector<std::string_view> tags = {"unknown tag"};
    builder.add(words, tags);
    const TaggedCorpus corpus = builder.finish();
    const KeyedVectors before = model.document_vectors();
    const TrainingReport report = model.train_on(corpus, {.epochs = 1});
    EXPECT_EQ(report.raw_words, 3U);
    EXPECT_EQ(report.trained_words, 2U);
    const KeyedVectors after = model.document_vectors();
    EXPECT_TRUE(std::equal(before.vector(0).begin(), before.vector(0).end(), after.vector(0).begin()));
}

TEST(Doc2Vec, RefusesWhatCannotWork) {
    Doc2VecOptions options;
    EXPECT_EQ(options.epochs, 10U);
    options.tags_per_document = 0;
    EXPECT_THROW(Doc2Vec{options}, InvalidArgument);
    options.tags_per_document = 1'000'000;
    options.vector_size = 1'000'000;
    options.combination = Combination::kConcatenated;
    EXPECT_THROW(Doc2Vec{options}, InvalidArgument);
    Doc2Vec model;
    EXPECT_THROW(model.train_on(test::topic_documents(2)), InvalidArgument);
    EXPECT_THROW(model.build_vocabulary(TaggedCorpus()), InvalidArgument);
    EXPECT_EQ(model.document_vectors().size(), 0U);
    model.build_vocabulary(test::topic_documents(20));
    EXPECT_THROW(model.build_vocabulary(test::topic_documents(20)), InvalidArgument);
    EXPECT_THROW(model.train_on(TaggedCorpus()), InvalidArgument);
}

}  // namespace
}  // namespace kith
