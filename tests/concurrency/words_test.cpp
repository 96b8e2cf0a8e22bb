// Words under many threads: reading, training, looking up. The thread sanitizer runs these too (`./test tsan`).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <kith/corpus.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>
#include <kith/word2vec.hpp>
#include <string>
#include <vector>

#include "concurrency/at_once.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

constexpr std::size_t kWordThreads = 4;

// Some 12,000 words of 60 types in lines of different lengths.
std::string text() {
    std::string all;
    unsigned state = 1;
    for (int line = 0; line < 1500; ++line) {
        for (int i = 0; i < 4 + line % 9; ++i) {
            state = state * 1664525U + 1013904223U;
            all += "word" + std::to_string((state >> 16U) % 60) + ' ';
        }
        all += '\n';
    }
    return all;
}

Corpus corpus() {
    CorpusBuilder builder;
    builder.add_text(text());
    return builder.finish();
}

KeyedVectors trained(const Corpus& from, std::size_t threads) {
    Word2VecOptions options;
    options.vector_size = 16;
    options.epochs = 2;
    options.threads = threads;
    return Word2Vec::train(from, options).vectors();
}

TEST(Words, TrainingByManyThreadsGivesAFiniteVectorToEveryWord) {
    const Corpus from = corpus();
    const KeyedVectors words = trained(from, kWordThreads);
    EXPECT_EQ(words.size(), from.types());
    for (std::size_t row = 0; row < words.size(); ++row) EXPECT_TRUE(std::isfinite(words.norms()[row]));
}

TEST(Words, SeveralTrainingsAtOnceWithOneThreadEachAreEachRepeatable) {
    const Corpus from = corpus();
    const KeyedVectors alone = trained(from, 1);
    test::at_once(kWordThreads, [&](std::size_t) {
        const KeyedVectors words = trained(from, 1);
        ASSERT_EQ(words.size(), alone.size());
        for (std::size_t row = 0; row < words.size(); ++row) {
            EXPECT_TRUE(std::ranges::equal(words.vector(row), alone.vector(row)));
        }
    });
}

TEST(Words, ManyThreadsAskingOneSetOfVectorsGetTheAnswersThatOneGets) {
    const KeyedVectors words = trained(corpus(), 1);
    const std::vector<Match> expected = words.most_similar("word7");
    test::at_once(kWordThreads, [&](std::size_t thread) {
        for (int round = 0; round < 10; ++round) {
            const auto found = words.most_similar("word7", {.threads = thread % 2 + 1});
            ASSERT_EQ(found.size(), expected.size());
            for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].key, expected[i].key);
        }
    });
}

TEST(Words, AFileOfVectorsMayBeReplacedWhileItIsOpenElsewhere) {
    const test::TempDir folder;
    const std::string path = folder.file("words.kith");
    const KeyedVectors words = trained(corpus(), 1);
    words.save(path);
    test::at_once(kWordThreads, [&](std::size_t thread) {
        for (int round = 0; round < 10; ++round) {
            if (thread == 0) {
                words.save(path);
            } else {
                EXPECT_EQ(KeyedVectors::open(path).most_similar("word7")[0].key,
                          words.most_similar("word7")[0].key);
            }
        }
    });
}

}  // namespace
}  // namespace kith
