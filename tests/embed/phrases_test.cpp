#include <kith/phrases.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "embed/corpus_text.hpp"
#include "support/data.hpp"

namespace kith {
namespace {

std::vector<std::string> split(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

std::string apply(const auto& phrases, const std::string& text) {
    const auto words = split(text);
    const std::vector<std::string_view> views(words.begin(), words.end());
    std::string out;
    for (const std::string& word : phrases.apply(views)) out += (out.empty() ? "" : " ") + word;
    return out;
}

// Random sentences of few words, so that pairs repeat; some pairs stand together by rule.
std::string random_text(std::size_t sentences, unsigned words) {
    std::mt19937_64 random(3);
    std::string text;
    for (std::size_t i = 0; i < sentences; ++i) {
        for (std::size_t length = 1 + random() % 12; length > 0; --length) {
            const auto word = random() % words;
            text += "w" + std::to_string(word * word / words) + ' ';
            const std::string pair = std::to_string(random() % 60);
            if (pair.size() == 1) text += "p" + pair + " q" + pair + ' ';
        }
        text += '\n';
    }
    return text;
}

TEST(Phrases, CountsWordsAndPairsAsAPlainDictionaryWould) {
    const std::string text = random_text(500, 30);
    std::map<std::string, std::uint64_t> expected;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::string last;
        for (const std::string& word : split(line)) {
            ++expected[word];
            if (!last.empty()) ++expected[last + "_" + word];
            last = word;
        }
    }
    Phrases phrases;
    phrases.learn(test::corpus_of(text));
    EXPECT_EQ(phrases.vocabulary_size(), expected.size());
    std::map<std::string, std::uint64_t> found;
    phrases.for_each([&](std::string_view word, std::uint64_t count) { found[std::string(word)] = count; });
    EXPECT_EQ(found, expected);
    EXPECT_EQ(phrases.count("w0_w0"), expected["w0_w0"]);
    EXPECT_EQ(phrases.count("never"), 0U);
}

TEST(Phrases, TheScoresAreTheirFormulas) {
    const PhraseCounts counts{20, 30, 12, 1'000, 5'000, 5};
    EXPECT_DOUBLE_EQ(default_phrase_score(counts), (12.0 - 5) / (20 * 30) * 1'000);
    const double p = 12.0 / 5'000;
    EXPECT_DOUBLE_EQ(npmi_phrase_score(counts), std::log(p / (20.0 / 5'000 * 30.0 / 5'000)) / -std::log(p));
    EXPECT_EQ(npmi_phrase_score({20, 30, 4, 1'000, 5'000, 5}), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(default_phrase_score({0, 30, 4, 1'000, 5'000, 5}), -std::numeric_limits<double>::infinity());
}

// The example of gensim's documentation of connector words, scored by hand.
TEST(Phrases, JoinsWhatScoresAboveTheThreshold) {
    PhraseOptions options;
    options.min_count = 1;
    options.threshold = 1;
    Phrases phrases(options);
    phrases.learn(
        test::corpus_of("graph minors survey\ntrees graph minors\ngraph of minors\nsystem human interface\n"
                        "human interface\n"));
    // 8 words; pairs graph_minors 2, minors_survey, trees_graph, graph_of, of_minors, system_human, human_interface 2
    EXPECT_EQ(phrases.vocabulary_size(), 8U + 7U);
    const std::vector<std::string_view> candidate = {"graph", "minors"};
    EXPECT_DOUBLE_EQ(phrases.score(candidate), (2.0 - 1) / (3 * 3) * 15);
    EXPECT_EQ(apply(phrases, "the human interface of graph minors survey"),
              "the human_interface of graph_minors survey");
    EXPECT_EQ(apply(phrases.freeze(), "the human interface of graph minors survey"),
              "the human_interface of graph_minors survey");
    EXPECT_THROW(static_cast<void>(phrases.score(std::span(candidate).first(1))), InvalidArgument);
}

TEST(Phrases, ConnectorWordsStandWithinPhrasesOnly) {
    PhraseOptions options;
    options.min_count = 1;
    options.threshold = 0.1;
    options.connector_words = english_connector_words();
    Phrases phrases(options);
    phrases.learn(test::corpus_of("bank of america\nthe bank of america\nlake of geneva\n"));
    EXPECT_EQ(phrases.count("bank_of_america"), 2U);
    EXPECT_EQ(phrases.count("of"), 0U);
    EXPECT_EQ(phrases.words(), 10U);
    EXPECT_EQ(apply(phrases, "to the bank of america of the"), "to the bank_of_america of the");
    EXPECT_EQ(phrases.freeze().phrases().at(0).text, "bank_of_america");
}

TEST(Phrases, ASecondPassFindsLongerPhrasesAndFreezesThem) {
    PhraseOptions options;
    options.min_count = 1;
    options.threshold = 0.5;
    const Corpus corpus = test::corpus_of("new york city\nnew york city\nnew york\na b c d e f g h\n");
    Phrases once(options);
    once.learn(corpus);
    const Corpus joined = once.apply(corpus);
    EXPECT_TRUE(test::sentences_of(joined).starts_with("new_york city\nnew_york city\nnew_york\n"));
    Phrases twice(options);
    twice.learn(joined);
    EXPECT_TRUE(test::sentences_of(twice.apply(joined)).starts_with("new_york_city\nnew_york_city\nnew_york\n"));
    EXPECT_EQ(apply(twice.freeze(), "new_york city"), "new_york_city");
}

TEST(Phrases, FrozenOnesJoinLikeTheOnesTheyCameFrom) {
    PhraseOptions options;
    options.threshold = 0.1;
    const Corpus corpus = test::corpus_of(random_text(2'000, 25));
    Phrases phrases(options);
    phrases.learn(corpus);
    const FrozenPhrases frozen = phrases.freeze();
    EXPECT_GT(frozen.size(), 3U);
    EXPECT_EQ(test::sentences_of(frozen.apply(corpus)), test::sentences_of(phrases.apply(corpus)));
    EXPECT_TRUE(std::is_sorted(frozen.phrases().begin(), frozen.phrases().end(),
                               [](const Phrase& a, const Phrase& b) { return a.score > b.score; }));
}

TEST(Phrases, KeepsToItsOwnScoreAndToTheBoundOfTheVocabulary) {
    PhraseOptions options;
    options.custom_score = [](const PhraseCounts& counts) { return counts.together == 2 ? 1.0 : 0.0; };
    options.threshold = 0.5;
    Phrases phrases(options);
    phrases.learn(test::corpus_of("a b\na b\nc d\nc d\nc d\n"));
    EXPECT_EQ(apply(phrases, "a b c d"), "a_b c d");

    options.max_vocab_size = 40;
    Phrases bounded(options);
    bounded.learn(test::corpus_of(random_text(2'000, 100)));
    EXPECT_LE(bounded.vocabulary_size(), 40U);
    EXPECT_GT(bounded.vocabulary_size(), 0U);
}

TEST(Phrases, AForgottenWordEndsACandidate) {
    CorpusOptions reading;
    reading.max_vocab_size = 2;
    // "x" is forgotten after the first sentence.
    const Corpus corpus = test::corpus_of("a a x b b b\nb b\n", reading);
    ASSERT_NE(test::sentences_of(corpus).find('?'), std::string::npos);
    Phrases phrases;
    phrases.learn(corpus);
    EXPECT_EQ(phrases.count("a_b"), 0U);
    EXPECT_EQ(test::sentences_of(phrases.apply(corpus)), "a a b b b\nb b\n");
}

TEST(Phrases, RefusesOptionsThatCannotWorkAndNamesThem) {
    const auto expect_refused = [](const std::string& option, auto change) {
        PhraseOptions options;
        change(options);
        try {
            const Phrases phrases(options);
            ADD_FAILURE() << option << " was accepted";
        } catch (const InvalidArgument& error) {
            EXPECT_TRUE(std::string(error.what()).starts_with(option + " = ")) << error.what();
        }
    };
    expect_refused("min_count", [](auto& o) { o.min_count = 0; });
    expect_refused("max_vocab_size", [](auto& o) { o.max_vocab_size = 0; });
    expect_refused("delimiter", [](auto& o) { o.delimiter = ""; });
    expect_refused("threshold", [](auto& o) { o.threshold = 0; });
    expect_refused("threshold", [](auto& o) { o.threshold = std::nan(""); });
    expect_refused("threshold", [](auto& o) {
        o.scoring = PhraseScoring::kNpmi;
        o.threshold = 1.5;
    });
}

TEST(Phrases, StopsWhenTold) {
    const Corpus corpus = test::corpus_of(random_text(10, 10));
    Phrases phrases;
    const auto refuse = [](const Progress&) { return false; };
    EXPECT_THROW(phrases.learn(corpus, refuse), Cancelled);
    EXPECT_THROW(static_cast<void>(phrases.apply(corpus, refuse)), Cancelled);
}

TEST(Phrases, RealTextHasThePhrasesEverybodyKnows) {
    KITH_NEED_DATA(path, "text8.prefix.gz");
    Phrases phrases;
    phrases.learn(Corpus::read(path));
    EXPECT_EQ(apply(phrases, "in new york the united states of hong kong"),
              "in new_york the united_states of hong_kong");
}

TEST(Phrases, AnalyzeGivesTheScoresOfThePhrasesThatApplyJoins) {
    Phrases phrases({.min_count = 1, .threshold = 2, .connector_words = {"of"}});
    phrases.learn(test::corpus_of(random_text(300, 20) + "bank of america\nbank of america\n"));
    const FrozenPhrases frozen = phrases.freeze();
    std::size_t found = 0;
    std::istringstream lines(random_text(40, 20) + "a bank of america here\n");
    for (std::string line; std::getline(lines, line);) {
        const auto words = split(line);
        const std::vector<std::string_view> views(words.begin(), words.end());
        const auto joined = phrases.apply(views);
        const auto analyzed = phrases.analyze(views);
        const auto fixed = frozen.analyze(views);
        ASSERT_EQ(analyzed.size(), joined.size());
        ASSERT_EQ(fixed.size(), joined.size());
        for (std::size_t i = 0; i < joined.size(); ++i) {
            EXPECT_EQ(analyzed[i].text, joined[i]);
            EXPECT_EQ(fixed[i].text, joined[i]);
            ASSERT_EQ(analyzed[i].score.has_value(), fixed[i].score.has_value());
            ASSERT_EQ(analyzed[i].score.has_value(), joined[i].find('_') != std::string::npos);
            if (!analyzed[i].score) continue;
            EXPECT_DOUBLE_EQ(*analyzed[i].score, *fixed[i].score);
            EXPECT_GT(*analyzed[i].score, 2);
            ++found;
        }
    }
    EXPECT_GT(found, 10U);
}

TEST(Phrases, CountsMadeElsewhereAreAsGoodAsTheText) {
    const Corpus corpus = test::corpus_of(random_text(200, 20));
    Phrases learned({.min_count = 1, .threshold = 2});
    learned.learn(corpus);
    std::vector<std::pair<std::string, std::uint64_t>> counted;
    learned.for_each([&](std::string_view text, std::uint64_t count) { counted.emplace_back(text, count); });
    Phrases restored(learned.options());
    restored.learn(counted, learned.words());
    EXPECT_EQ(restored.words(), learned.words());
    EXPECT_EQ(restored.vocabulary_size(), learned.vocabulary_size());
    const auto wanted = learned.freeze().phrases();
    const auto found = restored.freeze().phrases();
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].text, wanted[i].text);
        EXPECT_DOUBLE_EQ(found[i].score, wanted[i].score);
    }
}

}  // namespace
}  // namespace kith
