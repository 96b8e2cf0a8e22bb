// Documents about one of two things.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <kith/doc2vec.hpp>
#include <kith/tagged_corpus.hpp>

namespace kith::test {

// Words "a0".."a19" or "b0".."b19", and some of no topic.
inline std::vector<std::string> topic_words(char topic, std::mt19937_64& random, std::size_t length = 30) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < length; ++i) {
        const char kind = random() % 3 == 0 ? topic : 'x';
        words.push_back(kind + std::to_string(random() % 20));
    }
    return words;
}

// Document i is about 'a' when i is even; its tags are its number and, if wanted, its topic.
inline TaggedCorpus topic_documents(std::size_t count, bool topic_tags = false) {
    std::mt19937_64 random(5);
    TaggedCorpusBuilder builder;
    for (std::size_t i = 0; i < count; ++i) {
        const char topic = i % 2 == 0 ? 'a' : 'b';
        const std::vector<std::string> words = topic_words(topic, random);
        const std::vector<std::string_view> views(words.begin(), words.end());
        const std::string number = std::to_string(i);
        std::vector<std::string_view> tags = {number};
        if (topic_tags) tags.push_back(topic == 'a' ? "about a" : "about b");
        builder.add(views, tags);
    }
    return builder.finish();
}

struct DocumentMode {
    const char* name;
    DocumentModel model;
    Combination combination;
    bool train_words;
    std::size_t negative;
    bool tree;
};

inline const DocumentMode kDocumentModes[] = {
    {"MeanNegative", DocumentModel::kDistributedMemory, Combination::kMean, false, 5, false},
    {"MeanTree", DocumentModel::kDistributedMemory, Combination::kMean, false, 0, true},
    {"SumNegative", DocumentModel::kDistributedMemory, Combination::kSum, false, 5, false},
    {"ConcatenatedNegative", DocumentModel::kDistributedMemory, Combination::kConcatenated, false, 5, false},
    {"ConcatenatedBoth", DocumentModel::kDistributedMemory, Combination::kConcatenated, false, 5, true},
    {"BagNegative", DocumentModel::kBagOfWords, Combination::kMean, false, 5, false},
    {"BagTree", DocumentModel::kBagOfWords, Combination::kMean, false, 0, true},
    {"BagWithWords", DocumentModel::kBagOfWords, Combination::kMean, true, 5, false},
};

inline Doc2VecOptions options_of(const DocumentMode& mode) {
    Doc2VecOptions options;
    options.model = mode.model;
    options.combination = mode.combination;
    options.train_words = mode.train_words;
    options.negative = mode.negative;
    options.hierarchical_softmax = mode.tree;
    options.vector_size = 20;
    options.window = 2;
    options.min_count = 1;
    options.sample = 0;
    options.alpha = 0.05;
    options.epochs = 40;
    options.threads = 1;
    return options;
}

}  // namespace kith::test
