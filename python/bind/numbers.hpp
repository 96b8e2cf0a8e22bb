// Numbers as arguments: what is no number, or the wrong one, is named together with what would be right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bind.hpp"

namespace kith::python {

// "NAME must be WANTED, not VALUE", as TypeError or ValueError. `value` is shown as Python's repr has it.
[[noreturn]] void raise_wrong_type(nb::handle value, const char* name, const char* wanted);
[[noreturn]] void raise_wrong_value(nb::handle value, const char* name, const char* wanted);

// Whole numbers of any type (int, NumPy's, whatever has __index__). Raise as above, and ValueError for what is below
// `least` or does not fit.
[[nodiscard]] std::int64_t to_integer(nb::handle value, const char* name, const char* wanted = "a whole number",
                                      std::int64_t least = INT64_MIN);
[[nodiscard]] std::size_t to_size(nb::handle value, const char* name, const char* wanted = "a whole number from 0",
                                  std::size_t least = 0);
[[nodiscard]] std::uint64_t to_seed(nb::handle value);
[[nodiscard]] std::size_t to_threads(nb::handle value);

// Any real number.
[[nodiscard]] double to_number(nb::handle value, const char* name, const char* wanted = "a number");

// True, False, and whole numbers, of which 0 is false.
[[nodiscard]] bool to_flag(nb::handle value, const char* name);

// A str.
[[nodiscard]] std::string to_text(nb::handle value, const char* name, const char* wanted = "a str");

// None is nothing.
template <class Convert>
[[nodiscard]] auto optional(nb::handle value, Convert&& convert) -> std::optional<decltype(convert(value))> {
    if (value.is_none()) return std::nullopt;
    return convert(value);
}

}  // namespace kith::python
