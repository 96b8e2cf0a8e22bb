#include <kith/fasttext.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "embed/corpus_text.hpp"
#include "embed/cosine.hpp"
#include "embed/huffman.hpp"
#include "embed/jobs.hpp"
#include "support/data.hpp"

namespace kith {
namespace {

using test::cosine;

// Sentences about one of two things; words of a kind have parts in common.
Corpus two_topics(std::size_t sentences) {
    std::mt19937_64 random(1);
    std::string text;
    for (std::size_t i = 0; i < sentences; ++i) {
        const std::string topic = random() % 2 == 0 ? "alpha" : "omega";
        for (int word = 0; word < 10; ++word) text += topic + std::to_string(random() % 20) + ' ';
        text += '\n';
    }
    return test::corpus_of(text);
}

struct Mode {
    const char* name;
    Architecture architecture;
    std::size_t negative;
    bool tree;
    bool mean;
};

FastTextOptions options_of(const Mode& mode) {
    FastTextOptions options;
    options.architecture = mode.architecture;
    options.negative = mode.negative;
    options.hierarchical_softmax = mode.tree;
    options.cbow_mean = mode.mean;
    options.vector_size = 20;
    options.bucket = 500;
    options.min_count = 1;
    options.alpha = 0.05;
    options.sample = 0;
    options.threads = 1;
    return options;
}

class EachFastText : public testing::TestWithParam<Mode> {};

TEST_P(EachFastText, PlacesWordsNeverSeenByTheirParts) {
    const FastText model = FastText::train(two_topics(1'000), options_of(GetParam()));
    const std::vector<float> unseen = model.vector("alpha77");
    EXPECT_FALSE(model.vocabulary().find("alpha77"));
    EXPECT_GT(cosine(unseen, model.vector("alpha3")), cosine(unseen, model.vector("omega3")) + 0.3);
    EXPECT_GT(cosine(model.vector("alpha1"), model.vector("alpha2")),
              cosine(model.vector("alpha1"), model.vector("omega2")) + 0.3);
}

TEST_P(EachFastText, IsDeterministicWithOneThreadAndLearnsWithSeveral) {
    const Corpus corpus = two_topics(300);
    FastTextOptions options = options_of(GetParam());
    EXPECT_EQ(FastText::train(corpus, options).vector("alpha1"), FastText::train(corpus, options).vector("alpha1"));
    options.threads = 3;
    options.epochs = 20;
    const FastText model = FastText::train(corpus, options);
    EXPECT_GT(cosine(model.vector("alpha1"), model.vector("alpha2")),
              cosine(model.vector("alpha1"), model.vector("omega2")) + 0.3);
}

INSTANTIATE_TEST_SUITE_P(Modes, EachFastText,
                         testing::Values(Mode{"SkipGramNegative", Architecture::kSkipGram, 5, false, true},
                                         Mode{"SkipGramTree", Architecture::kSkipGram, 0, true, true},
                                         Mode{"CbowNegative", Architecture::kCbow, 5, false, true},
                                         Mode{"CbowBoth", Architecture::kCbow, 5, true, true}),
                         [](const auto& mode) { return mode.param.name; });

// CBOW over all rows of all words around, in double precision with none of the machinery. Words of a sentence share
// no parts, so that it does not matter when a word's rows learn.
TEST(FastText, ExtendedKnowsNewWordsByTheSameParts) {
    FastTextOptions options = options_of({"", Architecture::kSkipGram, 5, false, true});
    const FastText model = FastText::train(two_topics(100), options);
    const Corpus more = test::corpus_of("alpha99 alpha98 alpha99");
    FastText larger = model.extended(more);
    EXPECT_EQ(larger.vocabulary().size(), model.vocabulary().size() + 2);
    EXPECT_EQ(larger.vector("alpha1"), model.vector("alpha1"));
    const auto parts = model.subword_weights().row(3);
    EXPECT_TRUE(std::equal(parts.begin(), parts.end(), larger.subword_weights().row(3).begin()));
    const std::vector<float> before = larger.vector("alpha99");
    larger.train_on(more, {.epochs = 20});
    EXPECT_NE(larger.vector("alpha99"), before);
    EXPECT_THROW(static_cast<void>(FastText().extended(more)), InvalidArgument);
}

TEST(FastText, CbowWithATreeIsTheTextbookAlgorithm) {
    for (const bool mean : {true, false}) {
        const Corpus corpus = test::corpus_of("abcd efgh ijkl mnop\nqrst uvwx abcd yzAB\nCDEF abcd GHIJ");
        FastTextOptions options = options_of({"", Architecture::kCbow, 0, true, mean});
        options.shrink_windows = false;
        options.window = 2;
        options.bucket = 1'000'003;
        options.vector_size = 8;
        options.epochs = 1;
        options.alpha = options.min_alpha = 0.3;
        FastText model(options);
        model.build_vocabulary(corpus);
        const auto rows_of = [&](std::string_view word) {
            std::vector<std::size_t> rows = {*model.vocabulary().find(word)};
            for (const std::uint32_t bucket : subword_buckets(word, options)) {
                rows.push_back(model.vocabulary().size() + bucket);
            }
            return rows;
        };
        std::vector<std::vector<double>> input;
        for (const auto& weights : {model.word_weights(), model.subword_weights()}) {
            for (std::size_t i = 0; i < weights.rows(); ++i) {
                input.emplace_back(weights.row(i).begin(), weights.row(i).end());
            }
        }
        const embed::HuffmanTree tree(model.vocabulary().counts());
        std::vector<std::vector<double>> nodes(tree.nodes(), std::vector<double>(8));
        std::size_t begin = 0;
        for (const std::size_t end : corpus.ends()) {
            for (std::size_t at = begin; at < end; ++at) {
                std::vector<std::size_t> rows;
                for (std::size_t i = at < begin + 2 ? begin : at - 2; i < std::min(at + 3, end); ++i) {
                    if (i == at) continue;
                    for (const std::size_t row : rows_of(corpus.word(corpus.ids()[i]))) rows.push_back(row);
                }
                std::vector<double> hidden(8);
                for (const std::size_t row : rows) {
                    for (std::size_t d = 0; d < 8; ++d) hidden[d] += input[row][d];
                }
                const auto count = static_cast<double>(rows.size());
                for (double& each : hidden) each /= mean ? count : 1;
                std::vector<double> error(8);
                const std::size_t target = *model.vocabulary().find(corpus.word(corpus.ids()[at]));
                for (std::size_t i = 0; i < tree.path(target).size(); ++i) {
                    std::vector<double>& node = nodes[tree.path(target)[i]];
                    const double dot = std::inner_product(hidden.begin(), hidden.end(), node.begin(), 0.0);
                    const double g = 0.3 * (tree.labels(target)[i] - 1 / (1 + std::exp(-dot)));
                    for (std::size_t d = 0; d < 8; ++d) {
                        error[d] += g * node[d];
                        node[d] += g * hidden[d];
                    }
                }
                for (const std::size_t row : rows) {
                    for (std::size_t d = 0; d < 8; ++d) input[row][d] += error[d] / (mean ? 1 : count);
                }
            }
            begin = end;
        }
        model.train_on(corpus);
        for (const char* word : {"abcd", "efgh", "GHIJ"}) {
            const std::vector<std::size_t> rows = rows_of(word);
            for (std::size_t d = 0; d < 8; ++d) {
                double expected = 0;
                for (const std::size_t row : rows) expected += input[row][d] / static_cast<double>(rows.size());
                EXPECT_NEAR(model.vector(word)[d], expected, 1e-5) << word << " mean " << mean;
            }
        }
    }
}

TEST(FastText, VectorsAreMeansOfWordAndParts) {
    const FastText model = FastText::train(two_topics(50), options_of({"", Architecture::kCbow, 5, false, true}));
    const KeyedVectors vectors = model.vectors();
    ASSERT_EQ(vectors.size(), model.vocabulary().size());
    const std::string word(vectors.key(7));
    const std::vector<std::uint32_t> parts = subword_buckets(word, model.options());
    for (std::size_t d = 0; d < 20; ++d) {
        double sum = model.word_weights().row(7)[d];
        for (const std::uint32_t part : parts) sum += model.subword_weights().row(part)[d];
        EXPECT_NEAR(vectors.vector(7)[d], sum / static_cast<double>(parts.size() + 1), 1e-6);
    }
    const std::vector<float> same = model.vector(word);
    EXPECT_TRUE(std::equal(same.begin(), same.end(), vectors.vector(7).begin()));
}

TEST(FastText, VectorsForAllInfersWordsThatItDoesNotKnow) {
    FastTextOptions options = options_of({"", Architecture::kCbow, 5, false, true});
    const FastText model = FastText::train(two_topics(50), options);
    const std::vector<std::string_view> words = {"omega99", "alpha1", "omega99", "alpha1", "omega3"};
    const KeyedVectors all = model.vectors_for_all(words);
    EXPECT_EQ(all.keys(), (std::vector<std::string_view>{"omega99", "alpha1", "omega3"}));
    for (const std::string_view word : all.keys()) {
        const std::vector<float> expected = model.vector(word);
        EXPECT_TRUE(std::ranges::equal(all.vector(word), expected)) << word;
    }
    const std::optional<std::uint32_t> row = model.vocabulary().find("alpha1");
    ASSERT_TRUE(row);
    EXPECT_EQ(all.counts()[0], 0U);
    EXPECT_EQ(all.counts()[1], model.vocabulary().count(*row));
    const KeyedVectors known = model.vectors_for_all(words, UnknownWords::kLeaveOut);
    EXPECT_EQ(known.keys(), (std::vector<std::string_view>{"alpha1", "omega3"}));
    EXPECT_TRUE(model.vectors_for_all({}).empty());
    EXPECT_THROW(static_cast<void>(FastText(options).vectors_for_all(words)), InvalidArgument);
    EXPECT_THROW(static_cast<void>(FastText(options).vectors_of(words)), InvalidArgument);

    options.max_n = 0;
    EXPECT_EQ(FastText::train(two_topics(50), options).vectors_for_all(words).keys(), known.keys())
        << "there are no parts to infer from";
}

TEST(FastText, VectorsOfManyWordsAreThoseOfEachWhateverTheThreads) {
    FastTextOptions options = options_of({"", Architecture::kCbow, 5, false, true});
    options.threads = 4;
    FastText model(options);
    model.build_vocabulary(two_topics(50));
    std::vector<std::string> texts;
    for (int i = 0; i < 1000; ++i) texts.push_back("omega" + std::to_string(i));
    const std::vector<std::string_view> words(texts.begin(), texts.end());
    const Matrix found = model.vectors_of(words);
    ASSERT_EQ(found.rows(), words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
        EXPECT_TRUE(std::ranges::equal(found.row(i), model.vector(words[i]))) << words[i];
    }
}

TEST(FastText, WithoutPartsUnknownWordsAreZeroAndSentencesLeaveThemOut) {
    FastTextOptions options = options_of({"", Architecture::kSkipGram, 5, false, true});
    options.max_n = 0;
    const FastText model = FastText::train(two_topics(50), options);
    EXPECT_EQ(model.vector("unheard"), std::vector<float>(20));
    const std::vector<std::string_view> with = {"alpha1", "unheard"};
    const std::vector<std::string_view> without = {"alpha1"};
    EXPECT_EQ(model.sentence_vector(with), model.sentence_vector(without));
    EXPECT_NEAR(cosine(model.sentence_vector(with), model.vector("alpha1")), 1, 1e-6);
    EXPECT_EQ(model.sentence_vector({}), std::vector<float>(20));
    options.bucket = 0;
    EXPECT_EQ(FastText::train(two_topics(50), options).subword_weights().rows(), 0U);
}

TEST(FastText, WindowsWiderThanSentencesAndLongSentencesWork) {
    FastTextOptions options = options_of({"", Architecture::kSkipGram, 5, false, true});
    options.window = 1'000'000;
    EXPECT_NO_THROW(static_cast<void>(FastText::train(two_topics(20), options)));
    EXPECT_NO_THROW(static_cast<void>(FastText::train(test::corpus_of("one"), options)));
}

TEST(FastText, RefusesWhatCannotWork) {
    const auto refused = [](auto change) {
        FastTextOptions options;
        change(options);
        EXPECT_THROW(FastText{options}, InvalidArgument);
    };
    refused([](auto& o) { o.min_n = 0; });
    refused([](auto& o) { o.max_n = std::numeric_limits<std::size_t>::max(); });
    refused([](auto& o) { o.bucket = std::numeric_limits<std::size_t>::max(); });
    refused([](auto& o) { o.window = 0; });
    FastText model;
    EXPECT_THROW(static_cast<void>(model.vector("a")), InvalidArgument);
    EXPECT_THROW(model.train_on(two_topics(1)), InvalidArgument);
    EXPECT_THROW(model.build_vocabulary(Corpus()), InvalidArgument);
    EXPECT_TRUE(model.vectors().empty());
}

TEST(FastText, RealTextPutsInflectionsTogether) {
    KITH_NEED_DATA(path, "text8.prefix.gz");
    FastTextOptions options;
    options.vector_size = 48;
    options.bucket = 100'000;
    options.epochs = 2;
    options.architecture = Architecture::kSkipGram;
    options.sample = 1e-4;
    const FastText model = FastText::train(Corpus::read(path), options);
    EXPECT_GT(cosine(model.vector("philosophically"), model.vector("philosophy")),
              cosine(model.vector("philosophically"), model.vector("football")) + 0.3);
}

}  // namespace
}  // namespace kith
