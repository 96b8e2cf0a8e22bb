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

Corpus read_corpus(nb::handle paths, std::size_t max_sentence_length, std::uint64_t max_vocab_size, bool lines,
                   std::size_t threads, nb::handle progress) {
    std::vector<std::string> names;
    if (nb::isinstance<nb::list>(paths) || nb::isinstance<nb::tuple>(paths)) {
        for (const nb::handle path : paths) names.push_back(to_path(path));
    } else {
        names.push_back(to_path(paths));
    }
    CorpusOptions options = corpus_options(max_sentence_length, max_vocab_size, threads);
    options.sentence_break = lines ? SentenceBreak::kLine : SentenceBreak::kNone;
    Corpus corpus;
    run_interruptibly(progress, [&](const ProgressFn& report) { corpus = Corpus::read(names, options, report); });
    return corpus;
}

// Sentences of any iterable of iterables of str; it is passed over once.
Corpus collect_corpus(nb::handle sentences, std::size_t max_sentence_length, std::uint64_t max_vocab_size) {
    CorpusBuilder builder(corpus_options(max_sentence_length, max_vocab_size, 0));
    Texts words;
    std::uint64_t next_check = 0;
    for (const nb::handle sentence : sentences) {
        if (nb::isinstance<nb::str>(sentence)) {
            raise(PyExc_TypeError, "each sentence must be a list of words, not one str: pass sentence.split()");
        }
        builder.add_sentence(words.read(sentence));
        if (builder.words() < next_check) continue;
        next_check = builder.words() + 10'000;
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
    }
    return builder.finish();
}

// One caller at a time, so that a model may be asked while another thread trains it.
struct Model {
    explicit Model(const Word2VecOptions& options) : word2vec(options) {}
    explicit Model(Word2Vec opened) : word2vec(std::move(opened)) {}

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

void build_vocabulary_from(Model& self, nb::handle counts, bool in_order) {
    std::vector<std::pair<std::string, std::uint64_t>> counted;
    for (const nb::handle item : counts.attr("items")()) {
        const nb::object word = item[0];
        const nb::object count = item[1];
        counted.emplace_back(from_str(word), nb::cast<std::uint64_t>(count));
    }
    const ObjectLock::Guard guard(self.lock);
    const auto& options = self.word2vec.options();
    const nb::gil_scoped_release unlocked;
    self.word2vec.build_vocabulary(in_order ? Vocabulary::in_order(counted)
                                            : Vocabulary(counted, {.min_count = options.min_count,
                                                                   .max_final_vocab = options.max_final_vocab}));
}

nb::object train(Model& self, const Corpus& corpus, std::optional<std::size_t> epochs,
                 std::optional<double> start_alpha, std::optional<double> end_alpha, nb::handle progress,
                 std::size_t first_epoch, std::optional<std::size_t> last_epoch, bool compute_loss) {
    const ObjectLock::Guard guard(self.lock);
    const TrainingOptions options{.epochs = epochs,
                                  .start_alpha = start_alpha,
                                  .end_alpha = end_alpha,
                                  .compute_loss = compute_loss,
                                  .first_epoch = first_epoch,
                                  .last_epoch = last_epoch};
    TrainingReport report;
    run_interruptibly(progress,
                      [&](const ProgressFn& tell) { report = self.word2vec.train_on(corpus, options, tell); });
    nb::dict result;
    result["raw_words"] = report.raw_words;
    result["trained_words"] = report.trained_words;
    result["seconds"] = report.seconds;
    nb::list losses;
    for (const double loss : report.epoch_losses) losses.append(loss);
    result["epoch_losses"] = losses;
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

// Shares the model's memory, and keeps the model.
template <MatrixView<float> (Word2Vec::*Weights)() noexcept>
nb::object weights_view(nb::handle_t<Model> self) {
    return view_matrix((nb::cast<Model&>(self).word2vec.*Weights)(), self);
}

nb::object words_of(Model& self) {
    const Vocabulary& vocabulary = self.word2vec.vocabulary();
    nb::list words;
    const auto counts = new_ids(vocabulary.size());
    for (std::size_t row = 0; row < vocabulary.size(); ++row) {
        words.append(to_str(vocabulary.word(row)));
        counts.data[row] = static_cast<Id>(vocabulary.count(row));
    }
    return nb::make_tuple(words, counts.array);
}

nb::object dropped_by(Model& self) {
    const Vocabulary& vocabulary = self.word2vec.vocabulary();
    return nb::make_tuple(vocabulary.dropped_types(), vocabulary.dropped_words(), vocabulary.effective_min_count());
}

nb::object options_of(Model& self) {
    const Word2VecOptions& options = self.word2vec.options();
    nb::dict result;
    result["vector_size"] = options.vector_size;
    result["sg"] = options.architecture == Architecture::kSkipGram;
    result["window"] = options.window;
    result["shrink_windows"] = options.shrink_windows;
    result["negative"] = options.negative;
    result["ns_exponent"] = options.ns_exponent;
    result["hs"] = options.hierarchical_softmax;
    result["cbow_mean"] = options.cbow_mean;
    result["min_count"] = options.min_count;
    result["max_final_vocab"] = options.max_final_vocab;
    result["sample"] = options.sample;
    result["alpha"] = options.alpha;
    result["min_alpha"] = options.min_alpha;
    result["epochs"] = options.epochs;
    result["seed"] = options.seed;
    result["threads"] = options.threads;
    return result;
}

void save_model(Model& self, nb::handle path, const std::string& notes) {
    const std::string name = to_path(path);
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    self.word2vec.save(name, notes);
}

void open_model(nb::handle target, nb::handle path) {
    const std::string name = to_path(path);
    std::optional<Word2Vec> opened;
    {
        const nb::gil_scoped_release unlocked;
        opened = Word2Vec::open(name);
    }
    new (nb::inst_ptr<Model>(target)) Model(std::move(*opened));
    nb::inst_mark_ready(target);
}

nb::object corpus_counts(const Corpus& corpus) {
    nb::dict counts;
    for (std::size_t type = 0; type < corpus.types(); ++type) {
        if (corpus.count(type) > 0) counts[to_str(corpus.word(type))] = corpus.count(type);
    }
    return counts;
}

void bind_models(nb::module_& module) {
    const Word2VecOptions defaults;
    nb::class_<Model>(module, "Word2Vec", "Vectors for words, learned from the words around them.")
        .def("__init__", make_model, nb::kw_only(), "vector_size"_a = defaults.vector_size, "sg"_a = false,
             "window"_a = defaults.window, "shrink_windows"_a = defaults.shrink_windows,
             "negative"_a = defaults.negative, "ns_exponent"_a = defaults.ns_exponent, "hs"_a = false,
             "cbow_mean"_a = defaults.cbow_mean, "min_count"_a = defaults.min_count,
             "max_final_vocab"_a = defaults.max_final_vocab, "sample"_a = defaults.sample,
             "alpha"_a = defaults.alpha, "min_alpha"_a = defaults.min_alpha, "epochs"_a = defaults.epochs,
             "seed"_a = defaults.seed, "threads"_a = defaults.threads)
        .def_static("_open_init", open_model, "target"_a, "path"_a)
        .def("build_vocabulary", build_vocabulary, "corpus"_a, "The words of a corpus.")
        .def("build_vocabulary_from", build_vocabulary_from, "counts"_a, "in_order"_a = false,
             "The words of a mapping to their counts; in order: all of them, row by row.")
        .def("train", train, "corpus"_a, "epochs"_a.none() = nb::none(), "start_alpha"_a.none() = nb::none(),
             "end_alpha"_a.none() = nb::none(), "progress"_a.none() = nb::none(), nb::kw_only(),
             "first_epoch"_a = 0, "last_epoch"_a.none() = nb::none(), "compute_loss"_a = false,
             "Trains on; gives what was done.")
        .def("vectors", vectors_of, "The vectors with their words and counts.")
        .def("vocabulary", vocabulary_of, "Counts by word, the most frequent first.")
        .def("save", save_model, "path"_a, "notes"_a = "", "Writes a .kith file that open() and KeyedVectors read.")
        .def_prop_ro(
            "notes", [](Model& self) { return to_str(self.word2vec.notes()); }, "What save() was given.")
        .def_prop_ro("options", options_of, "By name.")
        .def("input_weights", weights_of<&Word2Vec::input_weights>, "A copy of the vectors as they are.")
        .def("negative_weights", weights_of<&Word2Vec::negative_weights>, "A copy; gensim's syn1neg.")
        .def("tree_weights", weights_of<&Word2Vec::tree_weights>, "A copy; gensim's syn1.")
        .def("_input_view", weights_view<&Word2Vec::input_weights>)
        .def("_negative_view", weights_view<&Word2Vec::negative_weights>)
        .def("_tree_view", weights_view<&Word2Vec::tree_weights>)
        .def("_words", words_of)
        .def("_dropped", dropped_by);
}

}  // namespace

void bind_word2vec(nb::module_& module) {
    nb::class_<Corpus>(module, "Corpus", "Text, read once and kept as numbers.")
        .def_static("read", read_corpus, "paths"_a, "max_sentence_length"_a = 10'000, "max_vocab_size"_a = 0,
                    "lines"_a = true, "threads"_a = 0, "progress"_a.none() = nb::none(),
                    "Files or folders of text, one sentence per line (or all in one); .gz too.")
        .def_static("from_sentences", collect_corpus, "sentences"_a, "max_sentence_length"_a = 10'000,
                    "max_vocab_size"_a = 0, "An iterable of lists of words.")
        .def_prop_ro("words", &Corpus::words, "Words of text.")
        .def_prop_ro("sentences", &Corpus::sentences, "Sentences of text.")
        .def_prop_ro("types", &Corpus::types, "Different words.")
        .def("counts", corpus_counts, "Occurrences of each word.");
    bind_models(module);
}

}  // namespace kith::python
