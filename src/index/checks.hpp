// What every index asks of its arguments, with the same words.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <kith/index.hpp>
#include <kith/matrix.hpp>
#include <kith/types.hpp>

namespace kith::index {

// Throws InvalidArgument when `query` does not have `dim` elements, or one is not finite.
void check_query(std::span<const float> query, std::size_t dim);

// Throws InvalidArgument naming row and column of the first element that is not finite. One row, or all of them.
void check_finite(std::span<const float> values, std::size_t row, std::string_view what);
void check_finite(MatrixView<const float> matrix, std::string_view what);

// Throws InvalidArgument for an effort that means nothing.
void check_options(const SearchOptions& options);

// Throws InvalidArgument when `radius` is NaN.
void check_radius(float radius);

// Throws OutOfRange unless 0 <= id < size.
void check_id(Id id, std::size_t size);

// Throws InvalidArgument unless there is room for one vector exactly.
void check_output(std::span<const float> out, std::size_t dim);

}  // namespace kith::index
