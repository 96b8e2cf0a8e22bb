#include "embed/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "embed/corpus_text.hpp"
#include "embed/jobs.hpp"

namespace kith::embed {
namespace {

TEST(Schedule, FallsInAStraightLine) {
    const Schedule schedule{5, 0.05, 0.001};
    EXPECT_DOUBLE_EQ(schedule.alpha(0, 1'000), 0.05);
    EXPECT_DOUBLE_EQ(schedule.alpha(500, 1'000), (0.05 + 0.001) / 2);
    EXPECT_DOUBLE_EQ(schedule.alpha(1'000, 1'000), 0.001);
}

// Sentences about one of two things: words of one kind never meet words of the other.
Corpus two_topics(std::size_t sentences) {
    std::mt19937_64 random(1);
    std::string text;
    for (std::size_t i = 0; i < sentences; ++i) {
        const char topic = random() % 2 == 0 ? 'a' : 'b';
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
};

Word2VecOptions options_of(const Mode& mode) {
    Word2VecOptions options;
    options.architecture = mode.architecture;
    options.negative = mode.negative;
    options.hierarchical_softmax = mode.tree;
    options.vector_size = 20;
    options.alpha = 0.05;
    options.sample = 0;
    options.threads = 1;
    return options;
}

Model trained(const Corpus& corpus, const Word2VecOptions& options) {
    Model model(options, Vocabulary(corpus, {options.min_count, 0}));
    train(model, corpus, {options.epochs, options.alpha, options.min_alpha}, {});
    return model;
}

double cosine(const float* a, const float* b, std::size_t n) {
    const double ab = std::inner_product(a, a + n, b, 0.0);
    return ab / std::sqrt(std::inner_product(a, a + n, a, 0.0) * std::inner_product(b, b + n, b, 0.0));
}

// Mean cosine of words of the same topic minus that of words of different topics.
double separation(const Model& model) {
    double same = 0;
    double different = 0;
    std::size_t same_pairs = 0;
    std::size_t different_pairs = 0;
    for (std::size_t i = 0; i < model.vocabulary.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const double near = cosine(model.input.row(i), model.input.row(j), model.input.cols());
            const bool alike = model.vocabulary.word(i)[0] == model.vocabulary.word(j)[0];
            (alike ? same : different) += near;
            ++(alike ? same_pairs : different_pairs);
        }
    }
    return same / static_cast<double>(same_pairs) - different / static_cast<double>(different_pairs);
}

class EachMode : public testing::TestWithParam<Mode> {};

TEST_P(EachMode, LearnsWhichWordsKeepCompany) {
    const Corpus corpus = two_topics(4'000);
    EXPECT_GT(separation(trained(corpus, options_of(GetParam()))), 0.6);
}

TEST_P(EachMode, IsDeterministicWithOneThread) {
    const Corpus corpus = two_topics(300);
    const Model a = trained(corpus, options_of(GetParam()));
    const Model b = trained(corpus, options_of(GetParam()));
    for (std::size_t row = 0; row < a.input.rows(); ++row) {
        ASSERT_TRUE(std::equal(a.input.row(row), a.input.row(row) + 20, b.input.row(row)));
    }
    Word2VecOptions options = options_of(GetParam());
    options.seed = 2;
    EXPECT_NE(trained(corpus, options).input.row(0)[0], a.input.row(0)[0]);
}

TEST_P(EachMode, LearnsWithSeveralThreadsToo) {
    Word2VecOptions options = options_of(GetParam());
    options.threads = 4;
    EXPECT_GT(separation(trained(two_topics(4'000), options)), 0.6);
}

TEST_P(EachMode, PaddingStaysZero) {
    const Model model = trained(two_topics(100), options_of(GetParam()));
    for (const Weights* const weights : {&model.input, &model.negative, &model.tree}) {
        for (std::size_t row = 0; row < weights->rows(); ++row) {
            for (std::size_t d = 20; d < weights->stride(); ++d) ASSERT_EQ(weights->row(row)[d], 0.0F);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, EachMode,
                         testing::Values(Mode{"SkipGramNegative", Architecture::kSkipGram, 5, false},
                                         Mode{"SkipGramTree", Architecture::kSkipGram, 0, true},
                                         Mode{"SkipGramBoth", Architecture::kSkipGram, 5, true},
                                         Mode{"CbowNegative", Architecture::kCbow, 5, false},
                                         Mode{"CbowTree", Architecture::kCbow, 0, true},
                                         Mode{"CbowBoth", Architecture::kCbow, 5, true}),
                         [](const auto& mode) { return mode.param.name; });

// Sentences in which no word stands twice.
Corpus permutations(std::size_t sentences) {
    std::mt19937_64 random(1);
    std::vector<std::string> words;
    for (int i = 0; i < 30; ++i) words.push_back(std::to_string(i));
    CorpusBuilder builder;
    for (std::size_t i = 0; i < sentences; ++i) {
        std::shuffle(words.begin(), words.end(), random);
        const std::vector<std::string_view> sentence(words.begin(), words.end());
        builder.add_sentence(std::span(sentence).first(10 + random() % 20));
    }
    return builder.finish();
}

// Word2vec's skip-gram with hierarchical softmax, in double precision and with none of the machinery: it draws
// nothing but the windows, so that the whole of a training run can be foretold.
TEST(Train, SkipGramWithATreeIsTheTextbookAlgorithm) {
    const Corpus corpus = permutations(20);
    Word2VecOptions options = options_of({"", Architecture::kSkipGram, 0, true});
    options.min_count = 1;
    options.window = 3;
    options.shrink_windows = false;
    Model model(options, Vocabulary(corpus, {1, 0}));
    std::vector<std::vector<double>> in(model.input.rows());
    std::vector<std::vector<double>> out(model.tree.rows(), std::vector<double>(20));
    for (std::size_t row = 0; row < in.size(); ++row)
        in[row].assign(model.input.row(row), model.input.row(row) + 20);
    train(model, corpus, {1, 0.05, 0.05}, {});

    const auto rows = rows_of_types(corpus, model.vocabulary);
    std::size_t begin = 0;
    for (const std::size_t end : corpus.ends()) {
        for (std::size_t at = begin; at < end; ++at) {
            const std::size_t word = rows[corpus.ids()[at]];
            const auto path = model.huffman.path(word);
            const auto labels = model.huffman.labels(word);
            const auto old_in = in;
            for (std::size_t c = at - begin > 3 ? at - 3 : begin; c < std::min(at + 4, end); ++c) {
                if (c == at) continue;
                const std::size_t context = rows[corpus.ids()[c]];
                for (std::size_t i = 0; i < path.size(); ++i) {
                    const auto target = out[path[i]];
                    const auto& input = old_in[context];
                    const double dot = std::inner_product(input.begin(), input.end(), target.begin(), 0.0);
                    const double g = 0.05 * (labels[i] - 1 / (1 + std::exp(-dot)));
                    for (std::size_t d = 0; d < 20; ++d) {
                        in[context][d] += g * target[d];
                        out[path[i]][d] += g * input[d];
                    }
                }
            }
        }
        begin = end;
    }
    for (std::size_t row = 0; row < in.size(); ++row) {
        for (std::size_t d = 0; d < 20; ++d) ASSERT_NEAR(model.input.row(row)[d], in[row][d], 1e-5);
    }
    for (std::size_t row = 0; row < out.size(); ++row) {
        for (std::size_t d = 0; d < 20; ++d) ASSERT_NEAR(model.tree.row(row)[d], out[row][d], 1e-5);
    }
}

// Nothing is known at first: every answer has probability 1/2. What is learned then shows.
TEST_P(EachMode, LossesStartAtGuessingAndFall) {
    const Corpus corpus = two_topics(2'000);
    Word2VecOptions options = options_of(GetParam());
    Model fresh(options, Vocabulary(corpus, {1, 0}));
    const TrainingReport guess = train(fresh, corpus, {1, 0, 0, true}, {});
    ASSERT_EQ(guess.epoch_losses.size(), 1U);
    // Of 40 words alike in number one in 40 draws hits the true word and is skipped, and some are drawn twice.
    double guessed = 0;
    if (options.negative > 0) guessed = std::log(2.0) * 6;
    if (options.hierarchical_softmax) guessed = std::log(2.0) * 5.3 + guessed;
    if (options.hierarchical_softmax && options.negative > 0) guessed /= 2;
    EXPECT_NEAR(guess.epoch_losses[0], guessed, 0.1 * guessed);

    options.threads = 2;
    Model model(options, Vocabulary(corpus, {1, 0}));
    // At one rate: what is learned from a context helps to predict the rest of it, the more the faster it is learned.
    const TrainingReport report = train(model, corpus, {3, 0.05, 0.05, true}, {});
    ASSERT_EQ(report.epoch_losses.size(), 3U);
    EXPECT_LT(report.epoch_losses[2], report.epoch_losses[0]);
    EXPECT_LT(report.epoch_losses[2], guessed - 0.5);
    EXPECT_TRUE(train(model, corpus, {1, 0.01, 0.01}, {}).epoch_losses.empty());
}

TEST(Train, EveryEpochHasRandomNumbersOfItsOwnAlsoWhenTrainedInStages) {
    const Corpus corpus = two_topics(200);
    const Word2VecOptions options = options_of({"", Architecture::kSkipGram, 5, false});
    Model at_once(options, Vocabulary(corpus, {1, 0}));
    train(at_once, corpus, {2, 0.05, 0.05}, {});
    Model staged(options, Vocabulary(corpus, {1, 0}));
    train(staged, corpus, {1, 0.05, 0.05}, {});
    train(staged, corpus, {1, 0.05, 0.05}, {});
    for (std::size_t row = 0; row < staged.input.rows(); ++row) {
        ASSERT_TRUE(std::equal(staged.input.row(row), staged.input.row(row) + 20, at_once.input.row(row)));
    }
}

TEST(Train, CountsRawAndTrainedWords) {
    const Corpus corpus = two_topics(100);
    Word2VecOptions options = options_of({"", Architecture::kCbow, 5, false});
    Model model(options, Vocabulary(corpus, {1, 0}));
    const TrainingReport all = train(model, corpus, {3, 0.05, 0.01}, {});
    EXPECT_EQ(all.raw_words, 3 * corpus.words());
    EXPECT_EQ(all.trained_words, 3 * corpus.words());
    options.sample = 1e-3;
    Model thinned(options, Vocabulary(corpus, {1, 0}));
    const TrainingReport some = train(thinned, corpus, {3, 0.05, 0.01}, {});
    EXPECT_EQ(some.raw_words, all.raw_words);
    EXPECT_LT(some.trained_words, all.trained_words / 2);
    EXPECT_GT(some.words_per_second(), 0);
}

TEST(Train, ReportsEpochAndRateAndStopsWhenTold) {
    const Corpus corpus = two_topics(2'000);
    Model model(options_of({"", Architecture::kSkipGram, 5, false}), Vocabulary(corpus, {1, 0}));
    std::string first;
    Progress last;
    std::string last_detail;
    train(model, corpus, {2, 0.05, 0.01}, [&](const Progress& now) {
        if (first.empty()) first = now.detail;
        last = now;
        last_detail = now.detail;
        return true;
    });
    EXPECT_TRUE(first.starts_with("epoch 1/2, alpha 0.0500, ")) << first;
    EXPECT_TRUE(last_detail.starts_with("epoch 2/2, alpha 0.0100, ")) << last_detail;
    EXPECT_TRUE(last_detail.ends_with(" words/s")) << last_detail;
    EXPECT_EQ(last.done, 2 * corpus.words());
    EXPECT_EQ(last.total, 2 * corpus.words());
    EXPECT_THROW(train(model, corpus, {1, 0.05, 0.01}, [](const Progress&) { return false; }), Cancelled);
}

TEST(Train, AVocabularyOfOneWordHasNothingToLearnButDoesNotFail) {
    const Corpus corpus = test::corpus_of("a a a a a a");
    for (const bool tree : {true, false}) {
        const Model model = trained(corpus, options_of({"", Architecture::kSkipGram, tree ? 0U : 5U, tree}));
        EXPECT_TRUE(std::isfinite(model.input.row(0)[0]));
    }
}

TEST(Train, WindowsWiderThanAnySentenceAreWholeSentences) {
    Word2VecOptions options = options_of({"", Architecture::kSkipGram, 5, false});
    options.window = 1'000'000;
    EXPECT_GT(separation(trained(two_topics(2'000), options)), 0.5);
}

}  // namespace
}  // namespace kith::embed
