// What the bindings of models that learn from text have in common.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nanobind/stl/unique_ptr.h>

#include <kith/corpus.hpp>
#include <kith/doc2vec.hpp>
#include <kith/fasttext.hpp>
#include <kith/training.hpp>
#include <kith/vocabulary.hpp>
#include <kith/word2vec.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "convert.hpp"
#include "errors.hpp"
#include "interrupt.hpp"
#include "locked_class.hpp"
#include "numbers.hpp"
#include "object_lock.hpp"

namespace kith::python {

// One caller at a time, so that a model may be asked while another thread trains it.
template <class T>
struct Held {
    explicit Held(T given) : model(std::move(given)) {}

    T model;
    ObjectLock lock;
};

// Calls visit(name, field) for every option, under the names that Python knows.
template <class Visit>
void visit_options(EmbeddingOptions& options, Visit&& visit) {
    visit("vector_size", options.vector_size);
    visit("window", options.window);
    visit("shrink_windows", options.shrink_windows);
    visit("negative", options.negative);
    visit("ns_exponent", options.ns_exponent);
    visit("hs", options.hierarchical_softmax);
    visit("min_count", options.min_count);
    visit("max_final_vocab", options.max_final_vocab);
    visit("sample", options.sample);
    visit("alpha", options.alpha);
    visit("min_alpha", options.min_alpha);
    visit("epochs", options.epochs);
    visit("seed", options.seed);
    visit("threads", options.threads);
}

template <class Visit>
void visit_options(Word2VecOptions& options, Visit&& visit) {
    visit_options(static_cast<EmbeddingOptions&>(options), visit);
    visit("sg", options.architecture);
    visit("cbow_mean", options.cbow_mean);
}

template <class Visit>
void visit_options(FastTextOptions& options, Visit&& visit) {
    visit_options(static_cast<Word2VecOptions&>(options), visit);
    visit("min_n", options.min_n);
    visit("max_n", options.max_n);
    visit("bucket", options.bucket);
}

template <class Visit>
void visit_options(Doc2VecOptions& options, Visit&& visit) {
    visit_options(static_cast<EmbeddingOptions&>(options), visit);
    visit("dm", options.model);
    visit("combination", options.combination);
    visit("train_words", options.train_words);
    visit("tags_per_document", options.tags_per_document);
}

// A field from a Python value, and back.
void set_option(nb::handle value, const char* name, bool& field);
void set_option(nb::handle value, const char* name, double& field);
void set_option(nb::handle value, const char* name, Architecture& field);
void set_option(nb::handle value, const char* name, DocumentModel& field);
void set_option(nb::handle value, const char* name, Combination& field);
template <class Whole>
requires std::is_unsigned_v<Whole>
void set_option(nb::handle value, const char* name, Whole& field) {
    field = std::string_view(name) == "seed" ? static_cast<Whole>(to_seed(value))
                                             : static_cast<Whole>(to_size(value, name));
}
[[nodiscard]] nb::object option_value(Architecture field);
[[nodiscard]] nb::object option_value(DocumentModel field);
[[nodiscard]] nb::object option_value(Combination field);
template <class T>
requires std::is_arithmetic_v<T>
[[nodiscard]] nb::object option_value(T field) {
    return nb::cast(field);
}

template <class Options>
[[nodiscard]] Options options_from(const nb::kwargs& given) {
    Options options;
    for (const auto& [key, value] : given) {
        const std::string wanted = nb::cast<std::string>(key);
        bool found = false;
        std::string names;
        visit_options(options, [&, value = nb::handle(value)](const char* name, auto& field) {
            names += names.empty() ? name : std::string(", ") + name;
            if (wanted != name) return;
            set_option(value, name, field);
            found = true;
        });
        if (!found) raise(PyExc_TypeError, "there is no option '" + wanted + "'; there are " + names);
    }
    return options;
}

template <class Options>
[[nodiscard]] nb::dict options_to_dict(Options options) {
    nb::dict result;
    visit_options(options, [&](const char* name, auto& field) { result[name] = option_value(field); });
    return result;
}

// The words of a mapping to their counts: in its order, or as `options` let them through.
[[nodiscard]] Vocabulary vocabulary_from(nb::handle counts, bool in_order, const EmbeddingOptions& options);

[[nodiscard]] TrainingOptions training_options(nb::handle epochs, nb::handle start_alpha, nb::handle end_alpha,
                                               nb::handle first_epoch, nb::handle last_epoch, bool compute_loss,
                                               nb::handle threads);
[[nodiscard]] nb::dict to_dict(const TrainingReport& report);
[[nodiscard]] nb::object copy_matrix(MatrixView<const float> weights);

// The rows of words under one name for all models.
inline MatrixView<float> word_weights(Word2Vec& model) noexcept {
    return model.input_weights();
}
inline MatrixView<float> word_weights(Doc2Vec& model) noexcept {
    return model.word_weights();
}
inline MatrixView<float> word_weights(FastText& model) noexcept {
    return model.word_weights();
}

// Puts an opened model in the place of one that Python has made without __init__.
template <class T>
void open_into(nb::handle target, nb::handle path, T (*open)(const std::string&)) {
    const std::string name = to_path(path);
    std::optional<T> opened;
    {
        const nb::gil_scoped_release unlocked;
        opened = open(name);
    }
    new (nb::inst_ptr<Held<T>>(target)) Held<T>(std::move(*opened));
    nb::inst_mark_ready(target);
}

// train() on a Corpus or a TaggedCorpus.
template <class T, class Text>
void bind_train(LockedClass<Held<T>>& type) {
    using namespace nb::literals;  // NOLINT(google-build-using-namespace)
    type.def(
        "train",
        [](Held<T>& self, const Text& corpus, nb::handle epochs, nb::handle start_alpha, nb::handle end_alpha,
           nb::handle progress, nb::handle first_epoch, nb::handle last_epoch, bool compute_loss,
           nb::handle threads) {
            const ObjectLock::Guard guard(self.lock);
            const TrainingOptions options =
                training_options(epochs, start_alpha, end_alpha, first_epoch, last_epoch, compute_loss, threads);
            TrainingReport report;
            run_interruptibly(progress,
                              [&](const ProgressFn& tell) { report = self.model.train_on(corpus, options, tell); });
            return to_dict(report);
        },
        "corpus"_a, "epochs"_a.none() = nb::none(), "start_alpha"_a.none() = nb::none(),
        "end_alpha"_a.none() = nb::none(), "progress"_a.none() = nb::none(), nb::kw_only(),
        "first_epoch"_a.none() = 0, "last_epoch"_a.none() = nb::none(), "compute_loss"_a = false,
        "threads"_a.none() = nb::none(), "Trains on; gives what was done.");
}

// Vocabulary and training of the models that learn from a plain Corpus.
template <class T>
void bind_corpus_model(LockedClass<Held<T>>& type) {
    using namespace nb::literals;  // NOLINT(google-build-using-namespace)
    type.def(
            "build_vocabulary",
            [](Held<T>& self, const Corpus& corpus) {
                const ObjectLock::Guard guard(self.lock);
                const nb::gil_scoped_release unlocked;
                self.model.build_vocabulary(corpus);
            },
            "corpus"_a, "The words of a corpus.")
        .def(
            "build_vocabulary_from",
            [](Held<T>& self, nb::handle counts, bool in_order) {
                Vocabulary vocabulary = vocabulary_from(counts, in_order, self.model.options());
                const ObjectLock::Guard guard(self.lock);
                const nb::gil_scoped_release unlocked;
                self.model.build_vocabulary(std::move(vocabulary));
            },
            "counts"_a, "in_order"_a = false,
            "The words of a mapping to their counts; in order: all of them, row by row.")
        .def(
            "extended_by",
            [](Held<T>& self, nb::handle counts) {
                const Vocabulary more = vocabulary_from(counts, true, self.model.options());
                const ObjectLock::Guard guard(self.lock);
                const nb::gil_scoped_release unlocked;
                return std::make_unique<Held<T>>(self.model.extended(more));
            },
            "counts"_a, "A copy that knows the words of a mapping to their counts too.");
    bind_train<T, Corpus>(type);
}

// Weights as arrays that share the model's memory and keep the model, words and options, and files.
template <class T>
void bind_model(LockedClass<Held<T>>& type) {
    using namespace nb::literals;  // NOLINT(google-build-using-namespace)
    using Self = nb::handle_t<Held<T>>;
    type.def(
            "vocabulary",
            [](Held<T>& self) {
                const ObjectLock::Guard guard(self.lock);
                const Vocabulary& words = self.model.vocabulary();
                nb::dict result;
                for (std::size_t row = 0; row < words.size(); ++row) {
                    result[to_str(words.word(row))] = words.count(row);
                }
                return result;
            },
            "Counts by word, the most frequent first.")
        .def(
            "save",
            [](Held<T>& self, nb::handle path, nb::handle notes) {
                const std::string name = to_path(path);
                const std::string text = to_text(notes, "notes");
                const ObjectLock::Guard guard(self.lock);
                const nb::gil_scoped_release unlocked;
                self.model.save(name, text);
            },
            "path"_a.none(), "notes"_a.none() = "", "Writes a .kith file, which KeyedVectors reads too.")
        .def_prop_ro(
            "notes", [](Held<T>& self) { return to_str(self.model.notes()); }, "What save() was given.")
        .def_prop_ro(
            "options", [](Held<T>& self) { return options_to_dict(self.model.options()); }, "By name.")
        .def("_input_view",
             [](Self self) { return view_matrix(word_weights(nb::cast<Held<T>&>(self).model), self); })
        .def("_negative_view",
             [](Self self) { return view_matrix(nb::cast<Held<T>&>(self).model.negative_weights(), self); })
        .def("_tree_view",
             [](Self self) { return view_matrix(nb::cast<Held<T>&>(self).model.tree_weights(), self); })
        .def("_words",
             [](Held<T>& self) {
                 const Vocabulary& vocabulary = self.model.vocabulary();
                 nb::list words;
                 const auto counts = new_ids(vocabulary.size());
                 for (std::size_t row = 0; row < vocabulary.size(); ++row) {
                     words.append(to_str(vocabulary.word(row)));
                     counts.data[row] = static_cast<Id>(vocabulary.count(row));
                 }
                 return nb::make_tuple(words, counts.array);
             })
        .def("_dropped", [](Held<T>& self) {
            const Vocabulary& vocabulary = self.model.vocabulary();
            return nb::make_tuple(vocabulary.dropped_types(), vocabulary.dropped_words(),
                                  vocabulary.effective_min_count());
        });
}

}  // namespace kith::python
