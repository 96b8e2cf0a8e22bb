#include "numbers.hpp"

#include <string_view>

#include "errors.hpp"

namespace kith::python {
namespace {

std::string shown(nb::handle value) {
    constexpr std::size_t kLongest = 60;
    std::string text;
    try {
        text = nb::repr(value).c_str();
    } catch (nb::python_error& error) {
        error.restore();
        PyErr_Clear();
        text = "?";
    }
    if (text.size() <= kLongest) return text;
    text.resize(kLongest);
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
    if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80U) != 0) text.pop_back();
    return text + "…";
}

std::string complaint(nb::handle value, const char* name, const char* wanted) {
    return std::string(name) + " must be " + wanted + ", not " + shown(value);
}

nb::object as_int(nb::handle value, const char* name, const char* wanted) {
    if (PyIndex_Check(value.ptr()) == 0) raise_wrong_type(value, name, wanted);
    nb::object number = nb::steal(PyNumber_Index(value.ptr()));
    if (!number.is_valid()) {
        // An array of several numbers has __index__, and refuses.
        PyErr_Clear();
        raise_wrong_type(value, name, wanted);
    }
    return number;
}

}  // namespace

void raise_wrong_type(nb::handle value, const char* name, const char* wanted) {
    const nb::object type = value.type().attr("__name__");
    const std::string suffix = value.is_none() ? "" : std::string(" (") + nb::str(type).c_str() + ")";
    raise(PyExc_TypeError, complaint(value, name, wanted) + suffix);
}

void raise_wrong_value(nb::handle value, const char* name, const char* wanted) {
    raise(PyExc_ValueError, complaint(value, name, wanted));
}

std::int64_t to_integer(nb::handle value, const char* name, const char* wanted, std::int64_t least) {
    const nb::object number = as_int(value, name, wanted);
    int overflow = 0;
    const long long result = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    if (overflow != 0 || result < least) raise_wrong_value(value, name, wanted);
    return result;
}

std::size_t to_size(nb::handle value, const char* name, const char* wanted, std::size_t least) {
    return static_cast<std::size_t>(to_integer(value, name, wanted, static_cast<std::int64_t>(least)));
}

std::uint64_t to_seed(nb::handle value) {
    constexpr const char* kWanted = "a whole number from 0 to 2**64 - 1";
    const nb::object number = as_int(value, "seed", kWanted);
    const unsigned long long result = PyLong_AsUnsignedLongLong(number.ptr());
    if (PyErr_Occurred() != nullptr) {
        PyErr_Clear();
        raise_wrong_value(value, "seed", kWanted);
    }
    return result;
}

std::size_t to_threads(nb::handle value) {
    return to_size(value, "threads", "a number of threads, or 0 for one per core");
}

double to_number(nb::handle value, const char* name, const char* wanted) {
    const bool text = nb::isinstance<nb::str>(value) || nb::isinstance<nb::bytes>(value);
    const double number = text ? -1 : PyFloat_AsDouble(value.ptr());
    if (text || (number == -1 && PyErr_Occurred() != nullptr)) {
        PyErr_Clear();
        raise_wrong_type(value, name, wanted);
    }
    return number;
}

bool to_flag(nb::handle value, const char* name) {
    if (value.ptr() == Py_True) return true;
    if (value.ptr() == Py_False) return false;
    const nb::object type = value.type().attr("__name__");
    const bool numpys = std::string_view(nb::str(type).c_str()).substr(0, 4) == "bool";
    return PyObject_IsTrue(numpys ? value.ptr() : as_int(value, name, "True or False").ptr()) == 1;
}

std::string to_text(nb::handle value, const char* name, const char* wanted) {
    if (!nb::isinstance<nb::str>(value)) raise_wrong_type(value, name, wanted);
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
    if (text == nullptr) {
        PyErr_Clear();
        raise_wrong_value(value, name, wanted);
    }
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace kith::python
