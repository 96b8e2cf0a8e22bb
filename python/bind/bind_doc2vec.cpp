// kith._core.Doc2Vec, which kith.models.Doc2Vec gives gensim's names.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <kith/doc2vec.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/tagged_corpus.hpp>

#include "bind.hpp"
#include "embedding.hpp"
#include "interrupt.hpp"
#include "tags.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)
using Model = Held<Doc2Vec>;

void make_model(Model* self, const nb::kwargs& options) {
    new (self) Model(Doc2Vec(options_from<Doc2VecOptions>(options)));
}

void build_vocabulary(Model& self, const TaggedCorpus& corpus) {
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    const auto& options = self.model.options();
    Vocabulary vocabulary(corpus.text(), {options.min_count, options.max_final_vocab});
    self.model.build_vocabulary(std::move(vocabulary), tags_in_order(corpus, {}));
}

void build_vocabulary_from(Model& self, nb::handle counts, bool in_order, nb::handle tags) {
    Vocabulary vocabulary = vocabulary_from(counts, in_order, self.model.options());
    const std::vector<CountedTag> rows = to_tags(tags);
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    self.model.build_vocabulary(std::move(vocabulary), rows);
}

std::unique_ptr<Model> extended_by(Model& self, nb::handle counts, nb::handle tags) {
    const Vocabulary more = vocabulary_from(counts, true, self.model.options());
    const std::vector<CountedTag> rows = to_tags(tags);
    const ObjectLock::Guard guard(self.lock);
    const nb::gil_scoped_release unlocked;
    return std::make_unique<Model>(self.model.extended(more, rows));
}

nb::object tags_of(Model& self) {
    const ObjectLock::Guard guard(self.lock);
    const KeyedVectors documents = self.model.document_vectors();
    std::vector<CountedTag> tags;
    for (std::size_t row = 0; row < documents.size(); ++row) {
        tags.emplace_back(documents.key(row), documents.counts().empty() ? 0 : documents.counts()[row]);
    }
    return to_list(tags);
}

nb::object infer(Model& self, const Corpus& documents, nb::handle epochs, nb::handle start_alpha,
                 nb::handle end_alpha, nb::handle seed, nb::handle threads, nb::handle progress) {
    InferenceOptions options;
    if (!epochs.is_none()) options.epochs = to_size(epochs, "epochs");
    if (!start_alpha.is_none()) options.start_alpha = to_number(start_alpha, "start_alpha");
    if (!end_alpha.is_none()) options.end_alpha = to_number(end_alpha, "end_alpha");
    if (!seed.is_none()) options.seed = to_seed(seed);
    options.threads = to_threads(threads);
    const ObjectLock::Guard guard(self.lock);
    Matrix vectors;
    run_interruptibly(progress,
                      [&](const ProgressFn& tell) { vectors = self.model.infer(documents, options, tell); });
    return copy_matrix(vectors.view());
}

}  // namespace

void bind_doc2vec(nb::module_& module) {
    LockedClass<Model> type(module, "Doc2Vec", "Vectors for documents, learned with those of their words.");
    type.def("__init__", make_model,
             nb::sig("def __init__(self, *, vector_size=100, dm=True, combination='mean', train_words=False, "
                     "tags_per_document=1, window=5, shrink_windows=True, negative=5, ns_exponent=0.75, hs=False, "
                     "min_count=5, max_final_vocab=0, sample=0.001, alpha=0.025, min_alpha=0.0001, epochs=10, "
                     "seed=1, threads=0)"))
        .def_static(
            "_open_init",
            [](nb::handle target, nb::handle path) { open_into<Doc2Vec>(target, path, &Doc2Vec::load); },
            "target"_a, "path"_a.none())
        .def("build_vocabulary", build_vocabulary, "corpus"_a, "The words and tags of a corpus.")
        .def("build_vocabulary_from", build_vocabulary_from, "counts"_a, "in_order"_a = false,
             "tags"_a = nb::make_tuple(),
             "The words of a mapping to their counts, and (tag, number of its documents), row by row.")
        .def("extended_by", extended_by, "counts"_a, "tags"_a,
             "A copy that knows the words of a mapping to their counts too, and has these tags, row by row.")
        .def("tags", tags_of, "(tag, number of its documents), row by row.")
        .def("infer", infer, "documents"_a, nb::kw_only(), "epochs"_a.none() = nb::none(),
             "start_alpha"_a.none() = nb::none(), "end_alpha"_a.none() = nb::none(), "seed"_a.none() = nb::none(),
             "threads"_a.none() = 0, "progress"_a.none() = nb::none(),
             "A vector for each sentence of a corpus, which is taken for a document.")
        .def("_tag_view", [](nb::handle_t<Model> self) {
            return view_matrix(nb::cast<Model&>(self).model.document_weights(), self);
        });
    bind_train<Doc2Vec, TaggedCorpus>(type);
    bind_model(type);
}

}  // namespace kith::python
