#include <kith/word2vec.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "embed/corpus_text.hpp"
#include "embed/cosine.hpp"
#include "support/data.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::cosine;
using test::small_corpus;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The option `change` makes wrong must be named.
template <class Change>
void expect_refused(const std::string& option, Change change) {
    Word2VecOptions options;
    change(options);
    try {
        const Word2Vec model(options);
        ADD_FAILURE() << option << " was accepted";
    } catch (const InvalidArgument& error) {
        EXPECT_NE(std::string(error.what()).find(option + " = "), std::string::npos) << error.what();
    }
}

TEST(Word2Vec, RefusesOptionsThatCannotWorkAndNamesThem) {
    expect_refused("vector_size", [](auto& o) { o.vector_size = 0; });
    expect_refused("vector_size", [](auto& o) { o.vector_size = std::numeric_limits<std::size_t>::max(); });
    expect_refused("window", [](auto& o) { o.window = 0; });
    expect_refused("epochs", [](auto& o) { o.epochs = 0; });
    expect_refused("negative", [](auto& o) { o.negative = 0; });
    expect_refused("negative", [](auto& o) { o.negative = std::numeric_limits<std::size_t>::max(); });
    expect_refused("sample", [](auto& o) { o.sample = -1; });
    expect_refused("alpha", [](auto& o) { o.alpha = kNaN; });
    expect_refused("min_alpha", [](auto& o) { o.min_alpha = -0.1; });
    expect_refused("ns_exponent", [](auto& o) { o.ns_exponent = kNaN; });
}

TEST(Word2Vec, LockFactorsHoldRowsInPlaceOrSlowThemDown) {
    for (const Architecture architecture : {Architecture::kSkipGram, Architecture::kCbow}) {
        Word2VecOptions options;
        options.architecture = architecture;
        options.vector_size = 20;
        options.min_count = 1;
        options.epochs = 3;
        options.threads = 1;
        const auto trained = [&](std::vector<float> factors) {
            Word2Vec model(options);
            model.build_vocabulary(small_corpus());
            model.set_lock_factors(factors);
            const MatrixView<const float> rows = std::as_const(model).input_weights();
            std::vector<std::vector<float>> before;
            for (std::size_t i = 0; i < rows.rows(); ++i)
                before.emplace_back(rows.row(i).begin(), rows.row(i).end());
            model.train_on(small_corpus());
            std::vector<float> moved;
            for (std::size_t i = 0; i < rows.rows(); ++i) {
                double sum = 0;
                for (std::size_t d = 0; d < rows.cols(); ++d) sum += std::abs(rows.row(i)[d] - before[i][d]);
                moved.push_back(static_cast<float>(sum));
            }
            return moved;
        };
        const std::vector<float> free = trained({});
        const std::size_t words = free.size();
        ASSERT_GT(words, 4U);
        EXPECT_EQ(trained(std::vector<float>(words, 1.0F)), free);
        std::vector<float> factors(words, 1.0F);
        factors[0] = 0;
        factors[2] = 0.01F;
        const std::vector<float> held = trained(factors);
        EXPECT_EQ(held[0], 0);
        EXPECT_GT(held[1], 0.2F * free[1]);
        EXPECT_GT(held[2], 0);
        EXPECT_LT(held[2], 0.1F * free[2]);
        EXPECT_EQ(trained(std::vector<float>(words, 0.0F)), std::vector<float>(words, 0.0F));
    }
}

TEST(Word2Vec, LockFactorsAreOnePerWordAndFinite) {
    Word2Vec model;
    EXPECT_THROW(model.set_lock_factors(std::vector<float>{1}), InvalidArgument);
    EXPECT_NO_THROW(model.set_lock_factors({}));
    model.build_vocabulary(small_corpus());
    const std::size_t words = model.vocabulary().size();
    EXPECT_THROW(model.set_lock_factors(std::vector<float>(words + 1, 1.0F)), InvalidArgument);
    EXPECT_THROW(model.set_lock_factors(std::vector<float>(words, static_cast<float>(kNaN))), InvalidArgument);
}

TEST(Word2Vec, IntersectTakesKnownVectorsAndHoldsThemInPlace) {
    Word2VecOptions options;
    options.vector_size = 4;
    options.min_count = 1;
    options.threads = 1;
    Word2Vec model(options);
    model.build_vocabulary(small_corpus());
    const std::vector<std::string> keys = {model.vocabulary().words()[2], "never said",
                                           model.vocabulary().words()[0]};
    Matrix rows(3, 4);
    for (std::size_t i = 0; i < 12; ++i) rows.data()[i] = static_cast<float>(i) / 8;
    const KeyedVectors known(keys, rows.view());
    const auto row = [&](std::size_t i) {
        const std::span<const float> values = std::as_const(model).input_weights().row(i);
        return std::vector<float>(values.begin(), values.end());
    };
    const std::vector<float> other = row(1);
    EXPECT_EQ(model.intersect(known), 2U);
    const std::vector<float> first(rows.row(2).begin(), rows.row(2).end());
    const std::vector<float> third(rows.row(0).begin(), rows.row(0).end());
    EXPECT_EQ(row(0), first);
    EXPECT_EQ(row(1), other);
    EXPECT_EQ(row(2), third);
    model.train_on(small_corpus());
    EXPECT_EQ(row(0), first);
    EXPECT_NE(row(1), other);
    EXPECT_EQ(row(2), third);

    const std::vector<std::size_t> one = {2};
    EXPECT_EQ(model.intersect(known.select(one), 1), 1U) << "and the rest stays as it is";
    model.train_on(small_corpus());
    EXPECT_NE(row(0), first);
    EXPECT_EQ(row(2), third);
    EXPECT_EQ(model.intersect(KeyedVectors()), 0U);
}

TEST(Word2Vec, IntersectRefusesWhatDoesNotFitAndChangesNothing) {
    Word2VecOptions options;
    options.vector_size = 4;
    options.min_count = 1;
    Word2Vec model(options);
    EXPECT_THROW(model.intersect(KeyedVectors()), InvalidArgument) << "no vocabulary";
    model.build_vocabulary(small_corpus());
    const std::vector<std::string> keys = {model.vocabulary().words()[0]};
    const float before = std::as_const(model).input_weights().row(0)[0];
    EXPECT_THROW(model.intersect(KeyedVectors(keys, Matrix(1, 3).view())), InvalidArgument);
    EXPECT_THROW(model.intersect(KeyedVectors(keys, Matrix(1, 4).view()), static_cast<float>(kNaN)),
                 InvalidArgument);
    EXPECT_EQ(std::as_const(model).input_weights().row(0)[0], before);
}

TEST(Word2Vec, StagesComeInOrder) {
    Word2Vec model;
    EXPECT_TRUE(model.vocabulary().empty());
    EXPECT_TRUE(model.input_weights().empty());
    EXPECT_THROW(model.train_on(small_corpus()), InvalidArgument);
    EXPECT_THROW(model.build_vocabulary(test::corpus_of("too rare")), InvalidArgument);
    model.build_vocabulary(small_corpus());
    EXPECT_THROW(model.build_vocabulary(small_corpus()), InvalidArgument);
    EXPECT_THROW(model.train_on(Corpus()), InvalidArgument);
    EXPECT_THROW(model.train_on(small_corpus(), {.epochs = 0, .start_alpha = {}, .end_alpha = {}}),
                 InvalidArgument);
}

TEST(Word2Vec, TrainsInStagesAndAddsUpTheReport) {
    Word2VecOptions options;
    options.threads = 1;
    Word2Vec model(options);
    model.build_vocabulary(small_corpus());
    const float before = model.input_weights().row(0)[0];
    const TrainingReport first =
        model.train_on(small_corpus(), {.epochs = 2, .start_alpha = 0.05, .end_alpha = 0.02});
    EXPECT_EQ(first.raw_words, 2 * small_corpus().words());
    const float between = model.input_weights().row(0)[0];
    EXPECT_NE(between, before);
    model.train_on(small_corpus(), {.epochs = 1, .start_alpha = {}, .end_alpha = {}});
    EXPECT_NE(model.input_weights().row(0)[0], between);
    EXPECT_EQ(model.report().raw_words, 3 * small_corpus().words());
}

TEST(Word2Vec, AllAtOnceIsTheStagesTogether) {
    Word2VecOptions options;
    options.threads = 1;
    const Word2Vec at_once = Word2Vec::train(small_corpus(), options);
    Word2Vec staged(options);
    staged.build_vocabulary(small_corpus());
    staged.train_on(small_corpus());
    ASSERT_EQ(at_once.vocabulary().words(), staged.vocabulary().words());
    for (std::size_t row = 0; row < staged.vocabulary().size(); ++row) {
        const auto a = at_once.input_weights().row(row);
        const auto b = staged.input_weights().row(row);
        EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
    }
}

TEST(Word2Vec, EpochsOneByOneAreTheEpochsTogether) {
    Word2VecOptions options;
    options.threads = 1;
    const Word2Vec together = Word2Vec::train(small_corpus(), options);
    Word2Vec one_by_one(options);
    one_by_one.build_vocabulary(small_corpus());
    for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
        const TrainingReport report = one_by_one.train_on(
            small_corpus(),
            {.epochs = {}, .start_alpha = {}, .end_alpha = {}, .first_epoch = epoch, .last_epoch = epoch + 1});
        EXPECT_EQ(report.raw_words, small_corpus().words());
    }
    for (std::size_t row = 0; row < together.vocabulary().size(); ++row) {
        const auto a = together.input_weights().row(row);
        const auto b = one_by_one.input_weights().row(row);
        EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
    }
    EXPECT_THROW(
        one_by_one.train_on(small_corpus(), {.epochs = 3, .start_alpha = {}, .end_alpha = {}, .first_epoch = 3}),
        InvalidArgument);
}

TEST(Word2Vec, TrainsFromWeightsThatTheCallerWrote) {
    Word2VecOptions options;
    options.threads = 1;
    Word2Vec model(options);
    model.build_vocabulary(
        Vocabulary::in_order(std::vector<std::pair<std::string, std::uint64_t>>{{"dog", 1}, {"the", 9}}));
    EXPECT_EQ(model.vocabulary().word(0), "dog");
    std::ranges::fill(model.input_weights().row(1), 0.25F);
    std::ranges::fill(model.negative_weights().row(0), 0.5F);
    const Word2Vec& same = model;
    EXPECT_EQ(same.input_weights().row(1)[7], 0.25F);
    model.train_on(small_corpus());
    EXPECT_NE(same.input_weights().row(1)[7], 0.25F);
}

TEST(Word2Vec, WeightsHaveTheShapesOfTheVocabulary) {
    Word2VecOptions options;
    options.vector_size = 33;
    options.hierarchical_softmax = true;
    const Word2Vec model = Word2Vec::train(small_corpus(), options);
    const std::size_t words = model.vocabulary().size();
    EXPECT_EQ(words, 6U);
    EXPECT_EQ(model.vocabulary().word(0), "the");
    EXPECT_EQ(model.input_weights().rows(), words);
    EXPECT_EQ(model.input_weights().cols(), 33U);
    EXPECT_EQ(model.negative_weights().rows(), words);
    EXPECT_EQ(model.tree_weights().rows(), words - 1);
}

TEST(Word2Vec, GivesItsVectorsWithWordsAndCounts) {
    const Word2Vec model = Word2Vec::train(small_corpus());
    const KeyedVectors vectors = model.vectors();
    ASSERT_EQ(vectors.size(), model.vocabulary().size());
    EXPECT_EQ(vectors.dim(), 100U);
    for (std::size_t row = 0; row < vectors.size(); ++row) {
        EXPECT_EQ(vectors.key(row), model.vocabulary().word(row));
        EXPECT_EQ(vectors.counts()[row], model.vocabulary().count(row));
        const auto want = model.input_weights().row(row);
        EXPECT_TRUE(std::equal(want.begin(), want.end(), vectors.vector(row).begin()));
    }
    EXPECT_EQ(Word2Vec().vectors().size(), 0U);
}

TEST(Word2Vec, GivesTheSameVectorsWhenItIsNotNeededAnyMore) {
    Word2VecOptions options;
    options.hierarchical_softmax = true;
    Word2Vec model = Word2Vec::train(small_corpus(), options);
    const KeyedVectors kept = model.vectors();
    const KeyedVectors last = std::move(model).vectors();
    ASSERT_EQ(last.size(), kept.size());
    for (std::size_t row = 0; row < kept.size(); ++row) {
        EXPECT_EQ(last.key(row), kept.key(row));
        EXPECT_TRUE(std::equal(kept.vector(row).begin(), kept.vector(row).end(), last.vector(row).begin()));
    }
    EXPECT_EQ(Word2Vec().vectors().size(), 0U);
}

TEST(Word2Vec, WordsOfAnotherCorpusThatAreUnknownAreSkipped) {
    Word2Vec model;
    model.build_vocabulary(small_corpus());
    const TrainingReport report = model.train_on(test::corpus_of("nothing known here"));
    EXPECT_EQ(report.raw_words, 15U);
    EXPECT_EQ(report.trained_words, 0U);
}

TEST(Word2Vec, ExtendedKnowsNewWordsAndGoesOnLearning) {
    Word2VecOptions options;
    options.min_count = 2;
    options.threads = 1;
    const Word2Vec model = Word2Vec::train(small_corpus(), options);
    const Corpus more = test::corpus_of("the new new the once\nnew the new");
    Word2Vec larger = model.extended(more);
    EXPECT_EQ(larger.vocabulary().size(), model.vocabulary().size() + 1) << "once is too rare";
    EXPECT_EQ(larger.vocabulary().word(model.vocabulary().size()), "new");
    EXPECT_EQ(larger.vocabulary().count(0), model.vocabulary().count(0) + 3);
    EXPECT_EQ(larger.report().raw_words, model.report().raw_words);
    for (std::size_t row = 0; row < model.vocabulary().size(); ++row) {
        const auto before = model.input_weights().row(row);
        ASSERT_TRUE(std::equal(before.begin(), before.end(), larger.input_weights().row(row).begin()));
    }
    const auto row = larger.input_weights().row(model.vocabulary().size());
    const std::vector<float> beginning(row.begin(), row.end());
    EXPECT_GT(larger.train_on(more, {.epochs = 20}).trained_words, 0U);
    EXPECT_FALSE(std::equal(beginning.begin(), beginning.end(), row.begin()));
    EXPECT_THROW(static_cast<void>(Word2Vec().extended(more)), InvalidArgument);
}

TEST(Word2Vec, RealTextPutsKindredWordsNearEachOther) {
    KITH_NEED_DATA(path, "text8.prefix.gz");
    Word2VecOptions options;
    options.architecture = Architecture::kSkipGram;
    options.vector_size = 64;
    options.alpha = 0.05;
    options.sample = 1e-4;
    options.epochs = 2;
    const Word2Vec model = Word2Vec::train(Corpus::read(path), options);
    const auto vector = [&](const char* word) { return model.input_weights().row(*model.vocabulary().find(word)); };
    const auto nearer = [&](const char* word, const char* near, const char* far) {
        EXPECT_GT(cosine(vector(word), vector(near)), cosine(vector(word), vector(far)) + 0.1)
            << word << " is nearer to " << near << " than to " << far;
    };
    nearer("two", "three", "music");
    nearer("france", "germany", "computer");
    nearer("king", "emperor", "software");
    nearer("physics", "mathematics", "football");
    nearer("january", "february", "language");
}

}  // namespace
}  // namespace kith
