// The text primitives of AVX2. Included by isa_*.cpp only.
#pragma once

#include <immintrin.h>

#include "kernel/decimal_kernel.hpp"

namespace kith::kernel {
namespace {

// The `Bytes` bytes from (d * Bytes + p) * Bytes on bring the d digits of a number with p places behind its point to the
// end of `Bytes` bytes, which hold the digits and the point.
template <std::size_t Bytes>
struct DigitOrders {
    std::uint8_t order[Bytes * Bytes * Bytes];
};

template <std::size_t Bytes>
constexpr DigitOrders<Bytes> digit_orders() {
    constexpr std::uint8_t kZero = 0x80;
    DigitOrders<Bytes> all{};
    for (std::size_t digits = 0; digits < Bytes; ++digits) {
        for (std::size_t places = 0; places < Bytes; ++places) {
            std::uint8_t* const order = all.order + (digits * Bytes + places) * Bytes;
            for (std::size_t right = 0; right < Bytes; ++right) {
                const std::size_t from = right < places ? digits - right : digits - 1 - right;
                order[Bytes - 1 - right] = right < digits ? static_cast<std::uint8_t>(from) : kZero;
            }
        }
    }
    return all;
}

alignas(64) constexpr DigitOrders<16> kLongOrders = digit_orders<16>();
alignas(64) constexpr DigitOrders<8> kShortOrders = digit_orders<8>();

struct TextAvx2 {
    // The points and ends of a window's numbers by turns: number i has its point at marks[2 * i + 2] and ends before
    // marks[2 * i + 3]. More than was counted may be read, not trusted.
    struct Found {
        const char* text;
        std::uint16_t marks[kDecimalWindow + 64];

        [[nodiscard]] std::size_t end(std::size_t count) const { return marks[2 * count + 1]; }
    };

    static std::uint32_t equal(__m256i bytes, char c) {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c))));
    }
    static std::uint64_t equal(__m256i low, __m256i high, char c) {
        return std::uint64_t{equal(high, c)} << 32 | equal(low, c);
    }

    // Appends the places of the bits, from `at`, several at a time so that no branch waits for their number.
    static std::size_t store_places(std::uint64_t bits, std::size_t at, std::uint16_t* out) {
        const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
        constexpr std::size_t kBatch = 16;
        std::size_t stored = 0;
        do {
            for (std::size_t i = 0; i < kBatch; ++i, bits = _blsr_u64(bits)) {
                out[stored + i] = static_cast<std::uint16_t>(at + _tzcnt_u64(bits));
            }
            stored += kBatch;
        } while (stored < count);
        return count;
    }

    static std::size_t scan(const char* text, std::size_t size, bool ends_here, Found& found) {
        std::uint16_t* out = found.marks + 2;
        std::uint64_t open = 0;
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
            // Ones from each point up to the gap behind it, if points and gaps take turns.
            const std::uint64_t behind_point = gap - point - open;
            const std::uint64_t out_of_turn = (behind_point & (point | gap)) ^ point;
            if (out_of_turn != 0) {
                const std::uint64_t good = (out_of_turn & (0 - out_of_turn)) - 1;
                out += store_places((point | gap) & good, at, out);
                break;
            }
            out += store_places(point | gap, at, out);
            open = behind_point >> 63;
        }
        for (std::size_t i = 0; i < 16; ++i) out[i] = 0;
        found.text = text;
        found.marks[1] = 0xffff;
        return static_cast<std::size_t>(out - found.marks) / 2 - 1;
    }

    // Eight numbers, sixteen bits for each: where its digits start, how many there are, and how many behind the point.
    struct Eight {
        const char* text;
        __m128i starts;
        __m128i digits;
        __m128i places;
    };

    static __m128i load(const std::uint16_t* list) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(list));
    }

    // The second of each pair of eight.
    static __m128i ends_of(const std::uint16_t* marks) {
        return _mm_packus_epi32(_mm_srli_epi32(load(marks), 16), _mm_srli_epi32(load(marks + 8), 16));
    }

    static __m128i points_of(const std::uint16_t* marks) {
        const __m128i low = _mm_set1_epi32(0xffff);
        return _mm_packus_epi32(_mm_and_si128(load(marks), low), _mm_and_si128(load(marks + 8), low));
    }

    // All ones where one of eight numbers is 1 to `most`.
    static __m128i up_to(__m128i numbers, short most) {
        const __m128i less = _mm_sub_epi16(numbers, _mm_set1_epi16(1));
        return _mm_cmpeq_epi16(_mm_min_epu16(less, _mm_set1_epi16(static_cast<short>(most - 1))), less);
    }

    static unsigned bits_of(__m128i eight) {
        return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(eight, eight))) & 0xff;
    }

    static __m256i digit_values(__m256i text) { return _mm256_sub_epi8(text, _mm256_set1_epi8('0')); }

    static bool all_digits(__m256i a, __m256i b) {
        const __m256i nines = _mm256_set1_epi8(9);
        const __m256i strange = _mm256_or_si256(_mm256_subs_epu8(a, nines), _mm256_subs_epu8(b, nines));
        return _mm256_testz_si256(strange, strange) != 0;
    }

    // Digits in fours.
    static __m256i fours(__m256i digits) {
        const __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
        return _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));
    }

    static __m256i eights(__m256i a, __m256i b) {
        return _mm256_madd_epi16(_mm256_packus_epi32(fours(a), fours(b)), _mm256_set1_epi32(0x00012710));
    }

    static __m128i two_halves(const void* low, const void* high) {
        long long upper;
        __builtin_memcpy(&upper, high, sizeof upper);
        return _mm_insert_epi64(_mm_loadu_si64(low), upper, 1);
    }

    // Numbers of up to seven digits, without their signs: one division of floats. False if any but digits is among them.
    static bool short_numbers(const Eight& all, __m256& values) {
        alignas(16) std::uint16_t start[8];
        alignas(16) std::uint16_t order[8];
        _mm_store_si128(reinterpret_cast<__m128i*>(start), all.starts);
        _mm_store_si128(reinterpret_cast<__m128i*>(order),
                        _mm_or_si128(_mm_slli_epi16(all.digits, 6), _mm_slli_epi16(all.places, 3)));
        const std::uint8_t* const orders = kShortOrders.order;
        const auto four = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
            const __m256i text = _mm256_set_m128i(two_halves(all.text + start[c], all.text + start[d]),
                                                  two_halves(all.text + start[a], all.text + start[b]));
            const __m256i moves = _mm256_set_m128i(two_halves(orders + order[c], orders + order[d]),
                                                   two_halves(orders + order[a], orders + order[b]));
            const __m256i upper = _mm256_setr_epi64x(0, 0x0808080808080808, 0, 0x0808080808080808);
            return _mm256_shuffle_epi8(digit_values(text), _mm256_or_si256(moves, upper));
        };
        const __m256i low = four(0, 1, 4, 5);
        const __m256i high = four(2, 3, 6, 7);
        if (!all_digits(low, high)) return false;
        const __m256 whole = _mm256_cvtepi32_ps(eights(low, high));
        const __m256 powers =
            _mm256_permutevar8x32_ps(_mm256_load_ps(kFloatPowers), _mm256_cvtepu16_epi32(all.places));
        values = _mm256_div_ps(whole, powers);
        return true;
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
        return _mm256_shuffle_epi8(digit_values(text), order);
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
        const __m256i halves = eights(even, odd);
        const __m256i whole = _mm256_add_epi64(_mm256_mul_epu32(halves, _mm256_set1_epi64x(100'000'000)),
                                               _mm256_srli_epi64(halves, 32));
        const __m256d powers = _mm256_setr_pd(lanes[0].power, lanes[1].power, lanes[2].power, lanes[3].power);
        const __m256d value = _mm256_div_pd(to_doubles(whole), powers);
        const __m256i rest = _mm256_and_si256(_mm256_castpd_si256(value), _mm256_set1_epi64x(kBelowFloat));
        bad = static_cast<unsigned>(
            _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(rest, _mm256_set1_epi64x(kHalfWay)))));
        if (!all_digits(even, odd)) {
            const __m256i nines = _mm256_set1_epi8(9);
            const std::uint32_t plain_even = equal(_mm256_subs_epu8(even, nines), 0);
            const std::uint32_t plain_odd = equal(_mm256_subs_epu8(odd, nines), 0);
            bad |= static_cast<unsigned>((plain_even & 0xffff) != 0xffff) |
                   static_cast<unsigned>((plain_odd & 0xffff) != 0xffff) << 1 |
                   static_cast<unsigned>(plain_even >> 16 != 0xffff) << 2 |
                   static_cast<unsigned>(plain_odd >> 16 != 0xffff) << 3;
        }
        return _mm256_cvtpd_ps(value);
    }

    // Numbers of up to 15 digits, without their signs; sets the bits of those that may not be told so.
    static __m256 long_numbers(const Eight& all, unsigned& bad) {
        alignas(16) std::uint16_t start[8];
        alignas(16) std::uint16_t order[8];
        alignas(16) std::uint16_t places[8];
        _mm_store_si128(reinterpret_cast<__m128i*>(start), all.starts);
        _mm_store_si128(reinterpret_cast<__m128i*>(order),
                        _mm_or_si128(_mm_slli_epi16(all.digits, 8), _mm_slli_epi16(all.places, 4)));
        _mm_store_si128(reinterpret_cast<__m128i*>(places), all.places);
        Lane lanes[8];
        for (std::size_t i = 0; i < 8; ++i) {
            lanes[i] = {all.text + start[i], kLongOrders.order + order[i], kPowersOfTen[places[i]]};
        }
        unsigned bad_low;
        unsigned bad_high;
        const __m128 low = four(lanes, bad_low);
        const __m128 high = four(lanes + 4, bad_high);
        bad = bad_low | bad_high << 4;
        return _mm256_set_m128(high, low);
    }

    // All ones for the first of eight.
    static __m128i first_of_eight(std::size_t numbers) {
        return _mm_cmpgt_epi16(_mm_set1_epi16(static_cast<short>(numbers)), _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7));
    }

    static std::size_t eight(Found& found, std::size_t first, std::size_t numbers, float* out) {
        const std::uint16_t* const marks = found.marks + 2 * first;
        const __m128i one = _mm_set1_epi16(1);
        const __m128i before = _mm_add_epi16(ends_of(marks), one);
        const __m128i last = _mm_sub_epi16(ends_of(marks + 2), one);
        alignas(8) char signs[8];
        for (std::size_t i = 0; i < 8; ++i) signs[i] = found.text[static_cast<std::uint16_t>(marks[2 * i + 1] + 1)];
        const __m128i sign = _mm_cvtepi8_epi16(
            _mm_cmpeq_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(signs)), _mm_set1_epi8('-')));
        const __m128i starts = _mm_sub_epi16(before, sign);
        const __m128i digits = _mm_sub_epi16(last, starts);
        const __m128i places = _mm_sub_epi16(last, points_of(marks + 2));
        const unsigned wanted = (1U << numbers) - 1;

        __m256 values;
        const __m128i few = up_to(digits, 7);
        const Eight all{found.text, starts, _mm_and_si128(digits, few), _mm_and_si128(places, few)};
        if ((wanted & ~bits_of(few)) != 0 || !short_numbers(all, values)) {
            const __m128i plain = up_to(digits, kDecimalDigits);
            unsigned bad;
            values =
                long_numbers({found.text, starts, _mm_and_si128(digits, plain), _mm_and_si128(places, plain)}, bad);
            bad = (bad | ~bits_of(plain)) & wanted;
            if (bad != 0) numbers = static_cast<std::size_t>(__builtin_ctz(bad));
        }
        values = _mm256_xor_ps(values, _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepi16_epi32(sign), 31)));
        if (numbers == 8) {
            _mm256_storeu_ps(out, values);
        } else {
            _mm256_maskstore_ps(out, _mm256_cvtepi16_epi32(first_of_eight(numbers)), values);
        }
        return numbers;
    }
};

}  // namespace
}  // namespace kith::kernel
