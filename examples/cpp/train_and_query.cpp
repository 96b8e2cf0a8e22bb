// From text to nearest words: trains on a text made up on the spot, in which the words of a family keep company, and
// asks which words are alike. With an argument, trains on that file instead and asks about a word of it.
//
//     train_and_query [TEXT_FILE WORD]
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <kith/kith.hpp>

namespace {

const std::vector<std::vector<std::string_view>> kFamilies = {
    {"oak", "elm", "ash", "birch", "beech", "pine"},
    {"iron", "gold", "tin", "zinc", "lead", "copper"},
    {"red", "blue", "green", "black", "white", "brown"},
};

kith::Corpus made_up_corpus() {
    std::mt19937 random(3);
    kith::CorpusBuilder builder;
    for (int sentence = 0; sentence < 3000; ++sentence) {
        const auto& family = kFamilies[random() % kFamilies.size()];
        std::vector<std::string_view> words(8);
        for (std::string_view& word : words) word = family[random() % family.size()];
        builder.add_sentence(words);
    }
    return builder.finish();
}

}  // namespace

int main(int argc, char** argv) {
    const bool given = argc == 3;
    const kith::Corpus corpus = given ? kith::Corpus::read(argv[1]) : made_up_corpus();
    const std::string word = given ? argv[2] : "oak";

    kith::Word2VecOptions options;
    options.architecture = kith::Architecture::kSkipGram;
    options.vector_size = given ? 100 : 16;
    options.sample = given ? 1e-4 : 0;
    options.threads = 1;  // repeatable
    const kith::KeyedVectors words = kith::Word2Vec::train(corpus, options).vectors();

    const std::vector<kith::Match> near = words.most_similar(word, {.topn = 5});
    for (const kith::Match& match : near) {
        std::printf("%.*s %.3f\n", static_cast<int>(match.key.size()), match.key.data(), match.score);
    }
    if (given) return 0;

    // The five nearest to a tree must be the five other trees.
    for (const kith::Match& match : near) {
        bool is_tree = false;
        for (const std::string_view tree : kFamilies[0]) is_tree = is_tree || match.key == tree;
        if (!is_tree) return 1;
    }
    return near.size() == 5 ? 0 : 1;
}
