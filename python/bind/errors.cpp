#include "errors.hpp"

#include <cstring>

#include <kith/error.hpp>

namespace kith::python {
namespace {

PyObject* corrupt_file_error = nullptr;
PyObject* unsupported_error = nullptr;
PyObject* cancelled_error = nullptr;

PyObject* new_exception(nb::module_& module, const char* name, const char* doc, nb::handle bases) {
    const std::string qualified = std::string("kith.") + name;
    PyObject* type = PyErr_NewExceptionWithDoc(qualified.c_str(), doc, bases.ptr(), nullptr);
    if (type == nullptr) throw nb::python_error();
    module.attr(name) = nb::handle(type);
    return type;
}

// OSError picks its subclass by errno when it is called with (errno, text, filename).
void set_io_error(const IoError& error) {
    const nb::str path = nb::steal<nb::str>(PyUnicode_DecodeFSDefault(error.path().c_str()));
    const std::string what = error.what();
    const std::string reason = std::strerror(error.error_number());
    const auto verb_end = what.find(" '");
    const std::string text = verb_end == std::string::npos ? what : what.substr(0, verb_end) + ": " + reason;
    nb::object exception = nb::borrow(PyExc_OSError)(error.error_number(), text, path);
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
}

void set_corrupt_file(const CorruptFile& error) {
    nb::object exception = nb::borrow(corrupt_file_error)(error.what());
    exception.attr("path") = nb::steal(PyUnicode_DecodeFSDefault(error.path().c_str()));
    exception.attr("offset") = error.offset();
    PyErr_SetObject(corrupt_file_error, exception.ptr());
}

void translate(const std::exception_ptr& error, void*) {
    if (!set_python_error(error)) std::rethrow_exception(error);
}

}  // namespace

bool set_python_error(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const OutOfRange& e) {
        PyErr_SetString(PyExc_IndexError, e.what());
    } catch (const InvalidArgument& e) {
        PyErr_SetString(PyExc_ValueError, e.what());
    } catch (const IoError& e) {
        set_io_error(e);
    } catch (const CorruptFile& e) {
        set_corrupt_file(e);
    } catch (const Unsupported& e) {
        PyErr_SetString(unsupported_error, e.what());
    } catch (const Cancelled& e) {
        PyErr_SetString(cancelled_error, e.what());
    } catch (...) {
        return false;
    }
    return true;
}

void raise_os_error(const std::string& message, int error_number) {
    // Called with errno, OSError picks a subclass and adds errno to the text: the first is wanted, the second not.
    const nb::object type = nb::borrow(nb::borrow(PyExc_OSError)(error_number, message).type());
    const nb::object exception = type(message);
    if (error_number != 0) exception.attr("errno") = error_number;
    PyErr_SetObject(type.ptr(), exception.ptr());
    throw nb::python_error();
}

void raise(PyObject* type, const std::string& message) {
    PyErr_SetString(type, message.c_str());
    throw nb::python_error();
}

void bind_errors(nb::module_& module) {
    const auto os_and_value = nb::make_tuple(nb::handle(PyExc_OSError), nb::handle(PyExc_ValueError));
    corrupt_file_error = new_exception(module, "CorruptFileError",
                                       "A file's bytes are not what its format says. Attributes: path, and offset "
                                       "in bytes of the first wrong thing.",
                                       os_and_value);
    unsupported_error = new_exception(module, "UnsupportedError",
                                      "Well-formed, but this version of Kith or this object cannot do it.",
                                      nb::handle(PyExc_ValueError));
    cancelled_error =
        new_exception(module, "Cancelled", "A progress callback returned False.", nb::handle(PyExc_Exception));
    nb::register_exception_translator(translate);
}

}  // namespace kith::python
