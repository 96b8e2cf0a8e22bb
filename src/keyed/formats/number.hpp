// Decimal numbers to float32 at the speed of memory, correctly rounded.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kith::keyed {

// Parses a number of any notation that std::from_chars takes, with an optional '+'. Gives the first byte after it,
// or null when there is none at `at`, or it is infinite, not a number, or beyond float32. Tiny numbers become zero.
[[nodiscard]] const char* parse_float_slowly(const char* at, const char* end, float& out) noexcept;

namespace detail {

inline constexpr float kFloatPowers[] = {1e0F, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F, 1e6F, 1e7F, 1e8F, 1e9F, 1e10F};
inline constexpr double kDoublePowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                           1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
inline constexpr std::uint64_t kIntegerPowers[] = {1,       10,        100,        1'000,      10'000,
                                                   100'000, 1'000'000, 10'000'000, 100'000'000};

// Appends the digits at `at` to `mantissa` and gives the first byte after them; false in `fits` when the mantissa
// may have overflowed. Eight digits at a time by multiplication within one word (as in D. Lemire's and W. Mula's
// work on parsing numbers).
inline const char* take_digits(const char* at, const char* end, std::uint64_t& mantissa, bool& fits) noexcept {
    constexpr std::uint64_t kBound = ~std::uint64_t{0} / 1'000'000'000;
    while (end - at >= 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8);
        const std::uint64_t values = word - 0x3030303030303030U;
        // The high bit of every byte that is not '0'..'9', exact up to the first such byte.
        const std::uint64_t others = (values | (values + 0x7676767676767676U) | word) & 0x8080808080808080U;
        const unsigned digits = static_cast<unsigned>(std::countr_zero(others)) / 8;
        if (digits == 0) return at;
        fits = fits && mantissa < kBound;
        std::uint64_t part = digits == 8 ? values : values << (64 - 8 * digits);
        part = part * 10 + (part >> 8);
        part = ((part & 0x000000ff000000ffU) * 0x000f424000000064U +
                ((part >> 16) & 0x000000ff000000ffU) * 0x0000271000000001U) >>
               32;
        mantissa = mantissa * kIntegerPowers[digits] + (part & 0xffffffffU);
        at += digits;
        if (digits < 8) return at;
    }
    for (; at != end && *at >= '0' && *at <= '9'; ++at) {
        fits = fits && mantissa < kBound;
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
    }
    return at;
}

}  // namespace detail

// As parse_float_slowly, whose work it leaves to it only for what cannot be had exactly from one operation:
// exponents, very many digits, and values half-way between two floats (W. Clinger, 1990).
[[nodiscard]] inline const char* parse_float(const char* at, const char* end, float& out) noexcept {
    const char* const start = at;
    if (at == end) return nullptr;
    const bool negative = *at == '-';
    if (negative) ++at;
    std::uint64_t mantissa = 0;
    bool fits = true;
    const char* const digits = at;
    // Most numbers have one digit before the point.
    if (end - at >= 2 && at[1] == '.' && *at >= '0' && *at <= '9') {
        mantissa = static_cast<std::uint64_t>(*at++ - '0');
    } else {
        at = detail::take_digits(at, end, mantissa, fits);
    }
    std::size_t places = 0;
    std::size_t count = static_cast<std::size_t>(at - digits);
    if (at != end && *at == '.') {
        const char* const fraction = ++at;
        at = detail::take_digits(at, end, mantissa, fits);
        places = static_cast<std::size_t>(at - fraction);
        count += places;
    }
    if (count == 0 || !fits || (at != end && (*at == 'e' || *at == 'E')))
        return parse_float_slowly(start, end, out);
    if (mantissa < (std::uint64_t{1} << 24) && places <= 10) {
        const float value = static_cast<float>(mantissa) / detail::kFloatPowers[places];
        out = negative ? -value : value;
        return at;
    }
    if (mantissa >= (std::uint64_t{1} << 53) || places > 22) return parse_float_slowly(start, end, out);
    const double value = static_cast<double>(mantissa) / detail::kDoublePowers[places];
    // The double is correctly rounded; rounding it once more goes wrong only from half-way between two floats, or
    // where floats are subnormal.
    constexpr std::uint64_t kBelowFloat = (std::uint64_t{1} << 29) - 1;
    if ((std::bit_cast<std::uint64_t>(value) & kBelowFloat) == (std::uint64_t{1} << 28) || value < 1.2e-38) {
        return parse_float_slowly(start, end, out);
    }
    out = static_cast<float>(negative ? -value : value);
    return at;
}

}  // namespace kith::keyed
