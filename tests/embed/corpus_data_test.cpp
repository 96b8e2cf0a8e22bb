#include "embed/corpus_data.hpp"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "embed/corpus_text.hpp"

namespace kith {
namespace {

using test::corpus_of;

CorpusOptions pruned_at(std::uint64_t types, std::size_t sentence = 10'000) {
    CorpusOptions options;
    options.max_vocab_size = types;
    options.max_sentence_length = sentence;
    return options;
}

TEST(CorpusData, PruningForgetsEarlyOccurrencesOfWordsThatReturn) {
    // After the second sentence there are four types: b, c and d go. b returns.
    const Corpus corpus = corpus_of("a b a\nc d\nb a b\n", pruned_at(3));
    EXPECT_EQ(test::sentences_of(corpus), "a ? a\n? ?\nb a b\n");
    EXPECT_EQ(test::types_of(corpus), "a=3 b=2 ");
}

TEST(CorpusData, EachPruningIsHarsher) {
    // Pruned after sentence 1 (seen once) and after sentence 3 (seen twice or less).
    const Corpus corpus = corpus_of("a a a x y\nb b\nc d a\na\n", pruned_at(2));
    EXPECT_EQ(test::types_of(corpus), "a=5 ");
    EXPECT_EQ(test::sentences_of(corpus), "a a a ? ?\n? ?\n? ? a\na\n");
}

// A word counted since its latest return: the model is a map that is pruned by the same rule.
TEST(CorpusData, CountsAreThoseOfAMapPrunedAlike) {
    std::mt19937_64 random(2);
    std::geometric_distribution<int> skewed(0.02);
    std::string text;
    std::map<std::string, std::uint64_t> model;
    std::uint64_t min_reduce = 1;
    for (int sentence = 0; sentence < 500; ++sentence) {
        for (int i = 0; i < 20; ++i) {
            const std::string word = std::to_string(skewed(random));
            text += word + ' ';
            ++model[word];
        }
        text += '\n';
        if (model.size() > 100) {
            std::erase_if(model, [&](const auto& entry) { return entry.second <= min_reduce; });
            ++min_reduce;
        }
    }
    const Corpus corpus = corpus_of(text, pruned_at(100));
    ASSERT_EQ(corpus.types(), model.size());
    std::vector<std::uint64_t> occurrences(corpus.types());
    for (const std::uint32_t id : corpus.ids()) {
        if (id != Corpus::kForgotten) ++occurrences[id];
    }
    for (std::size_t type = 0; type < corpus.types(); ++type) {
        EXPECT_EQ(corpus.count(type), model.at(std::string(corpus.word(type))));
        EXPECT_EQ(occurrences[type], corpus.count(type)) << "every counted occurrence can be trained";
    }
    EXPECT_EQ(corpus.words(), 10'000U);
}

TEST(CorpusData, IdsAppendedInBulkAreCutLikeWordsAppendedOneByOne) {
    CorpusOptions options;
    options.max_sentence_length = 4;
    embed::CorpusData one(options);
    embed::CorpusData bulk(options);
    const std::vector<std::string> words = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    for (const std::string& word : words) {
        one.push(word);
        if (word == "b" || word == "i") one.end_line();
    }
    std::uint32_t next = 0;
    for (const auto& [count, lines] :
         std::vector<std::pair<std::size_t, std::vector<std::size_t>>>{{3, {2}}, {6, {6}}}) {
        std::uint32_t* const room = bulk.extend(count, lines);
        for (std::size_t i = 0; i < count; ++i) room[i] = next++;
    }
    one.end_sentence();
    bulk.end_sentence();
    EXPECT_EQ(one.ends, bulk.ends);
    EXPECT_EQ(std::vector(one.ids.span().begin(), one.ids.span().end()),
              std::vector(bulk.ids.span().begin(), bulk.ids.span().end()));
}

}  // namespace
}  // namespace kith
