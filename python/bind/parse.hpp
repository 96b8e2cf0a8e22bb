// Arguments as CPython's own parser reads them, so that wrong ones fail with the words users know.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "bind.hpp"
#include "errors.hpp"

namespace kith::python {

// PyArg_ParseTupleAndKeywords over what nanobind hands to a function of (*args, **kwargs).
template <std::size_t N, class... Out>
void parse(const nb::args& args, const nb::kwargs& kwargs, const char* format, std::array<const char*, N> names,
           Out*... out) {
    std::array<char*, N + 1> list{};
    for (std::size_t i = 0; i < N; ++i) list[i] = const_cast<char*>(names[i]);
    PyObject* keywords = PyDict_Size(kwargs.ptr()) == 0 ? nullptr : kwargs.ptr();
    if (PyArg_ParseTupleAndKeywords(args.ptr(), keywords, format, list.data(), out...) == 0) {
        throw nb::python_error();
    }
}

// The same for functions without keywords; `name` as in "Annoy.get_distance".
template <class... Out>
void parse_positional(const nb::args& args, const nb::kwargs& kwargs, const char* name, const char* format,
                      Out*... out) {
    if (PyDict_Size(kwargs.ptr()) != 0) {
        raise(PyExc_TypeError, std::string(name) + "() takes no keyword arguments");
    }
    if (PyArg_ParseTuple(args.ptr(), format, out...) == 0) throw nb::python_error();
}

}  // namespace kith::python
