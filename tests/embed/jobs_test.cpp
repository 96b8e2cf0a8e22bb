#include "embed/jobs.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "embed/corpus_text.hpp"

namespace kith::embed {
namespace {

// Words w0 .. w(types - 1) in turn.
Corpus cyclic(std::size_t words, std::size_t types, std::size_t sentence) {
    CorpusOptions options;
    options.max_sentence_length = sentence;
    std::string text;
    for (std::size_t i = 0; i < words; ++i) text += "w" + std::to_string(i % types) + ' ';
    return test::corpus_of(text, options);
}

Model model_of(const Corpus& corpus, const Word2VecOptions& options) {
    return {options, Vocabulary(corpus, {options.min_count, 0})};
}

TEST(Jobs, CoverEverySentenceOnceInOrder) {
    for (const std::size_t sentence : {1U, 7U, 5'000U, 1'000'000U}) {
        const Corpus corpus = cyclic(300'000, 50, sentence);
        std::size_t next_sentence = 0;
        std::uint64_t next_word = 0;
        for (const Job& job : make_jobs(corpus)) {
            EXPECT_EQ(job.first_sentence, next_sentence);
            EXPECT_EQ(job.first_word, next_word);
            EXPECT_GT(job.last_sentence, job.first_sentence);
            EXPECT_EQ(job.last_word, corpus.ends()[job.last_sentence - 1]);
            if (job.last_sentence - job.first_sentence > 1) {
                EXPECT_LE(job.last_word - job.first_word, 10'000U);
            }
            next_sentence = job.last_sentence;
            next_word = job.last_word;
        }
        EXPECT_EQ(next_sentence, corpus.sentences());
        EXPECT_EQ(next_word, corpus.words());
    }
    EXPECT_TRUE(make_jobs(Corpus()).empty());
}

TEST(Jobs, TypesFindTheirRows) {
    const Corpus corpus = test::corpus_of("a b b c c c");
    const Vocabulary vocabulary(corpus, {2, 0});
    EXPECT_EQ(rows_of_types(corpus, vocabulary), (std::vector<std::uint32_t>{kUnknown, 1, 0}));
}

TEST(Encode, LeavesOutUnknownWordsBeforeItChoosesWindows) {
    const Corpus corpus = test::corpus_of("a x b y c\na z c b");
    Word2VecOptions options;
    options.min_count = 2;
    options.sample = 0;
    options.window = 1;
    const Model model = model_of(corpus, options);
    JobText text;
    Random random(1);
    encode(corpus, make_jobs(corpus).at(0), rows_of_types(corpus, model.vocabulary), model, random, text);
    std::string words;
    for (const std::uint32_t row : text.rows) words += model.vocabulary.word(row);
    EXPECT_EQ(words, "abcacb");
    ASSERT_EQ(text.windows.size(), 6U);
    EXPECT_EQ(text.windows[0].last, 2U) << "x does not stand between a and b";
    EXPECT_EQ(text.windows[2].last, 3U) << "windows end with the sentence";
    EXPECT_EQ(text.windows[3].first, 3U);
    EXPECT_EQ(text.ends, (std::vector<std::uint32_t>{3, 6}));
    EXPECT_EQ(text.first_sentence, 0U);
}

TEST(Encode, ShrinkingWindowsAreUniformFromOneToTheWindow) {
    const Corpus corpus = cyclic(100'000, 20, 1'000'000);
    Word2VecOptions options;
    options.sample = 0;
    options.window = 5;
    for (const bool shrink : {true, false}) {
        options.shrink_windows = shrink;
        const Model model = model_of(corpus, options);
        JobText text;
        Random random(1);
        encode(corpus, make_jobs(corpus).at(0), rows_of_types(corpus, model.vocabulary), model, random, text);
        std::vector<int> seen(6);
        for (std::size_t at = 10; at + 10 < text.rows.size(); ++at) {
            const std::size_t left = at - text.windows[at].first;
            ASSERT_EQ(text.windows[at].last - at - 1, left);
            ++seen.at(left);
        }
        for (std::size_t reach = 1; reach <= 5; ++reach) {
            const double want = shrink ? 20'000 : reach == 5 ? 100'000 : 0;
            EXPECT_NEAR(seen[reach], want, 5 * std::sqrt(20'000)) << reach;
        }
    }
}

TEST(Encode, KeepsTheShareThatSubsamplingSays) {
    const Corpus corpus = cyclic(200'000, 20, 1'000'000);
    Word2VecOptions options;
    options.sample = 0.01;
    const Model model = model_of(corpus, options);
    JobText text;
    Random random(1);
    encode(corpus, make_jobs(corpus).at(0), rows_of_types(corpus, model.vocabulary), model, random, text);
    const double chance = std::sqrt(0.2) + 0.2;
    EXPECT_NEAR(static_cast<double>(text.rows.size()), 200'000 * chance, 5 * std::sqrt(200'000 * chance));
}

TEST(Encode, SkipsForgottenWords) {
    CorpusOptions options;
    options.max_vocab_size = 2;
    const Corpus corpus = test::corpus_of("a a b c\na a\n", options);
    Word2VecOptions training;
    training.min_count = 1;
    training.sample = 0;
    const Model model = model_of(corpus, training);
    JobText text;
    Random random(1);
    encode(corpus, make_jobs(corpus).at(0), rows_of_types(corpus, model.vocabulary), model, random, text);
    EXPECT_EQ(text.rows.size(), 4U);
}

}  // namespace
}  // namespace kith::embed
