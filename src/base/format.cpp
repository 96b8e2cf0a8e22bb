#include "base/format.hpp"

#include <fmt/format.h>

namespace kith {

std::string formatted_from(fmt::string_view text, fmt::format_args values) {
    return fmt::vformat(text, values);
}

}  // namespace kith
