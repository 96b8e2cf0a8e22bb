// kith._core.Word2Vec, which kith.Word2Vec extends with what needs no C++.
#include <string>
#include <string_view>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vocabulary.hpp>
#include <kith/word2vec.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "convert.hpp"
#include "embedding.hpp"
#include "interrupt.hpp"
#include "numbers.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)
using Model = Held<Word2Vec>;

void make_model(Model* self, const nb::kwargs& options) {
    new (self) Model(Word2Vec(options_from<Word2VecOptions>(options)));
}

KeyedVectors vectors_of(Model& self) {
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    return self.model.vectors();
}

void set_lock_factors(Model& self, nb::handle factors) {
    const FloatRows numbers(factors, "vectors_lockf");
    const ObjectLock::Guard guard(self.lock);
    const std::size_t count = numbers.view().rows() * numbers.view().cols();
    self.model.set_lock_factors({numbers.view().data(), count});
}

std::size_t intersect(Model& self, nb::handle given, nb::handle lock_factor) {
    const KeyedVectors& known = to_vectors(given, "known");
    const auto factor = static_cast<float>(to_number(lock_factor, "lock_factor"));
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    return self.model.intersect(known, factor);
}

nb::object predict(Model& self, nb::handle context, nb::handle topn) {
    Texts texts;
    const std::vector<std::string_view>& words = texts.read(context);
    const std::size_t count = to_size(topn, "topn");
    const ObjectLock::Guard guard(self.lock);
    std::vector<Match> found;
    {
        const nb::gil_scoped_release unlocked;
        found = self.model.predict(words, count);
    }
    nb::list result;
    for (const Match& match : found) result.append(nb::make_tuple(to_str(match.key), match.score));
    return result;
}

nb::object score(Model& self, const Corpus& sentences, nb::handle progress) {
    const ObjectLock::Guard guard(self.lock);
    std::vector<double> scores;
    run_interruptibly(progress, [&](const ProgressFn& tell) { scores = self.model.score(sentences, tell); });
    nb::list result;
    for (const double each : scores) result.append(each);
    return result;
}

template <MatrixView<const float> (Word2Vec::*Weights)() const noexcept>
nb::object weights_of(Model& self) {
    const ObjectLock::Guard guard(self.lock);
    return copy_matrix((self.model.*Weights)());
}

}  // namespace

void bind_word2vec(nb::module_& module) {
    LockedClass<Model> type(module, "Word2Vec", "Vectors for words, learned from the words around them.");
    type.def("__init__", make_model,
             nb::sig("def __init__(self, *, vector_size=100, sg=False, window=5, shrink_windows=True, negative=5, "
                     "ns_exponent=0.75, hs=False, cbow_mean=True, min_count=5, max_final_vocab=0, sample=0.001, "
                     "alpha=0.025, min_alpha=0.0001, epochs=5, seed=1, threads=0)"))
        .def_static(
            "_open_init",
            [](nb::handle target, nb::handle path) { open_into<Word2Vec>(target, path, &Word2Vec::open); },
            "target"_a, "path"_a.none())
        .def("vectors", vectors_of, "The vectors with their words and counts.")
        .def("set_lock_factors", set_lock_factors, "factors"_a,
             "How much each vector takes of what it should learn: 1 all of it, 0 nothing.")
        .def("intersect", intersect, "known"_a.none(), "lock_factor"_a.none() = 0.0,
             "Takes the vectors that `known` has; gives how many. Factor 0 holds them in place, 1 lets them learn.")
        .def("predict", predict, "context"_a, "topn"_a.none() = 10,
             "(word, probability) of the words that most likely stand amid these.")
        .def("score", score, "sentences"_a, "progress"_a.none() = nb::none(),
             "The logarithm of the likelihood of each sentence.")
        .def("input_weights", weights_of<&Word2Vec::input_weights>, "A copy of the vectors as they are.")
        .def("negative_weights", weights_of<&Word2Vec::negative_weights>, "A copy; gensim's syn1neg.")
        .def("tree_weights", weights_of<&Word2Vec::tree_weights>, "A copy; gensim's syn1.");
    bind_corpus_model(type);
    bind_model(type);
}

}  // namespace kith::python
