#include "keyed/formats/print.hpp"

#include <charconv>
#include <cmath>
#include <string_view>

namespace kith::keyed {

char* print_float(float value, char* out) noexcept {
    const double magnitude = std::abs(static_cast<double>(value));
    const bool positional = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e6);
    char* const end = out + kMaxPrinted;
    if (!positional) return std::to_chars(out, end, value, std::chars_format::scientific).ptr;
    char* last = std::to_chars(out, end, value, std::chars_format::fixed).ptr;
    if (std::string_view(out, static_cast<std::size_t>(last - out)).find('.') == std::string_view::npos) {
        *last++ = '.';
        *last++ = '0';
    }
    return last;
}

}  // namespace kith::keyed
