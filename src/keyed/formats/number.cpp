#include "keyed/formats/number.hpp"

#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

namespace kith::keyed {

const char* parse_float_slowly(const char* at, const char* end, float& out) noexcept {
    const char* first = at;
    if (first != end && *first == '+') {
        ++first;
        if (first != end && *first == '-') return nullptr;
    }
    std::from_chars_result result = std::from_chars(first, end, out);
    if (result.ec == std::errc::result_out_of_range) {
        // Too large or too small; which of the two, the wider type tells, or else the sign of the exponent.
        double wide = 0;
        const char* const last = result.ptr;
        result = std::from_chars(first, last, wide);
        const bool tiny = result.ec == std::errc::result_out_of_range
                              ? std::string_view(first, static_cast<std::size_t>(last - first)).find('-', 1) !=
                                    std::string_view::npos
                              : std::abs(wide) < 1;
        if (!tiny) return nullptr;
        out = *first == '-' ? -0.0F : 0.0F;
        return last;
    }
    if (result.ec != std::errc() || !std::isfinite(out)) return nullptr;
    return result.ptr;
}

}  // namespace kith::keyed
