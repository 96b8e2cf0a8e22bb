// The one table from the errors of the library to the exceptions of Python.
#pragma once

#include <exception>
#include <string>

#include "bind.hpp"

namespace kith::python {

// Sets the Python exception for an exception of the library:
//   OutOfRange      IndexError
//   InvalidArgument ValueError
//   IoError         OSError or what errno makes of it (FileNotFoundError, PermissionError, …), with filename
//   CorruptFile     kith.CorruptFileError (an OSError and a ValueError)
//   Unsupported     kith.UnsupportedError (a ValueError)
//   Cancelled       kith.Cancelled
// Leaves any other exception alone and returns false.
bool set_python_error(const std::exception_ptr& error);

// Raises OSError, or the subclass for `error_number`, whose text is exactly `message`.
[[noreturn]] void raise_os_error(const std::string& message, int error_number);

// Raises `type(message)`.
[[noreturn]] void raise(PyObject* type, const std::string& message);

}  // namespace kith::python
