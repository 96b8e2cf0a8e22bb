// kith._core.Phrases and FrozenPhrases, which kith.models.phrases gives gensim's names.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/error.hpp>
#include <kith/phrases.hpp>

#include "bind.hpp"
#include "convert.hpp"
#include "interrupt.hpp"
#include "locked_class.hpp"
#include "numbers.hpp"
#include "object_lock.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

struct Learner {
    explicit Learner(const PhraseOptions& options) : phrases(options) {}

    Phrases phrases;
    ObjectLock lock;
};

// Keeps the function alive, and calls it with the GIL.
PhraseScore score_by(nb::handle function) {
    const std::shared_ptr<PyObject> held(function.inc_ref().ptr(), [](PyObject* object) {
        const nb::gil_scoped_acquire locked;
        Py_DECREF(object);
    });
    return [held](const PhraseCounts& counts) {
        const nb::gil_scoped_acquire locked;
        const nb::handle callback(held.get());
        const nb::object score = callback("worda_count"_a = counts.first, "wordb_count"_a = counts.second,
                                          "bigram_count"_a = counts.together, "len_vocab"_a = counts.vocabulary,
                                          "min_count"_a = counts.min_count, "corpus_word_count"_a = counts.words);
        return to_number(score, "what the scoring function gives");
    };
}

void make_phrases(Learner* self, nb::handle min_count, nb::handle threshold, nb::handle max_vocab_size,
                  nb::handle delimiter, nb::handle scoring, nb::handle connector_words) {
    PhraseOptions options;
    options.min_count = to_size(min_count, "min_count", "a whole number from 1");
    options.threshold = to_number(threshold, "threshold");
    options.max_vocab_size = to_size(max_vocab_size, "max_vocab_size", "a whole number from 1");
    options.delimiter = to_text(delimiter, "delimiter");
    options.connector_words = to_strings(connector_words);
    if (PyCallable_Check(scoring.ptr()) != 0) {
        options.custom_score = score_by(scoring);
    } else {
        constexpr const char* kWanted = "'default', 'npmi' or a function";
        const std::string name = to_text(scoring, "scoring", kWanted);
        if (name != "default" && name != "npmi") raise_wrong_value(scoring, "scoring", kWanted);
        options.scoring = name == "npmi" ? PhraseScoring::kNpmi : PhraseScoring::kDefault;
    }
    new (self) Learner(options);
}

void learn(Learner& self, const Corpus& corpus, nb::handle progress) {
    const ObjectLock::Guard guard(self.lock);
    run_interruptibly(progress, [&](const ProgressFn& report) { self.phrases.learn(corpus, report); });
}

// Passes over an iterable of sentences once; returns their number.
std::size_t learn_sentences(Learner& self, nb::handle sentences) {
    constexpr std::size_t kBetweenChecks = 10'000;
    Texts words;
    std::size_t count = 0;
    std::size_t unchecked = 0;
    for (const nb::handle sentence : sentences) {
        if (nb::isinstance<nb::str>(sentence)) raise_wrong_type(sentence, "each sentence", "a list of words");
        const auto& texts = words.read(sentence);
        {
            const ObjectLock::Guard guard(self.lock);
            self.phrases.learn(texts);
        }
        ++count;
        unchecked += texts.size();
        if (unchecked < kBetweenChecks) continue;
        unchecked = 0;
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
    }
    return count;
}

void learn_counts(Learner& self, nb::handle counts, nb::handle words) {
    std::vector<std::pair<std::string, std::uint64_t>> counted;
    for (const nb::handle item : counts.attr("items")()) {
        const nb::object text = item[0];
        const nb::object count = item[1];
        counted.emplace_back(from_str(text), to_size(count, "a count"));
    }
    const ObjectLock::Guard guard(self.lock);
    self.phrases.learn(counted, to_size(words, "words"));
}

nb::object counts_of(Learner& self) {
    const ObjectLock::Reading reading(self.lock);
    nb::dict counts;
    self.phrases.for_each([&](std::string_view text, std::uint64_t count) { counts[to_str(text)] = count; });
    return counts;
}

nb::object to_list(const std::vector<std::string>& words) {
    nb::list result;
    for (const std::string& word : words) result.append(to_str(word));
    return result;
}

// What joins words, and what keeps it as it is meanwhile.
const Phrases& joiner_of(const Learner& self) {
    return self.phrases;
}
const FrozenPhrases& joiner_of(const FrozenPhrases& self) {
    return self;
}
ObjectLock::Reading keep(Learner& self) {
    return ObjectLock::Reading(self.lock);
}
std::monostate keep(const FrozenPhrases&) {
    return {};
}

template <class Self>
nb::object apply(Self& self, nb::handle sentence) {
    Texts words;
    const auto& texts = words.read(sentence);
    [[maybe_unused]] const auto kept = keep(self);
    return to_list(joiner_of(self).apply(texts));
}

template <class Self>
nb::object analyze(Self& self, nb::handle sentence) {
    Texts words;
    const auto& texts = words.read(sentence);
    [[maybe_unused]] const auto kept = keep(self);
    nb::list result;
    for (const JoinedWord& word : joiner_of(self).analyze(texts)) {
        const nb::object score = word.score ? nb::cast(*word.score) : nb::none();
        result.append(nb::make_tuple(to_str(word.text), score));
    }
    return result;
}

template <class Self>
Corpus apply_corpus(Self& self, const Corpus& corpus, nb::handle progress) {
    Corpus joined;
    [[maybe_unused]] const auto kept = keep(self);
    run_interruptibly(progress, [&](const ProgressFn& report) { joined = joiner_of(self).apply(corpus, report); });
    return joined;
}

double score(Learner& self, nb::handle words) {
    Texts read;
    const auto& texts = read.read(words);
    const ObjectLock::Reading reading(self.lock);
    return self.phrases.score(texts);
}

std::uint64_t count_of(Learner& self, nb::handle text) {
    const std::string wanted = from_str(text);
    const ObjectLock::Reading reading(self.lock);
    return self.phrases.count(wanted);
}

void make_frozen(FrozenPhrases* self, nb::handle phrases, nb::handle delimiter, nb::handle connector_words) {
    std::vector<Phrase> found;
    for (const nb::handle item : phrases) {
        const nb::object text = item[0];
        const nb::object score = item[1];
        const nb::object count = item[2];
        found.push_back({from_str(text), to_number(score, "a score"), to_size(count, "a count")});
    }
    new (self) FrozenPhrases(found, to_text(delimiter, "delimiter"), to_strings(connector_words));
}

nb::object phrases_of(const FrozenPhrases& self) {
    nb::list result;
    for (const Phrase& phrase : self.phrases()) {
        result.append(nb::make_tuple(to_str(phrase.text), phrase.score, phrase.count));
    }
    return result;
}

void bind_learner(nb::module_& module) {
    LockedClass<Learner>(module, "Phrases", "Counts words and pairs, and tells which pairs are phrases.")
        .def("__init__", make_phrases, nb::kw_only(), "min_count"_a.none() = 5, "threshold"_a.none() = 10.0,
             "max_vocab_size"_a.none() = 40'000'000, "delimiter"_a.none() = "_", "scoring"_a.none() = "default",
             "connector_words"_a.none() = nb::make_tuple())
        .def("learn", learn, "corpus"_a, "progress"_a.none() = nb::none(), "Adds the counts of a text.")
        .def("learn_sentences", learn_sentences, "sentences"_a,
             "Adds the counts of an iterable of lists of words; gives their number.")
        .def("learn_counts", learn_counts, "counts"_a, "words"_a, "Adds counts made elsewhere.")
        .def_prop_ro(
            "words",
            [](Learner& self) {
                const ObjectLock::Reading reading(self.lock);
                return self.phrases.words();
            },
            "Words of text counted.")
        .def("count", count_of, "text"_a, "Of a word or a joined pair.")
        .def("counts", counts_of, "Of all words and pairs.")
        .def("__len__",
             [](Learner& self) {
                 const ObjectLock::Reading reading(self.lock);
                 return self.phrases.vocabulary_size();
             })
        .def("score", score, "words"_a, "Of words that stand together; minus infinity when they never did.")
        .def("apply", apply<Learner>, "sentence"_a, "A sentence with its phrases joined.")
        .def("analyze", analyze<Learner>, "sentence"_a, "The same, each word with its score or None.")
        .def("apply_corpus", apply_corpus<Learner>, "corpus"_a, "progress"_a.none() = nb::none(),
             "A corpus with its phrases joined.")
        .def(
            "freeze",
            [](Learner& self) {
                const ObjectLock::Reading reading(self.lock);
                return self.phrases.freeze();
            },
            "All phrases found.");
}

}  // namespace

void bind_phrases(nb::module_& module) {
    bind_learner(module);
    nb::class_<FrozenPhrases>(module, "FrozenPhrases", "Phrases found and fixed.")
        .def("__init__", make_frozen, "phrases"_a, "delimiter"_a, "connector_words"_a)
        .def("__len__", &FrozenPhrases::size)
        .def_prop_ro("delimiter", [](const FrozenPhrases& self) { return to_str(self.delimiter()); })
        .def_prop_ro("connector_words", [](const FrozenPhrases& self) { return to_list(self.connector_words()); })
        .def("phrases", phrases_of, "(text, score, count) of each, the best first.")
        .def("apply", apply<const FrozenPhrases>, "sentence"_a, "A sentence with its phrases joined.")
        .def("analyze", analyze<const FrozenPhrases>, "sentence"_a, "The same, each word with its score or None.")
        .def("apply_corpus", apply_corpus<const FrozenPhrases>, "corpus"_a, "progress"_a.none() = nb::none(),
             "A corpus with its phrases joined.")
        .def(
            "save", [](const FrozenPhrases& self, nb::handle path) { self.save(to_path(path)); }, "path"_a,
            "Writes a text file: docs/formats.md.")
        .def_static(
            "load", [](nb::handle path) { return FrozenPhrases::load(to_path(path)); }, "path"_a,
            "What save() or `kith phrases` wrote.");
    module.def(
        "english_connector_words", [] { return to_list(english_connector_words()); },
        "The articles and prepositions of English.");
}

}  // namespace kith::python
