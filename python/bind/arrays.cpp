#include "arrays.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <kith/error.hpp>

#include "errors.hpp"
#include "numbers.hpp"

namespace kith::python {
namespace {

// Objects that every call needs, looked up once. They live as long as the process.
struct Cache {
    nb::object numpy;
    nb::object empty;
    nb::object float32;
    nb::object int64;
    nb::object neighbors;
    nb::object tuple_new;
};

Cache& cache() {
    static Cache* const instance = [] {
        auto* made = new Cache;
        made->numpy = nb::module_::import_("numpy");
        made->empty = made->numpy.attr("empty");
        made->float32 = made->numpy.attr("dtype")("float32");
        made->int64 = made->numpy.attr("dtype")("int64");
        made->tuple_new = nb::borrow(reinterpret_cast<PyObject*>(&PyTuple_Type)).attr("__new__");
        return made;
    }();
    return *instance;
}

// The format of a buffer of one native number per element, or 0.
char number_format(const Py_buffer& buffer) noexcept {
    const char* format = buffer.format == nullptr ? "B" : buffer.format;
    if (*format == '@' || *format == '=' || *format == '<') ++format;
    return *format != '\0' && format[1] == '\0' ? *format : '\0';
}

// The array as NumPy sees it; DLPack is asked only where nothing older answers.
nb::object as_numpy(nb::handle array) {
    const nb::object& numpy = cache().numpy;
    const bool only_dlpack = nb::hasattr(array, "__dlpack__") && !nb::hasattr(array, "__array__") &&
                             !nb::hasattr(array, "__array_interface__") && PyObject_CheckBuffer(array.ptr()) == 0;
    return only_dlpack ? numpy.attr("from_dlpack")(array) : numpy.attr("asarray")(array);
}

std::string text_of(const nb::object& value) {
    return nb::str(value).c_str();
}

char kind_of(nb::handle array) {
    const nb::object dtype = array.attr("dtype");
    const nb::object kind = dtype.attr("kind");
    return text_of(kind)[0];
}

void require_numbers(nb::handle original, nb::handle array, const char* argument, const char* kinds,
                     const char* wanted) {
    if (std::strchr(kinds, kind_of(array)) != nullptr) return;
    if (nb::hasattr(original, "tocsr")) {
        raise(PyExc_TypeError, std::string(argument) + " is a sparse matrix; pass " + argument + ".toarray()");
    }
    const nb::object dtype = array.attr("dtype");
    raise(PyExc_TypeError, std::string(argument) + " must be " + wanted + "; found dtype " + text_of(dtype));
}

}  // namespace

nb::object as_numbers(nb::handle array, const char* argument) {
    nb::object result = as_numpy(array);
    const auto size = nb::cast<std::size_t>(result.attr("size"));
    if (size != 0) require_numbers(array, result, argument, "fiub", "an array of real numbers");
    const auto ndim = nb::cast<int>(result.attr("ndim"));
    if (ndim != 1 && ndim != 2) {
        raise(PyExc_ValueError, std::string(argument) +
                                    " must be one vector or a matrix of one vector per row; found " +
                                    std::to_string(ndim) + " dimensions");
    }
    return result;
}

namespace {

template <class T>
NewArray<T> new_array(nb::handle shape, nb::handle dtype) {
    nb::object array = cache().empty(shape, dtype);
    Py_buffer buffer;
    if (PyObject_GetBuffer(array.ptr(), &buffer, PyBUF_SIMPLE | PyBUF_WRITABLE) != 0) throw nb::python_error();
    auto* data = static_cast<T*>(buffer.buf);
    PyBuffer_Release(&buffer);
    return {std::move(array), data};
}

template <class T>
void copy_numbers(const void* from, std::span<float> out) {
    const char* bytes = static_cast<const char*>(from);
    for (float& value : out) {
        T number;
        std::memcpy(&number, bytes, sizeof number);
        value = static_cast<float>(number);
        bytes += sizeof number;
    }
}

// Reads a contiguous one-dimensional buffer of numbers; false when it is not one or its format is unusual.
bool read_buffer(nb::handle vector, std::span<float> out) {
    Py_buffer buffer;
    if (PyObject_GetBuffer(vector.ptr(), &buffer, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS) != 0) {
        PyErr_Clear();
        return false;
    }
    bool known = buffer.ndim == 1;
    if (known && buffer.shape[0] == static_cast<Py_ssize_t>(out.size())) {
        switch (number_format(buffer)) {
            case 'f': copy_numbers<float>(buffer.buf, out); break;
            case 'd': copy_numbers<double>(buffer.buf, out); break;
            case 'b': copy_numbers<std::int8_t>(buffer.buf, out); break;
            case 'B': copy_numbers<std::uint8_t>(buffer.buf, out); break;
            case 'h': copy_numbers<std::int16_t>(buffer.buf, out); break;
            case 'i': copy_numbers<std::int32_t>(buffer.buf, out); break;
            case 'l': copy_numbers<long>(buffer.buf, out); break;
            default: known = false;
        }
    } else {
        known = false;
    }
    PyBuffer_Release(&buffer);
    return known;
}

float to_float(nb::handle number) {
    const double value = PyFloat_AsDouble(number.ptr());
    if (value == -1.0 && PyErr_Occurred() != nullptr) throw nb::python_error();
    return static_cast<float>(value);
}

}  // namespace

FloatRows::FloatRows(nb::handle array, const char* argument) {
    if (try_buffer(array)) return;
    const nb::object numbers = as_numbers(array, argument);
    const nb::object floats = cache().numpy.attr("require")(numbers, cache().float32, "CA");
    if (!try_buffer(floats)) {
        raise(PyExc_TypeError, std::string(argument) + " cannot be read as an array of float32");
    }
}

FloatRows::~FloatRows() {
    if (has_buffer_) PyBuffer_Release(&buffer_);
}

bool FloatRows::try_buffer(nb::handle array) {
    if (PyObject_CheckBuffer(array.ptr()) == 0) return false;
    if (PyObject_GetBuffer(array.ptr(), &buffer_, PyBUF_FORMAT | PyBUF_STRIDES) != 0) {
        PyErr_Clear();
        return false;
    }
    constexpr auto kSize = static_cast<Py_ssize_t>(sizeof(float));
    const int ndim = buffer_.ndim;
    bool viewable = (ndim == 1 || ndim == 2) && number_format(buffer_) == 'f' &&
                    reinterpret_cast<std::uintptr_t>(buffer_.buf) % alignof(float) == 0;
    Py_ssize_t row_stride = 0;
    if (viewable) {
        const Py_ssize_t last = buffer_.shape[ndim - 1];
        // ctypes leaves the strides out, which means contiguous.
        const Py_ssize_t step = buffer_.strides == nullptr ? kSize : buffer_.strides[ndim - 1];
        row_stride = buffer_.strides == nullptr || ndim == 1 ? last * kSize : buffer_.strides[0];
        viewable = (step == kSize || last <= 1) && row_stride >= 0 && row_stride % kSize == 0;
    }
    if (!viewable) {
        PyBuffer_Release(&buffer_);
        return false;
    }
    has_buffer_ = true;
    single_ = ndim == 1;
    const auto* data = static_cast<const float*>(buffer_.buf);
    const auto cols = static_cast<std::size_t>(buffer_.shape[ndim - 1]);
    view_ = single_ ? MatrixView<const float>(data, 1, cols)
                    : MatrixView<const float>(data, static_cast<std::size_t>(buffer_.shape[0]), cols,
                                              static_cast<std::size_t>(row_stride / kSize));
    return true;
}

std::size_t count_rows(nb::handle numbers) {
    if (nb::cast<int>(numbers.attr("ndim")) == 1) return 1;
    return nb::cast<std::size_t>(nb::cast<nb::tuple>(numbers.attr("shape"))[0]);
}

bool is_one_block(nb::handle numbers) {
    return numbers.attr("dtype").equal(cache().float32);
}

void check_finite(nb::handle numbers, const char* argument) {
    if (kind_of(numbers) != 'f') return;
    for_each_block(numbers, argument, [&](const FloatRows& block, std::size_t first) {
        const MatrixView<const float> rows = block.view();
        const nb::gil_scoped_release unlocked;
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            const auto row = rows.row(i);
            const auto bad = std::find_if_not(row.begin(), row.end(), [](float x) { return std::isfinite(x); });
            if (bad == row.end()) continue;
            throw InvalidArgument(std::string(argument) + "[" + std::to_string(first + i) + ", " +
                                  std::to_string(bad - row.begin()) + "] is " + std::to_string(*bad) +
                                  " as float32; every number must be finite");
        }
    });
}

std::size_t for_each_block(nb::handle array, const char* argument,
                           const std::function<void(const FloatRows&, std::size_t)>& take) {
    constexpr std::size_t kBlockElements = std::size_t{1} << 22;
    std::optional<nb::object> numbers;
    if (PyObject_CheckBuffer(array.ptr()) == 0) {
        numbers = as_numbers(array, argument);
        array = *numbers;
    }
    Py_buffer buffer;
    bool float32 = false;
    if (PyObject_GetBuffer(array.ptr(), &buffer, PyBUF_FORMAT | PyBUF_STRIDES) == 0) {
        float32 = number_format(buffer) == 'f';
        PyBuffer_Release(&buffer);
    } else {
        PyErr_Clear();
    }
    if (!float32 && !numbers) {
        numbers = as_numbers(array, argument);
        array = *numbers;
    }
    if (float32 || nb::cast<int>(array.attr("ndim")) == 1) {
        const FloatRows rows(array, argument);
        take(rows, 0);
        return rows.view().rows();
    }
    const auto shape = nb::cast<nb::tuple>(array.attr("shape"));
    const auto rows = nb::cast<std::size_t>(shape[0]);
    const auto cols = std::max<std::size_t>(1, nb::cast<std::size_t>(shape[1]));
    const std::size_t step = std::max<std::size_t>(1, kBlockElements / cols);
    for (std::size_t first = 0; first < rows; first += step) {
        const nb::slice range(static_cast<Py_ssize_t>(first),
                              static_cast<Py_ssize_t>(std::min(rows, first + step)));
        const FloatRows block(array[range], argument);
        take(block, first);
    }
    return rows;
}

std::vector<Id> to_ids(nb::handle array, const char* argument) {
    nb::object found = as_numpy(array);
    if (nb::cast<int>(found.attr("ndim")) == 0) found = found.attr("reshape")(1);
    if (nb::cast<int>(found.attr("ndim")) != 1) {
        raise(PyExc_ValueError, std::string(argument) + " must be whole numbers in one dimension");
    }
    const auto size = nb::cast<std::size_t>(found.attr("size"));
    if (size == 0) return {};
    require_numbers(array, found, argument, "iu", "whole numbers");
    if (kind_of(found) == 'u' && nb::cast<std::uint64_t>(found.attr("max")()) > INT64_MAX) {
        raise(PyExc_ValueError, std::string(argument) + " holds a number beyond 2**63 - 1");
    }
    const nb::object ids = cache().numpy.attr("require")(found, cache().int64, "CA");
    Py_buffer buffer;
    if (PyObject_GetBuffer(ids.ptr(), &buffer, PyBUF_SIMPLE) != 0) throw nb::python_error();
    std::vector<Id> result(size);
    std::memcpy(result.data(), buffer.buf, size * sizeof(Id));
    PyBuffer_Release(&buffer);
    return result;
}

void read_vector(nb::handle vector, std::span<float> out) {
    const Py_ssize_t length = PyObject_Size(vector.ptr());
    if (length < 0) throw nb::python_error();
    if (static_cast<std::size_t>(length) != out.size()) {
        raise(PyExc_IndexError, "Vector has wrong length (expected " + std::to_string(out.size()) + ", got " +
                                    std::to_string(length) + ")");
    }
    if (PyList_CheckExact(vector.ptr()) != 0) {
        // float() may run code that shortens the list.
        for (std::size_t i = 0; i < out.size(); ++i) {
            PyObject* item = PyList_GetItem(vector.ptr(), static_cast<Py_ssize_t>(i));
            if (item == nullptr) throw nb::python_error();
            out[i] = to_float(nb::borrow(item));
        }
        return;
    }
    if (PyObject_CheckBuffer(vector.ptr()) != 0 && read_buffer(vector, out)) return;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const nb::object position = nb::steal(PyLong_FromSize_t(i));
        const nb::object item = nb::steal(PyObject_GetItem(vector.ptr(), position.ptr()));
        if (!item.is_valid()) throw nb::python_error();
        out[i] = to_float(item);
    }
}

NewArray<float> new_floats(std::size_t rows) {
    return new_array<float>(nb::cast(rows), cache().float32);
}

NewArray<float> new_floats(std::size_t rows, std::size_t cols) {
    return new_array<float>(nb::make_tuple(rows, cols), cache().float32);
}

NewArray<Id> new_ids(std::size_t rows) {
    return new_array<Id>(nb::cast(rows), cache().int64);
}

NewArray<Id> new_ids(std::size_t rows, std::size_t cols) {
    return new_array<Id>(nb::make_tuple(rows, cols), cache().int64);
}

nb::object make_neighbors(nb::handle ids, nb::handle distances) {
    return cache().tuple_new(cache().neighbors, nb::make_tuple(ids, distances));
}

nb::object to_list(std::span<const Id> ids) {
    nb::object list = nb::steal(PyList_New(static_cast<Py_ssize_t>(ids.size())));
    if (!list.is_valid()) throw nb::python_error();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        PyObject* item = PyLong_FromLongLong(ids[i]);
        if (item == nullptr) throw nb::python_error();
        PyList_SetItem(list.ptr(), static_cast<Py_ssize_t>(i), item);
    }
    return list;
}

nb::object to_list(std::span<const float> values) {
    nb::object list = nb::steal(PyList_New(static_cast<Py_ssize_t>(values.size())));
    if (!list.is_valid()) throw nb::python_error();
    for (std::size_t i = 0; i < values.size(); ++i) {
        PyObject* item = PyFloat_FromDouble(values[i]);
        if (item == nullptr) throw nb::python_error();
        PyList_SetItem(list.ptr(), static_cast<Py_ssize_t>(i), item);
    }
    return list;
}

void bind_arrays(nb::module_& module) {
    module.def(
        "_set_neighbors_type", [](nb::object type) { cache().neighbors = std::move(type); }, nb::arg("type"),
        "Tells the type that searches return.");
}

}  // namespace kith::python
