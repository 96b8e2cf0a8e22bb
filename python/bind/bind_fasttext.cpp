// kith._core.FastText, which kith.models.FastText gives gensim's names.
#include <string>
#include <string_view>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/fasttext.hpp>
#include <kith/keyed_vectors.hpp>

#include "bind.hpp"
#include "embedding.hpp"
#include "interrupt.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)
using Model = Held<FastText>;

void make_model(Model* self, const nb::kwargs& options) {
    new (self) Model(FastText(options_from<FastTextOptions>(options)));
}

nb::object vectors_of(Model& self) {
    const ObjectLock::Guard guard(self.lock);
    KeyedVectors vectors;
    {
        const nb::gil_scoped_release unlocked;
        vectors = self.model.vectors();
    }
    return copy_matrix(vectors.vectors());
}

nb::object to_array(const std::vector<float>& values) {
    const auto result = new_floats(values.size());
    std::copy(values.begin(), values.end(), result.data);
    return result.array;
}

nb::object vector_of(Model& self, nb::handle word) {
    const std::string text = from_str(word);
    const ObjectLock::Guard guard(self.lock);
    return to_array(self.model.vector(text));
}

nb::object vectors_of_words(Model& self, nb::handle words) {
    Texts texts;
    const std::vector<std::string_view>& views = texts.read(words);
    const ObjectLock::Guard guard(self.lock);
    Matrix found;
    {
        const nb::gil_scoped_release unlocked;
        found = self.model.vectors_of(views);
    }
    return copy_matrix(found.view());
}

nb::object sentence_vector(Model& self, nb::handle words) {
    Texts texts;
    const std::vector<std::string_view>& views = texts.read(words);
    const ObjectLock::Guard guard(self.lock);
    return to_array(self.model.sentence_vector(views));
}

nb::object buckets_of(Model& self, nb::handle word) {
    const auto buckets = subword_buckets(from_str(word), self.model.options());
    const auto result = new_ids(buckets.size());
    std::copy(buckets.begin(), buckets.end(), result.data);
    return result.array;
}

void save_facebook(Model& self, nb::handle path) {
    const std::string name = to_path(path);
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    self.model.save_facebook(name);
}

}  // namespace

void bind_fasttext(nb::module_& module) {
    LockedClass<Model> type(module, "FastText", "Vectors for words made of vectors for their parts.");
    type.def("__init__", make_model,
             nb::sig("def __init__(self, *, vector_size=100, sg=False, window=5, shrink_windows=True, negative=5, "
                     "ns_exponent=0.75, hs=False, cbow_mean=True, min_count=5, max_final_vocab=0, sample=0.001, "
                     "alpha=0.025, min_alpha=0.0001, epochs=5, seed=1, threads=0, min_n=3, "
                     "max_n=6, bucket=2000000)"))
        .def_static(
            "_open_init",
            [](nb::handle target, nb::handle path) { open_into<FastText>(target, path, &FastText::load); },
            "target"_a, "path"_a.none())
        .def_static(
            "_facebook_init",
            [](nb::handle target, nb::handle path) { open_into<FastText>(target, path, &FastText::load_facebook); },
            "target"_a, "path"_a.none())
        .def("vectors", vectors_of, "A row for each word, its own and its parts' vectors together: a copy.")
        .def("vector", vector_of, "word"_a, "That of any word.")
        .def("vectors_of", vectors_of_words, "words"_a, "A row for each of any words.")
        .def("sentence_vector", sentence_vector, "words"_a, "The mean of the words' vectors at length 1.")
        .def("buckets", buckets_of, "word"_a, "The numbers of a word's parts.")
        .def("save_facebook", save_facebook, "path"_a.none(), "Writes Facebook's .bin.")
        .def("_subword_view", [](nb::handle_t<Model> self) {
            return view_matrix(nb::cast<Model&>(self).model.subword_weights(), self);
        });
    bind_corpus_model(type);
    bind_model(type);
}

}  // namespace kith::python
