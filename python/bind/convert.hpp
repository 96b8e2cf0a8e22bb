// Small conversions that several binding files need.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>

#include "bind.hpp"

namespace kith::python {

// A file name as Python has them: str, bytes or os.PathLike.
[[nodiscard]] std::string to_path(nb::handle path);

// Bytes that are not UTF-8 become surrogate escapes, and come back as the same bytes.
[[nodiscard]] nb::object to_str(std::string_view text);
[[nodiscard]] std::string from_str(nb::handle text);

// Views of the texts of an iterable of str, which stay valid until the next call of read(); a list or a tuple is
// looked at where it is.
class Texts {
public:
    // Raises TypeError for anything but str.
    [[nodiscard]] const std::vector<std::string_view>& read(nb::handle texts);

private:
    nb::object sequence_;
    std::vector<std::string_view> views_;
    std::deque<std::string> recoded_;
};

// The texts of any iterable of str.
[[nodiscard]] std::vector<std::string> to_strings(nb::handle texts);

// The vectors of a kith.KeyedVectors. Raises TypeError that names the argument.
[[nodiscard]] const KeyedVectors& to_vectors(nb::handle value, const char* argument);

// A NumPy view, read-only or not, of memory that `owner` keeps alive.
[[nodiscard]] nb::object view_matrix(MatrixView<const float> matrix, nb::handle owner);
[[nodiscard]] nb::object view_matrix(MatrixView<float> matrix, nb::handle owner);

}  // namespace kith::python
