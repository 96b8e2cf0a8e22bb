// Numbers from Python to C++ and back, without a copy where the memory already is what the library reads.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include <kith/matrix.hpp>
#include <kith/types.hpp>

#include "bind.hpp"

namespace kith::python {

// The float32 rows of whatever array Python passed, alive as long as this object. Accepted: anything that offers
// the buffer protocol, __array_interface__, __array__ or DLPack (on the CPU), and nested sequences of numbers. One
// dimension is one row. float32 with contiguous rows is viewed, anything else converted. Raises TypeError for what
// holds no numbers and ValueError for another number of dimensions, naming `argument`.
class FloatRows {
public:
    FloatRows(nb::handle array, const char* argument);
    ~FloatRows();
    FloatRows(const FloatRows&) = delete;
    FloatRows& operator=(const FloatRows&) = delete;

    [[nodiscard]] MatrixView<const float> view() const noexcept { return view_; }

    // Whether the array had one dimension: the answer to one query, then, is one row too.
    [[nodiscard]] bool single() const noexcept { return single_; }

private:
    bool try_buffer(nb::handle array);

    Py_buffer buffer_{};
    bool has_buffer_ = false;
    bool single_ = false;
    MatrixView<const float> view_;
};

// The array as NumPy has it, of real numbers in one or two dimensions. Raises as FloatRows.
[[nodiscard]] nb::object as_numbers(nb::handle array, const char* argument);

// The vectors in what as_numbers() gave.
[[nodiscard]] std::size_t count_rows(nb::handle numbers);

// Whether as_numbers() gave rows of float32, which for_each_block() takes as one block.
[[nodiscard]] bool is_one_block(nb::handle numbers);

// Raises ValueError for NaN and for what is infinite as float32, naming row and element of what as_numbers() gave.
void check_finite(nb::handle numbers, const char* argument);

// Calls `take` with consecutive blocks of rows of `array` and the number of the first, so that converting a large
// array never needs a second copy of it. Returns the number of rows. Raises as FloatRows.
std::size_t for_each_block(nb::handle array, const char* argument,
                           const std::function<void(const FloatRows&, std::size_t first)>& take);

// Whole numbers as ids. None, floats and anything else that is not made of integers is a TypeError.
[[nodiscard]] std::vector<Id> to_ids(nb::handle array, const char* argument);

// Writes the elements of one vector (any array or sequence of numbers) to `out` the way Annoy reads them: by len(),
// [] and float(), with Annoy's errors. Floating-point and integer buffers are read directly.
void read_vector(nb::handle vector, std::span<float> out);

// A new NumPy array and where its elements are.
template <class T>
struct NewArray {
    nb::object array;
    T* data;
};
[[nodiscard]] NewArray<float> new_floats(std::size_t rows);
[[nodiscard]] NewArray<float> new_floats(std::size_t rows, std::size_t cols);
[[nodiscard]] NewArray<Id> new_ids(std::size_t rows);
[[nodiscard]] NewArray<Id> new_ids(std::size_t rows, std::size_t cols);

// kith.Neighbors(ids, distances).
[[nodiscard]] nb::object make_neighbors(nb::handle ids, nb::handle distances);

// Python lists, as Annoy returns them.
[[nodiscard]] nb::object to_list(std::span<const Id> ids);
[[nodiscard]] nb::object to_list(std::span<const float> values);

}  // namespace kith::python
