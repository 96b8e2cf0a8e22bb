// kith._core: the C++ library as Python sees it. Everything here translates to a call of the library and back.
#include <kith/types.hpp>
#include <kith/version.hpp>

#include "bind.hpp"

NB_MODULE(_core, module) {
    module.doc() = "The C++ library under kith. Import kith instead.";
    module.attr("__version__") = kith::kVersion;
    module.def(
        "parse_metric",
        [](const char* text) {
            const auto name = kith::name(kith::parse_metric(text));
            return nanobind::str(name.data(), name.size());
        },
        nanobind::arg("text"), "The canonical name of a metric; ValueError names the metrics that exist.");
    kith::python::bind_errors(module);
    kith::python::bind_arrays(module);
    kith::python::bind_annoy(module);
    kith::python::bind_index(module);
    kith::python::bind_dynamic(module);
    kith::python::bind_keyed_vectors(module);
    kith::python::bind_keyed_queries(module);
    kith::python::bind_vector_files(module);
    kith::python::bind_corpus(module);
    kith::python::bind_word2vec(module);
    kith::python::bind_doc2vec(module);
    kith::python::bind_fasttext(module);
    kith::python::bind_phrases(module);
}
