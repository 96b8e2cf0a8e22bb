#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/word2vec.hpp>

#include "embed/corpus_text.hpp"

namespace kith {
namespace {

std::string pets(int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += "the cat says meow\nthe dog says woof\n";
    return text;
}

Word2Vec trained(Architecture architecture, bool tree) {
    Word2VecOptions options;
    options.architecture = architecture;
    options.hierarchical_softmax = tree;
    options.negative = tree ? 0 : 5;
    options.vector_size = 12;
    options.min_count = 1;
    options.sample = 0;
    options.alpha = 0.1;
    options.epochs = 40;
    options.threads = 1;
    return Word2Vec::train(test::corpus_of(pets(100)), options);
}

TEST(Word2VecPredict, TheWordThatFitsIsTheMostLikely) {
    for (const Architecture architecture : {Architecture::kCbow, Architecture::kSkipGram}) {
        const Word2Vec model = trained(architecture, false);
        const std::vector<std::string_view> context = {"the", "cat", "unknown"};
        const auto found = model.predict(context, 100);
        ASSERT_EQ(found.size(), 6U);
        double sum = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            sum += found[i].score;
            if (i > 0) {
                EXPECT_LE(found[i].score, found[i - 1].score);
            }
            EXPECT_EQ(found[i].key, model.vocabulary().word(found[i].row));
        }
        EXPECT_NEAR(sum, 1, 1e-5);
        const auto chance = [&](std::string_view word) {
            for (const Match& match : found) {
                if (match.key == word) return match.score;
            }
            return 0.0F;
        };
        EXPECT_GT(chance("meow"), chance("woof"));
        EXPECT_EQ(model.predict(context, 1).size(), 1U);
        EXPECT_TRUE(model.predict(std::vector<std::string_view>{"unknown"}).empty());
    }
    EXPECT_THROW(static_cast<void>(Word2Vec().predict({})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(trained(Architecture::kCbow, true).predict({})), InvalidArgument);
}

TEST(Word2VecScore, SentencesLikeTheTextAreMoreLikely) {
    for (const Architecture architecture : {Architecture::kCbow, Architecture::kSkipGram}) {
        const Word2Vec model = trained(architecture, true);
        const auto scores = model.score(test::corpus_of(
            "the cat says meow\nmeow meow dog cat\nunknown words only\nthe unknown cat says meow\n"));
        ASSERT_EQ(scores.size(), 4U);
        EXPECT_LT(scores[0], 0);
        EXPECT_GT(scores[0], scores[1]);
        EXPECT_EQ(scores[2], 0);
        EXPECT_EQ(scores[3], scores[0]);
    }
    EXPECT_THROW(static_cast<void>(trained(Architecture::kCbow, false).score(Corpus())), InvalidArgument);
}

// With the outputs at 0 every branch of the tree is as likely as the other.
TEST(Word2VecScore, WithoutTrainingCountsTheBranches) {
    Word2VecOptions options;
    options.architecture = Architecture::kSkipGram;
    options.hierarchical_softmax = true;
    options.negative = 0;
    options.min_count = 1;
    Word2Vec model(options);
    model.build_vocabulary(test::corpus_of("a b a b c c d d"));
    EXPECT_NEAR(model.score(test::corpus_of("a b"))[0], 4 * std::log(0.5), 1e-9);
    EXPECT_NEAR(model.score(test::corpus_of("a b c"))[0], 12 * std::log(0.5), 1e-9);
}

}  // namespace
}  // namespace kith
