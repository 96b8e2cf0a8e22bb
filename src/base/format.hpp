// Texts put together, for messages above all.
#pragma once

#include <string>

#if __has_include(<fmt/base.h>)
#include <fmt/base.h>
#else
#include <fmt/core.h>

#include "base/format.hpp"
#endif

namespace kith {

// fmt::vformat, compiled once for the library: with it in every source, compiling would take more than twice as long.
[[nodiscard]] std::string formatted_from(fmt::string_view text, fmt::format_args values);

// fmt::format.
template <class... T>
[[nodiscard]] std::string formatted(fmt::format_string<T...> text, T&&... values) {
    return formatted_from(text, fmt::make_format_args(values...));
}

}  // namespace kith
