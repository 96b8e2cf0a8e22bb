#include "embed/model.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "embed/corpus_text.hpp"

namespace kith::embed {
namespace {

Vocabulary words(std::size_t count) {
    std::vector<std::pair<std::string, std::uint64_t>> counted;
    for (std::size_t i = 0; i < count; ++i) counted.emplace_back("w" + std::to_string(i), 1'000 - i);
    return Vocabulary(counted, {1, 0});
}

TEST(Model, InitialVectorsAreUniformWithinOneOverTheSize) {
    Word2VecOptions options;
    options.vector_size = 50;
    const Model model(options, words(500));
    double largest = 0;
    double sum = 0;
    double squares = 0;
    for (std::size_t row = 0; row < 500; ++row) {
        for (const float x : model.input.view().row(row)) {
            largest = std::max(largest, std::abs(static_cast<double>(x)));
            sum += x;
            squares += static_cast<double>(x) * x;
        }
    }
    EXPECT_LE(largest, 1.0 / 50);
    EXPECT_GT(largest, 0.999 / 50);
    EXPECT_NEAR(sum / 25'000, 0, 0.0005);
    EXPECT_NEAR(squares / 25'000, 1.0 / 50 / 50 / 3, 2e-6) << "the variance of a uniform distribution";
}

TEST(Model, InitialVectorsAreAFunctionOfSeedAndRow) {
    Word2VecOptions options;
    const Model small(options, words(10));
    const Model large(options, words(20));
    options.seed = 2;
    const Model other(options, words(10));
    for (std::size_t row = 0; row < 10; ++row) {
        EXPECT_TRUE(std::equal(small.input.row(row), small.input.row(row) + 100, large.input.row(row)));
        EXPECT_NE(small.input.row(row)[0], other.input.row(row)[0]);
    }
}

TEST(Model, HasTheOutputsOfItsObjectivesAndTheyAreZero) {
    Word2VecOptions options;
    const Model negative(options, words(10));
    EXPECT_EQ(negative.negative.rows(), 10U);
    EXPECT_TRUE(negative.tree.empty());
    EXPECT_EQ(negative.negative.row(9)[99], 0.0F);
    options.negative = 0;
    options.hierarchical_softmax = true;
    const Model tree(options, words(10));
    EXPECT_TRUE(tree.negative.empty());
    EXPECT_EQ(tree.tree.rows(), 9U);
    options.negative = 1;
    const Model both(options, words(10));
    EXPECT_FALSE(both.negative.empty() || both.tree.empty());
}

TEST(Model, ExtendedKeepsWhatIsThereAndMatchesTheTreeFromTheRootOn) {
    Word2VecOptions options;
    options.hierarchical_softmax = true;
    Model model(options, words(4));
    model.epochs_done = 3;
    model.input.row(3)[1] = 7;
    model.negative.row(3)[1] = 8;
    model.tree.row(2)[1] = 9;  // the root
    const Model larger = model.extended(
        Vocabulary::in_order(std::vector<std::pair<std::string, std::uint64_t>>{{"new", 2}, {"w1", 1}}));
    EXPECT_EQ(larger.vocabulary.size(), 5U);
    EXPECT_EQ(larger.vocabulary.count(1), 1'000U);
    EXPECT_EQ(larger.epochs_done, 3U);
    EXPECT_EQ(larger.input.row(3)[1], 7.0F);
    EXPECT_EQ(larger.negative.row(3)[1], 8.0F);
    EXPECT_EQ(larger.tree.row(3)[1], 9.0F);
    EXPECT_EQ(larger.huffman.words(), 5U);
    const Model fresh(options, words(5));
    EXPECT_EQ(larger.input.row(4)[0], fresh.input.row(4)[0]);
    EXPECT_EQ(larger.negative.row(4)[1], 0.0F);
}

TEST(Model, AdditionsAreWhatTheOptionsLetThroughAndAllThatIsKnown) {
    const Corpus corpus = test::corpus_of("known rare often often often");
    const Vocabulary known = Vocabulary::in_order(std::vector<std::pair<std::string, std::uint64_t>>{{"known", 5}});
    EXPECT_EQ(additions(corpus, known, {2, 0}).words(), (std::vector<std::string>{"often", "known"}));
}

}  // namespace
}  // namespace kith::embed
