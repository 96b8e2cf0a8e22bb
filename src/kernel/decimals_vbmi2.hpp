// The text primitives of AVX-512 with VBMI2. Included by isa_*.cpp only.
#pragma once

#include <immintrin.h>

#include "kernel/decimal_kernel.hpp"

namespace kith::kernel {
namespace {

struct TextVbmi2 {
    // The most numbers that a window is taken to hold.
    static constexpr std::size_t kMost = 256;

    // The numbers of a window. Number i starts behind its sign at starts[i], has its point at points[i], and ends before
    // ends[i + 1]; ends[0] is that of a number before the first. More than was counted may be read, not trusted.
    struct Found {
        std::uint16_t starts[kMost + 32];
        std::uint16_t points[kMost + 32];
        std::uint16_t ends[kMost + 32];
        std::uint8_t digits[kDecimalWindow + 192];  // those of all numbers, from next_digit on
        std::size_t next_digit;

        [[nodiscard]] std::size_t end(std::size_t count) const { return ends[count]; }
    };

    static std::uint64_t count(std::uint64_t bits) { return static_cast<std::uint64_t>(_mm_popcnt_u64(bits)); }

    // The places of up to 32 bits, from `at`.
    static void store_places(std::uint64_t bits, __m512i order, std::size_t at, std::uint16_t* out) {
        const __m256i places = _mm512_castsi512_si256(_mm512_maskz_compress_epi8(bits, order));
        _mm512_storeu_si512(
            out, _mm512_add_epi16(_mm512_cvtepu8_epi16(places), _mm512_set1_epi16(static_cast<short>(at))));
    }

    static std::size_t scan(const char* text, std::size_t size, bool ends_here, Found& found) {
        alignas(64) static constexpr std::uint8_t kOrder[64] = {
            0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
            22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
            44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
        const __m512i order = _mm512_load_si512(kOrder);
        std::size_t starts = 0;
        std::size_t points = 0;
        std::size_t ends = 0;
        std::size_t digits = 0;
        std::uint64_t after_gap = 1;
        const std::size_t last = ends_here ? size + 1 : size;
        for (std::size_t at = 0; at < last; at += 64) {
            const __m512i bytes = _mm512_loadu_si512(text + at);
            std::uint64_t gap = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' ')) |
                                _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\t'));
            std::uint64_t inside = ~std::uint64_t{0};
            if (size - at < 64) {
                inside = _bzhi_u64(inside, static_cast<unsigned>(size - at));
                gap = (gap & inside) | std::uint64_t{1} << (size - at);
            }
            const std::uint64_t point = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('.')) & inside;
            const std::uint64_t start = (gap << 1 | after_gap) & inside;
            const std::uint64_t sign = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('-')) & start;
            after_gap = gap >> 63;
            // Plain numbers have two bytes and a gap, or more.
            if (count(gap) > 31 || count(point) > 31 || count(start) > 31) break;
            store_places(start, _mm512_mask_add_epi8(order, sign, order, _mm512_set1_epi8(1)), at,
                         found.starts + starts);
            store_places(point, order, at, found.points + points);
            store_places(gap, order, at, found.ends + 1 + ends);
            const std::uint64_t digit = ~(gap | point | sign) & inside;
            _mm512_storeu_si512(found.digits + digits,
                                _mm512_maskz_compress_epi8(digit, _mm512_sub_epi8(bytes, _mm512_set1_epi8('0'))));
            starts += count(start);
            points += count(point);
            ends += count(gap);
            digits += count(digit);
        }
        found.ends[0] = 0xffff;
        _mm_storeu_si128(reinterpret_cast<__m128i*>(found.points + points), _mm_set1_epi16(-1));
        found.next_digit = 0;
        return ends;
    }

    static __m128i load_128(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }

    // Four numbers' digits, one to a byte, at the ends of four lanes: in fours.
    static __m512i fours(__m512i digits) {
        const __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010a));
        return _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
    }

    // Whole numbers divided by powers of ten; sets the bits of those that have to be told otherwise.
    static __m256 quotients(__m512i whole, __m128i places, __mmask8 wanted, __mmask8& half_way) {
        const __mmask8 large = _mm512_cmpgt_epu64_mask(whole, _mm512_set1_epi64(kExactFloat)) |
                               _mm_cmpgt_epu16_mask(places, _mm_set1_epi16(kFloatPlaces));
        if ((large & wanted) == 0) {
            const __m512i index = _mm512_zextsi256_si512(_mm256_cvtepu16_epi32(places));
            const __m512 power = _mm512_permutexvar_ps(index, _mm512_load_ps(kFloatPowers));
            return _mm256_div_ps(_mm512_cvtepi64_ps(whole), _mm512_castps512_ps256(power));
        }
        const __m512d power = _mm512_permutex2var_pd(_mm512_load_pd(kPowersOfTen), _mm512_cvtepu16_epi64(places),
                                                     _mm512_load_pd(kPowersOfTen + 8));
        const __m512d wide = _mm512_div_pd(_mm512_cvtepi64_pd(whole), power);
        const __m512i rest = _mm512_and_si512(_mm512_castpd_si512(wide), _mm512_set1_epi64(kBelowFloat));
        half_way = _mm512_cmpeq_epi64_mask(rest, _mm512_set1_epi64(kHalfWay));
        return _mm512_cvtpd_ps(wide);
    }

    // Which of four numbers have such a byte.
    static unsigned lanes_of(__mmask64 bytes) {
        unsigned lanes = 0;
        for (unsigned lane = 0; lane < 4; ++lane) {
            lanes |= static_cast<unsigned>((bytes >> (16 * lane) & 0xffff) != 0) << lane;
        }
        return lanes;
    }

    static std::size_t eight(Found& found, std::size_t first, std::size_t numbers, float* out) {
        const auto wanted = static_cast<__mmask8>((1U << numbers) - 1);
        const __m128i start = load_128(found.starts + first);
        const __m128i point = load_128(found.points + first);
        const __m128i before = load_128(found.ends + first);
        const __m128i end = load_128(found.ends + first + 1);
        const __m128i one = _mm_set1_epi16(1);
        const __m128i digits = _mm_sub_epi16(_mm_sub_epi16(end, start), one);
        const __m128i places = _mm_sub_epi16(_mm_sub_epi16(end, point), one);
        const __m128i next_point = load_128(found.points + first + 1);
        const __mmask8 plain = _mm_cmpge_epu16_mask(point, start) & _mm_cmplt_epu16_mask(point, end) &
                               _mm_cmpgt_epu16_mask(next_point, end) &
                               _mm_cmplt_epu16_mask(_mm_sub_epi16(digits, one), _mm_set1_epi16(kDecimalDigits));

        // Each number's digits to the end of 16 bytes of its own.
        const __m128i lanes =
            _mm_maskz_sllv_epi16(wanted & plain, _mm_set1_epi16(-1), _mm_sub_epi16(_mm_set1_epi16(16), digits));
        const auto low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(lanes));
        const auto high = static_cast<std::uint64_t>(_mm_extract_epi64(lanes, 1));
        const std::uint8_t* const from = found.digits + found.next_digit;
        const __m512i a = _mm512_maskz_expand_epi8(low, _mm512_loadu_si512(from));
        const __m512i b = _mm512_maskz_expand_epi8(high, _mm512_loadu_si512(from + count(low)));
        found.next_digit += count(low) + count(high);
        const __mmask64 strange_a = _mm512_cmpgt_epu8_mask(a, _mm512_set1_epi8(9));
        const __mmask64 strange_b = _mm512_cmpgt_epu8_mask(b, _mm512_set1_epi8(9));

        const __m512i eights =
            _mm512_madd_epi16(_mm512_packus_epi32(fours(a), fours(b)), _mm512_set1_epi32(0x00012710));
        const __m512i whole = _mm512_add_epi64(_mm512_mul_epu32(eights, _mm512_set1_epi64(100'000'000)),
                                               _mm512_srli_epi64(eights, 32));
        const __m512i in_order = _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), whole);
        const __mmask8 negative = _mm_cmpneq_epi16_mask(start, _mm_add_epi16(before, one));
        __mmask8 half_way = 0;
        __m256 values = quotients(in_order, places, wanted, half_way);
        values = _mm256_mask_xor_ps(values, negative, values, _mm256_set1_ps(-0.0F));

        unsigned bad = static_cast<unsigned>(wanted & (~plain | half_way));
        if ((strange_a | strange_b) != 0) bad |= lanes_of(strange_a) | lanes_of(strange_b) << 4;
        if (bad != 0) numbers = static_cast<std::size_t>(__builtin_ctz(bad));
        _mm256_mask_storeu_ps(out, static_cast<__mmask8>((1U << numbers) - 1), values);
        return numbers;
    }
};

}  // namespace
}  // namespace kith::kernel
