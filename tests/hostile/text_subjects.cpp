// Text that people hand over, and models in others' formats: corpora, phrases, evaluation sets, fastText's .bin.
#include <kith/corpus.hpp>
#include <kith/evaluate.hpp>
#include <kith/fasttext.hpp>
#include <kith/phrases.hpp>
#include <kith/tagged_corpus.hpp>

#include "hostile/subject.hpp"

namespace kith::hostile {
namespace {

constexpr std::string_view kText =
    "new york is a city\nnew york and new jersey\nthe city of new york is big\nbig city\tbig dreams\n\n"
    "na\xc3\xafve \xe6\x9d\xb1\xe4\xba\xac text\r\nthe last line has no end";

Corpus corpus() {
    CorpusBuilder builder;
    builder.add_text(kText);
    return builder.finish();
}

int use_corpus(const std::string& path) {
    int accepted = 0;
    for (const SentenceBreak sentence_break :
         {SentenceBreak::kLine, SentenceBreak::kNone, SentenceBreak::kEveryLine}) {
        accepted += attempt([&] {
            const Corpus read = Corpus::read(
                path,
                {.sentence_break = sentence_break, .max_sentence_length = 7, .spill_folder = {}, .threads = 1});
            if (read.types() > read.words()) throw std::logic_error("more types than words");
            Phrases phrases({.min_count = 1, .threshold = 0.1});
            phrases.learn(read);
            (void)phrases.freeze().apply(read);
        });
    }
    for (const TagSource tags : {TagSource::kLineNumber, TagSource::kFirstField}) {
        accepted += attempt([&] { (void)TaggedCorpus::read(path, tags, {.spill_folder = {}, .threads = 1}); });
    }
    return accepted;
}

std::vector<std::string> phrase_files() {
    Phrases phrases({.min_count = 1, .threshold = 0.1, .connector_words = english_connector_words()});
    phrases.learn(corpus());
    return {written(".phrases", [&](const std::string& path) { phrases.freeze().save(path); })};
}

int use_phrases(const std::string& path) {
    return attempt([&] { (void)FrozenPhrases::load(path).apply(corpus()); });
}

std::vector<std::string> facebook_files() {
    std::vector<std::string> files;
    for (const bool tree : {false, true}) {
        FastTextOptions options;
        options.vector_size = 4;
        options.min_count = 1;
        options.epochs = 1;
        options.bucket = 20;
        options.threads = 1;
        options.hierarchical_softmax = tree;
        if (tree) options.negative = 0;
        const FastText model = FastText::train(corpus(), options);
        files.push_back(written(".bin", [&](const std::string& path) { model.save_facebook(path); }));
    }
    return files;
}

int use_facebook(const std::string& path) {
    return attempt([&] {
        const FastText model = FastText::load_facebook(path);
        (void)model.vector("york");
        (void)model.vector("no such word");
        (void)model.vectors();
    });
}

const KeyedVectors& words() {
    static const KeyedVectors vectors = [] {
        const std::vector<std::string> keys = {"athens", "greece", "oslo", "norway", "Tiger", "cat"};
        const std::vector<float> values = numbers(keys.size() * 4);
        return KeyedVectors(keys, MatrixView<const float>(values.data(), keys.size(), 4));
    }();
    return vectors;
}

}  // namespace

void add_text_subjects(std::vector<Subject>& list) {
    list.push_back(
        {"corpus",
         [] {
             return std::vector<std::string>{std::string(kText), "tag1,tag2\tone two three\ntag3\tfour five"};
         },
         use_corpus});
    list.push_back({"phrases", phrase_files, use_phrases});
    list.push_back({"facebook", facebook_files, use_facebook});
    list.push_back(
        {"analogies",
         [] {
             return std::vector<std::string>{
                 ": capitals\nathens greece oslo norway\nathens greece oslo sweden\n"
                 ": more\noslo norway athens greece\n"};
         },
         [](const std::string& path) { return attempt([&] { (void)evaluate_analogies(words(), path); }); }});
    list.push_back(
        {"word_pairs",
         [] { return std::vector<std::string>{"# a comment\ntiger\tcat\t7.35\nathens\toslo\t5\ncat\tx\t1\n"}; },
         [](const std::string& path) { return attempt([&] { (void)evaluate_word_pairs(words(), path); }); }});
}

}  // namespace kith::hostile
