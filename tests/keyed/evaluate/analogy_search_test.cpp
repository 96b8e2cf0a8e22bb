#include "keyed/evaluate/analogy_search.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "keyed/random_vectors.hpp"

namespace kith::keyed {
namespace {

std::vector<std::size_t> one_by_one(const KeyedVectors& vectors, const Analogy& question, AnalogyMethod method,
                                    std::size_t rows) {
    const std::vector<Term> terms = {Term::row(question.b), Term::row(question.c), Term::row(question.a, -1)};
    const SimilarOptions options{.topn = kAnalogyCandidates, .restrict_vocab = rows};
    std::vector<std::size_t> out;
    for (const Match& match : method == AnalogyMethod::kAdd ? vectors.most_similar(terms, options)
                                                            : vectors.most_similar_cosmul(terms, options)) {
        out.push_back(match.row);
    }
    return out;
}

TEST(AnalogySearch, GivesWhatMostSimilarGivesForEachQuestion) {
    const KeyedVectors vectors = test::random_keyed(3000, 16);
    std::mt19937 random(8);
    std::vector<Analogy> questions;
    for (int i = 0; i < 300; ++i) questions.push_back({random() % 90, random() % 90, random() % 90});
    for (const AnalogyMethod method : {AnalogyMethod::kAdd, AnalogyMethod::kMultiply}) {
        for (const std::size_t threads : {1U, 2U}) {
            const auto found = search_analogies(vectors, 2500, questions, method, threads, [](double) {});
            ASSERT_EQ(found.size(), questions.size());
            for (std::size_t i = 0; i < questions.size(); ++i) {
                EXPECT_EQ(found[i], one_by_one(vectors, questions[i], method, 2500)) << i;
            }
        }
    }
}

TEST(AnalogySearch, NothingToAskOrToFindIsNoError) {
    const KeyedVectors vectors = test::random_keyed(3, 2);
    EXPECT_TRUE(search_analogies(vectors, 3, {}, AnalogyMethod::kAdd, 1, [](double) {}).empty());
    const std::vector<Analogy> all = {{0, 1, 2}};
    EXPECT_TRUE(search_analogies(vectors, 3, all, AnalogyMethod::kAdd, 1, [](double) {})[0].empty());
}

TEST(AnalogySearch, StopsWhenProgressThrows) {
    const KeyedVectors vectors = test::random_keyed(3000, 2);
    const std::vector<Analogy> all = {{0, 1, 2}};
    const auto stop = [](double) { throw Cancelled("stop"); };
    EXPECT_THROW(static_cast<void>(search_analogies(vectors, 3000, all, AnalogyMethod::kAdd, 2, stop)), Cancelled);
}

}  // namespace
}  // namespace kith::keyed
