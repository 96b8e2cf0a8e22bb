// What the binding files share: one function per group of classes, called by module.cpp.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

namespace kith::python {

namespace nb = nanobind;

void bind_errors(nb::module_& module);
void bind_arrays(nb::module_& module);
void bind_annoy(nb::module_& module);
void bind_index(nb::module_& module);
void bind_dynamic(nb::module_& module);
void bind_keyed_vectors(nb::module_& module);
void bind_keyed_queries(nb::module_& module);
void bind_vector_files(nb::module_& module);
void bind_corpus(nb::module_& module);
void bind_word2vec(nb::module_& module);
void bind_doc2vec(nb::module_& module);
void bind_fasttext(nb::module_& module);
void bind_phrases(nb::module_& module);

}  // namespace kith::python
