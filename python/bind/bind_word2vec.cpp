// kith._core.Corpus and kith._core.Word2Vec, which kith.Word2Vec extends with what needs no C++.
#include <nanobind/stl/optional.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vocabulary.hpp>
#include <kith/word2vec.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "convert.hpp"
#include "errors.hpp"
#include "interrupt.hpp"
#include "object_lock.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

CorpusOptions corpus_options(std::size_t max_sentence_length, std::uint64_t max_vocab_size, std::size_t threads) {
    CorpusOptions options;
    options.max_sentence_length = max_sentence_length;
    options.max_vocab_size = max_vocab_size;
    options.threads = threads;
    return options;
}

Corpus read_corpus(nb::handle paths, std::size_t max_sentence_length, std::uint64_t max_vocab_size,
                   std::size_t threads, nb::handle progress) {
    std::vector<std::string> names;
    if (nb::isinstance<nb::list>(paths) || nb::isinstance<nb::tuple>(paths)) {
        for (const nb::handle path : paths) names.push_back(to_path(path));
    } else {
        names.push_back(to_path(paths));
    }
    const CorpusOptions options = corpus_options(max_sentence_length, max_vocab_size, threads);
    Corpus corpus;
    run_interruptibly(progress, [&](const ProgressFn& report) { corpus = Corpus::read(names, options, report); });
    return corpus;
}

// Sentences of any iterable of iterables of str; it is passed over once.
Corpus collect_corpus(nb::handle sentences, std::size_t max_sentence_length, std::uint64_t max_vocab_size) {
    CorpusBuilder builder(corpus_options(max_sentence_length, max_vocab_size, 0));
    std::vector<std::string> words;
    std::vector<std::string_view> views;
    for (const nb::handle sentence : sentences) {
        if (nb::isinstance<nb::str>(sentence)) {
            raise(PyExc_TypeError, "each sentence must be a list of words, not one str: pass sentence.split()");
        }
        words = to_strings(sentence);
        views.assign(words.begin(), words.end());
        builder.add_sentence(views);
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
    }
    return builder.finish();
}

// One caller at a time, so that a model may be asked while another thread trains it.
struct Model {
    explicit Model(const Word2VecOptions& options) : word2vec(options) {}

    Word2Vec word2vec;
    ObjectLock lock;
};

void make_model(Model* self, std::size_t vector_size, bool sg, std::size_t window, bool shrink_windows,
                std::size_t negative, double ns_exponent, bool hs, bool cbow_mean, std::uint64_t min_count,
                std::uint64_t max_final_vocab, double sample, double alpha, double min_alpha, std::size_t epochs,
                std::uint64_t seed, std::size_t threads) {
    Word2VecOptions options;
    options.vector_size = vector_size;
    options.architecture = sg ? Architecture::kSkipGram : Architecture::kCbow;
    options.window = window;
    options.shrink_windows = shrink_windows;
    options.negative = negative;
    options.ns_exponent = ns_exponent;
    options.hierarchical_softmax = hs;
    options.cbow_mean = cbow_mean;
    options.min_count = min_count;
    options.max_final_vocab = max_final_vocab;
    options.sample = sample;
    options.alpha = alpha;
    options.min_alpha = min_alpha;
    options.epochs = epochs;
    options.seed = seed;
    options.threads = threads;
    new (self) Model(options);
}

void build_vocabulary(Model& self, const Corpus& corpus) {
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    self.word2vec.build_vocabulary(corpus);
}

void build_vocabulary_from(Model& self, nb::handle counts) {
    std::vector<std::pair<std::string, std::uint64_t>> counted;
    for (const nb::handle item : counts.attr("items")()) {
        const nb::object word = item[0];
        const nb::object count = item[1];
        counted.emplace_back(from_str(word), nb::cast<std::uint64_t>(count));
    }
    const ObjectLock::Guard guard(self.lock);
    const auto& options = self.word2vec.options();
    self.word2vec.build_vocabulary(
        Vocabulary(counted, {.min_count = options.min_count, .max_final_vocab = options.max_final_vocab}));
}

nb::object train(Model& self, const Corpus& corpus, std::optional<std::size_t> epochs,
                 std::optional<double> start_alpha, std::optional<double> end_alpha, nb::handle progress) {
    const ObjectLock::Guard guard(self.lock);
    const TrainingOptions options{.epochs = epochs, .start_alpha = start_alpha, .end_alpha = end_alpha};
    TrainingReport report;
    run_interruptibly(progress,
                      [&](const ProgressFn& tell) { report = self.word2vec.train_on(corpus, options, tell); });
    nb::dict result;
    result["raw_words"] = report.raw_words;
    result["trained_words"] = report.trained_words;
    result["seconds"] = report.seconds;
    return result;
}

KeyedVectors vectors_of(Model& self) {
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    return self.word2vec.vectors();
}

nb::object vocabulary_of(Model& self) {
    const ObjectLock::Guard guard(self.lock);
    const Vocabulary& vocabulary = self.word2vec.vocabulary();
    nb::dict result;
    for (std::size_t row = 0; row < vocabulary.size(); ++row) {
        result[to_str(vocabulary.word(row))] = vocabulary.count(row);
    }
    return result;
}

template <MatrixView<const float> (Word2Vec::*Weights)() const noexcept>
nb::object weights_of(Model& self) {
    const ObjectLock::Guard guard(self.lock);
    const MatrixView<const float> weights = (self.word2vec.*Weights)();
    const auto copy = new_floats(weights.rows(), weights.cols());
    for (std::size_t row = 0; row < weights.rows(); ++row) {
        const auto from = weights.row(row);
        std::copy(from.begin(), from.end(), copy.data + row * weights.cols());
    }
    return copy.array;
}

}  // namespace

void bind_word2vec(nb::module_& module) {
    nb::class_<Corpus>(module, "Corpus", "Text, read once and kept as numbers.")
        .def_static("read", read_corpus, "paths"_a, "max_sentence_length"_a = 10'000, "max_vocab_size"_a = 0,
                    "threads"_a = 0, "progress"_a.none() = nb::none(),
                    "Files or folders of text, one sentence per line; .gz too.")
        .def_static("from_sentences", collect_corpus, "sentences"_a, "max_sentence_length"_a = 10'000,
                    "max_vocab_size"_a = 0, "An iterable of lists of words.")
        .def_prop_ro("words", &Corpus::words, "Words of text.")
        .def_prop_ro("sentences", &Corpus::sentences, "Sentences of text.")
        .def_prop_ro("types", &Corpus::types, "Different words.");

    const Word2VecOptions defaults;
    nb::class_<Model>(module, "Word2Vec", "Vectors for words, learned from the words around them.")
        .def("__init__", make_model, nb::kw_only(), "vector_size"_a = defaults.vector_size, "sg"_a = false,
             "window"_a = defaults.window, "shrink_windows"_a = defaults.shrink_windows,
             "negative"_a = defaults.negative, "ns_exponent"_a = defaults.ns_exponent, "hs"_a = false,
             "cbow_mean"_a = defaults.cbow_mean, "min_count"_a = defaults.min_count,
             "max_final_vocab"_a = defaults.max_final_vocab, "sample"_a = defaults.sample,
             "alpha"_a = defaults.alpha, "min_alpha"_a = defaults.min_alpha, "epochs"_a = defaults.epochs,
             "seed"_a = defaults.seed, "threads"_a = defaults.threads)
        .def("build_vocabulary", build_vocabulary, "corpus"_a, "The words of a corpus.")
        .def("build_vocabulary_from", build_vocabulary_from, "counts"_a, "The words of a mapping to their counts.")
        .def("train", train, "corpus"_a, "epochs"_a.none() = nb::none(), "start_alpha"_a.none() = nb::none(),
             "end_alpha"_a.none() = nb::none(), "progress"_a.none() = nb::none(), "Trains on; gives what was done.")
        .def("vectors", vectors_of, "The vectors with their words and counts.")
        .def("vocabulary", vocabulary_of, "Counts by word, the most frequent first.")
        .def("input_weights", weights_of<&Word2Vec::input_weights>, "A copy of the vectors as they are.")
        .def("negative_weights", weights_of<&Word2Vec::negative_weights>, "A copy; gensim's syn1neg.")
        .def("tree_weights", weights_of<&Word2Vec::tree_weights>, "A copy; gensim's syn1.");
}

}  // namespace kith::python
