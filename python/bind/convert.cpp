#include "convert.hpp"

#include <nanobind/ndarray.h>

#include "errors.hpp"
#include "numbers.hpp"

namespace kith::python {

std::string to_path(nb::handle path) {
    const bool text = PyUnicode_Check(path.ptr()) != 0 || PyBytes_Check(path.ptr()) != 0;
    if (!text && !nb::hasattr(path, "__fspath__")) {
        raise_wrong_type(path, "path", "a str, bytes or os.PathLike");
    }
    PyObject* encoded = nullptr;
    if (PyUnicode_FSConverter(path.ptr(), &encoded) == 0) throw nb::python_error();
    const nb::object owner = nb::steal(encoded);
    return PyBytes_AsString(encoded);
}

nb::object to_str(std::string_view text) {
    nb::object result =
        nb::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape"));
    if (!result.is_valid()) throw nb::python_error();
    return result;
}

std::string from_str(nb::handle text) {
    if (!nb::isinstance<nb::str>(text)) {
        const nb::object type = text.type().attr("__name__");
        raise(PyExc_TypeError, "a key must be a str, not " + nb::cast<std::string>(type));
    }
    const nb::object bytes = nb::steal(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogateescape"));
    if (!bytes.is_valid()) throw nb::python_error();
    return {PyBytes_AsString(bytes.ptr()), static_cast<std::size_t>(PyBytes_Size(bytes.ptr()))};
}

std::vector<std::string> to_strings(nb::handle texts) {
    std::vector<std::string> result;
    for (const nb::handle text : texts) result.push_back(from_str(text));
    return result;
}

const std::vector<std::string_view>& Texts::read(nb::handle texts) {
    sequence_ = nb::steal(PySequence_List(texts.ptr()));
    if (!sequence_.is_valid()) throw nb::python_error();
    const Py_ssize_t size = PyList_Size(sequence_.ptr());
    views_.clear();
    recoded_.clear();
    for (Py_ssize_t i = 0; i < size; ++i) {
        PyObject* const text = PyList_GetItem(sequence_.ptr(), i);
        Py_ssize_t length = 0;
        const char* bytes = PyUnicode_Check(text) != 0 ? PyUnicode_AsUTF8AndSize(text, &length) : nullptr;
        if (bytes != nullptr) {
            views_.emplace_back(bytes, static_cast<std::size_t>(length));
        } else {
            PyErr_Clear();
            views_.emplace_back(recoded_.emplace_back(from_str(text)));
        }
    }
    return views_;
}

const KeyedVectors& to_vectors(nb::handle value, const char* argument) {
    if (!nb::isinstance<KeyedVectors>(value)) raise_wrong_type(value, argument, "a kith.KeyedVectors");
    return nb::cast<const KeyedVectors&>(value);
}

nb::object view_matrix(MatrixView<const float> matrix, nb::handle owner) {
    const std::size_t shape[2] = {matrix.rows(), matrix.cols()};
    const std::int64_t strides[2] = {static_cast<std::int64_t>(matrix.stride()), 1};
    return nb::cast(nb::ndarray<nb::numpy, const float, nb::ndim<2>>(matrix.data(), 2, shape, owner, strides));
}

nb::object view_matrix(MatrixView<float> matrix, nb::handle owner) {
    const std::size_t shape[2] = {matrix.rows(), matrix.cols()};
    const std::int64_t strides[2] = {static_cast<std::int64_t>(matrix.stride()), 1};
    return nb::cast(nb::ndarray<nb::numpy, float, nb::ndim<2>>(matrix.data(), 2, shape, owner, strides));
}

}  // namespace kith::python
