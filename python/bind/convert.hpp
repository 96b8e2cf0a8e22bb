// Small conversions that several binding files need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <kith/matrix.hpp>

#include "bind.hpp"

namespace kith::python {

// A file name as Python has them: str, bytes or os.PathLike.
[[nodiscard]] std::string to_path(nb::handle path);

// Bytes that are not UTF-8 become surrogate escapes, and come back as the same bytes.
[[nodiscard]] nb::object to_str(std::string_view text);
[[nodiscard]] std::string from_str(nb::handle text);

// The texts of any iterable of str.
[[nodiscard]] std::vector<std::string> to_strings(nb::handle texts);

// A read-only NumPy view of memory that `owner` keeps alive.
[[nodiscard]] nb::object view_matrix(MatrixView<const float> matrix, nb::handle owner);

}  // namespace kith::python
