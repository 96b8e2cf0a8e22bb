// The text primitives of AVX2. Included by isa_*.cpp only.
#pragma once

#include <immintrin.h>

#include "kernel/decimal_kernel.hpp"

namespace kith::kernel {
namespace {

// order[d][p] brings the d digits of a number with p places behind its point to the end of 16 bytes.
struct DigitOrders {
    std::uint8_t order[kDecimalDigits + 1][kDecimalDigits + 1][16];
};

constexpr DigitOrders digit_orders() {
    constexpr std::uint8_t kZero = 0x80;
    DigitOrders all{};
    for (std::size_t digits = 0; digits <= kDecimalDigits; ++digits) {
        for (std::size_t places = 0; places <= kDecimalDigits; ++places) {
            for (std::size_t right = 0; right < 16; ++right) {
                const std::size_t from = right < places ? digits - right : digits - 1 - right;
                all.order[digits][places][15 - right] = right < digits ? static_cast<std::uint8_t>(from) : kZero;
            }
        }
    }
    return all;
}

alignas(64) constexpr DigitOrders kDigitOrders = digit_orders();

struct TextAvx2 {
    static std::uint32_t equal(__m256i bytes, char c) {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c))));
    }
    static std::uint64_t equal(__m256i low, __m256i high, char c) {
        return std::uint64_t{equal(high, c)} << 32 | equal(low, c);
    }

    // Appends the places of the bits, from `at`; gives the new count.
    static std::size_t store_places(std::uint64_t bits, std::size_t at, std::uint16_t* out, std::size_t count) {
        for (; bits != 0; bits &= bits - 1) {
            out[count++] = static_cast<std::uint16_t>(at + static_cast<std::size_t>(__builtin_ctzll(bits)));
        }
        return count;
    }

    static std::size_t scan(const char* text, std::size_t size, bool ends_here, Decimals& found) {
        std::size_t points = 0;
        std::size_t ends = 0;
        const std::size_t last = ends_here ? size + 1 : size;
        for (std::size_t at = 0; at < last; at += 64) {
            const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
            const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at + 32));
            std::uint64_t gap = equal(low, high, ' ') | equal(low, high, '\t');
            std::uint64_t point = equal(low, high, '.');
            if (size - at < 64) {
                const std::uint64_t end = std::uint64_t{1} << (size - at);
                gap = (gap & (end - 1)) | end;
                point &= end - 1;
            }
            // Plain numbers have two bytes and a gap, or more.
            if (__builtin_popcountll(gap) > 31 || __builtin_popcountll(point) > 31) break;
            points = store_places(point, at, found.points, points);
            ends = store_places(gap, at, found.ends + 1, ends);
        }
        found.text = text;
        found.ends[0] = 0xffff;
        for (std::size_t i = 0; i < 8; ++i) found.points[points + i] = 0xffff;
        return ends;
    }

    struct Lane {
        const char* digits;
        const std::uint8_t* order;
        double power;
    };

    static __m256i digits_of(const Lane& first, const Lane& second) {
        const __m256i text = _mm256_set_m128i(_mm_loadu_si128(reinterpret_cast<const __m128i*>(second.digits)),
                                              _mm_loadu_si128(reinterpret_cast<const __m128i*>(first.digits)));
        const __m256i order = _mm256_set_m128i(_mm_load_si128(reinterpret_cast<const __m128i*>(second.order)),
                                               _mm_load_si128(reinterpret_cast<const __m128i*>(first.order)));
        return _mm256_shuffle_epi8(_mm256_sub_epi8(text, _mm256_set1_epi8('0')), order);
    }

    // Digits in fours.
    static __m256i fours(__m256i digits) {
        const __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
        return _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));
    }

    // Whole numbers below 2^52 as doubles.
    static __m256d to_doubles(__m256i whole) {
        const __m256d bias = _mm256_set1_pd(4503599627370496.0);
        return _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(whole, _mm256_castpd_si256(bias))), bias);
    }

    // Four numbers without their signs; sets the bits of those that the digits or the rounding forbid.
    static __m128 four(const Lane* lanes, unsigned& bad) {
        const __m256i even = digits_of(lanes[0], lanes[2]);
        const __m256i odd = digits_of(lanes[1], lanes[3]);
        const __m256i eights =
            _mm256_madd_epi16(_mm256_packus_epi32(fours(even), fours(odd)), _mm256_set1_epi32(0x00012710));
        const __m256i whole = _mm256_add_epi64(_mm256_mul_epu32(eights, _mm256_set1_epi64x(100'000'000)),
                                               _mm256_srli_epi64(eights, 32));
        const __m256d powers = _mm256_setr_pd(lanes[0].power, lanes[1].power, lanes[2].power, lanes[3].power);
        const __m256d value = _mm256_div_pd(to_doubles(whole), powers);
        const __m256i rest = _mm256_and_si256(_mm256_castpd_si256(value), _mm256_set1_epi64x(kBelowFloat));
        bad = static_cast<unsigned>(
            _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(rest, _mm256_set1_epi64x(kHalfWay)))));
        const __m256i nines = _mm256_set1_epi8(9);
        const __m256i strange = _mm256_or_si256(_mm256_subs_epu8(even, nines), _mm256_subs_epu8(odd, nines));
        if (_mm256_testz_si256(strange, strange) == 0) {
            const std::uint32_t plain_even = equal(_mm256_subs_epu8(even, nines), 0);
            const std::uint32_t plain_odd = equal(_mm256_subs_epu8(odd, nines), 0);
            bad |= static_cast<unsigned>((plain_even & 0xffff) != 0xffff) |
                   static_cast<unsigned>((plain_odd & 0xffff) != 0xffff) << 1 |
                   static_cast<unsigned>(plain_even >> 16 != 0xffff) << 2 |
                   static_cast<unsigned>(plain_odd >> 16 != 0xffff) << 3;
        }
        return _mm256_cvtpd_ps(value);
    }

    static std::size_t eight(Decimals& found, std::size_t first, std::size_t numbers, float* out) {
        Lane lanes[8];
        std::uint32_t signs[8];
        unsigned bad = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            // Beyond the last number stands the first of the eight again.
            const std::size_t at = first + (i < numbers ? i : 0);
            const auto after_gap = static_cast<std::uint16_t>(found.ends[at] + 1);
            const std::size_t sign = found.text[after_gap] == '-' ? 1 : 0;
            const std::size_t start = after_gap + sign;
            const std::size_t digits = found.ends[at + 1] - start - 1;
            const std::size_t places = std::size_t{found.ends[at + 1]} - found.points[at] - 1;
            const bool plain = digits - 1 < kDecimalDigits && places <= digits;
            bad |= static_cast<unsigned>(!plain) << i;
            const std::size_t d = plain ? digits : 0;
            const std::size_t p = plain ? places : 0;
            lanes[i] = {found.text + start, kDigitOrders.order[d][p], kPowersOfTen[p]};
            signs[i] = static_cast<std::uint32_t>(sign << 31);
        }
        unsigned bad_low;
        unsigned bad_high;
        const __m128 low = four(lanes, bad_low);
        const __m128 high = four(lanes + 4, bad_high);
        const __m256i sign_bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(signs));
        const __m256 values = _mm256_xor_ps(_mm256_set_m128(high, low), _mm256_castsi256_ps(sign_bits));
        bad = (bad | bad_low | bad_high << 4) & ((1U << numbers) - 1);
        if (bad != 0) numbers = static_cast<std::size_t>(__builtin_ctz(bad));
        if (numbers == 8) {
            _mm256_storeu_ps(out, values);
        } else {
            const __m256i order = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
            _mm256_maskstore_ps(out, _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(numbers)), order),
                                values);
        }
        return numbers;
    }
};

}  // namespace
}  // namespace kith::kernel
