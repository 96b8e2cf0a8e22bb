// The lanes of AVX-512 F, BW, DQ and VL (Skylake-X, Zen 4 and later). Included by isa_avx512*.cpp only: each gets a
// copy of its own, compiled with its own flags.
#pragma once

#include <immintrin.h>

#include "kernel/make_table.hpp"
#include "kernel/nibbles.hpp"
#include "kernel/sets.hpp"
#include "kernel/short_rows.hpp"

namespace kith::kernel {
namespace {

// The lowest `count` bits, count < 64.
std::uint64_t low_bits(std::size_t count) {
    return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(count));
}

struct Floats512 {
    using Vec = __m512;
    using Acc = __m512;
    using Total = float;
    static constexpr std::size_t kWidth = 16;
    static constexpr std::size_t kMaxElements = ~std::size_t{0};

    static __mmask16 mask(std::size_t rest) { return static_cast<__mmask16>(low_bits(rest)); }

    static Acc zero() { return _mm512_setzero_ps(); }
    static Vec broadcast(float x) { return _mm512_set1_ps(x); }
    static Vec load(const float* p) { return _mm512_loadu_ps(p); }
    static Vec load(const Half* p) {
        return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static __m128i sixteen(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
    static Vec load(const std::uint8_t* p) { return from_unsigned(sixteen(p)); }
    static Vec load(const std::int8_t* p) { return from_signed(sixteen(p)); }
    static Vec load_tail(const float* p, std::size_t rest, std::size_t /*before*/) {
        return _mm512_maskz_loadu_ps(mask(rest), p);
    }
    static Vec load_tail(const Half* p, std::size_t rest, std::size_t /*before*/) {
        return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask(rest), p));
    }
    static Vec load_tail(const std::uint8_t* p, std::size_t rest, std::size_t /*before*/) {
        return from_unsigned(_mm_maskz_loadu_epi8(mask(rest), p));
    }
    static Vec load_tail(const std::int8_t* p, std::size_t rest, std::size_t /*before*/) {
        return from_signed(_mm_maskz_loadu_epi8(mask(rest), p));
    }
    static Vec from_unsigned(__m128i bytes) { return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes)); }
    static Vec from_signed(__m128i bytes) { return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes)); }
    // The whole parts of x, held within 0 and 255, a byte each; 0 for NaN.
    static void store_bytes(std::uint8_t* p, Vec x) {
        const __m512i whole = _mm512_cvttps_epi32(_mm512_min_ps(_mm512_set1_ps(255), x));
        const __m128i bytes = _mm512_cvtusepi32_epi8(_mm512_max_epi32(whole, _mm512_setzero_si512()));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes);
    }
    static void store(float* p, Vec x) { _mm512_storeu_ps(p, x); }
    static void store_tail(float* p, Vec x, std::size_t rest) { _mm512_mask_storeu_ps(p, mask(rest), x); }

    static Vec add(Vec x, Vec y) { return _mm512_add_ps(x, y); }
    static Vec sub(Vec x, Vec y) { return _mm512_sub_ps(x, y); }
    static Vec mul(Vec x, Vec y) { return _mm512_mul_ps(x, y); }
    static Acc mul_add(Vec x, Vec y, Acc sum) { return _mm512_fmadd_ps(x, y, sum); }
    static Quad root(Quad x) { return _mm_sqrt_ps(x); }
    static Acc add_abs(Vec x, Acc sum) { return _mm512_add_ps(sum, _mm512_abs_ps(x)); }

    static std::uint32_t above_zero(Vec x) { return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ); }
    // Writes those of sixteen values whose bit is set to `out`, and something into what is left of sixteen places.
    static std::size_t pack(const std::uint32_t* values, std::uint32_t bits, std::uint32_t* out) {
        const auto chosen = static_cast<__mmask16>(bits);
        _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(chosen, _mm512_loadu_si512(values)));
        return static_cast<std::size_t>(__builtin_popcount(chosen));
    }

    static __m256 halves(Acc x) { return _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1)); }
    // Halves first, then neighbours, pairs and halves again: the order of sum4.
    static float sum(Acc x) {
        const __m256 half = halves(x);
        const __m256 pairs = _mm256_add_ps(half, _mm256_movehdup_ps(half));
        const __m256 quads = _mm256_add_ps(pairs, _mm256_permute_ps(pairs, 0b10));
        return _mm_cvtss_f32(_mm_add_ss(_mm256_castps256_ps128(quads), _mm256_extractf128_ps(quads, 1)));
    }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        const __m256 quads =
            _mm256_hadd_ps(_mm256_hadd_ps(halves(a), halves(b)), _mm256_hadd_ps(halves(c), halves(d)));
        _mm_storeu_ps(out, _mm_add_ps(_mm256_castps256_ps128(quads), _mm256_extractf128_ps(quads, 1)));
    }
    static Vec in_register(Vec x) {
        __asm__("" : "+v"(x));
        return x;
    }
    // sum() of each of up to eight, side by side; the rest is 0.
    template <std::size_t N>
    static Vec sums(const Acc* x) {
        const __m256 none = _mm256_setzero_ps();
        const auto pair = [x, none](std::size_t i) {
            return i >= N ? none : _mm256_hadd_ps(halves(x[i]), i + 1 < N ? halves(x[i + 1]) : none);
        };
        const __m256 low = _mm256_hadd_ps(pair(0), pair(2));
        const __m256 high = N > 4 ? _mm256_hadd_ps(pair(4), pair(6)) : none;
        return _mm512_zextps256_ps512(
            _mm256_add_ps(_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31)));
    }
};

// Bytes widened to 16 bits; products of neighbours added into 32 bits, exactly.
struct Integers512 {
    using Vec = __m512i;
    using Acc = __m512i;
    using Total = std::int64_t;
    static constexpr std::size_t kWidth = 32;
    static constexpr std::size_t kMaxElements = 32768;  // times 255 squared stays below 2^31

    static __m256i bytes(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
    static __m256i bytes(const void* p, std::size_t rest) {
        return _mm256_maskz_loadu_epi8(static_cast<__mmask32>(low_bits(rest)), p);
    }

    static Acc zero() { return _mm512_setzero_si512(); }
    static Vec load(const std::int8_t* p) { return _mm512_cvtepi8_epi16(bytes(p)); }
    static Vec load(const std::uint8_t* p) { return _mm512_cvtepu8_epi16(bytes(p)); }
    static Vec load_tail(const std::int8_t* p, std::size_t rest, std::size_t /*before*/) {
        return _mm512_cvtepi8_epi16(bytes(p, rest));
    }
    static Vec load_tail(const std::uint8_t* p, std::size_t rest, std::size_t /*before*/) {
        return _mm512_cvtepu8_epi16(bytes(p, rest));
    }

    static Acc add(Acc x, Acc y) { return _mm512_add_epi32(x, y); }
    static Vec sub(Vec x, Vec y) { return _mm512_sub_epi16(x, y); }
    static Acc mul_add(Vec x, Vec y, Acc sum) { return _mm512_add_epi32(sum, _mm512_madd_epi16(x, y)); }
    static Acc add_abs(Vec x, Acc sum) { return mul_add(_mm512_abs_epi16(x), _mm512_set1_epi16(1), sum); }

    static __m256i halves(Acc x) {
        return _mm256_add_epi32(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    }
    static Total sum(Acc x) {
        const __m256i half = halves(x);
        const __m128i quad = _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
        const __m128i two = _mm_add_epi32(quad, _mm_unpackhi_epi64(quad, quad));
        return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0b01)));
    }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        const __m256i quads =
            _mm256_hadd_epi32(_mm256_hadd_epi32(halves(a), halves(b)), _mm256_hadd_epi32(halves(c), halves(d)));
        const __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(quads), _mm256_extracti128_si256(quads, 1));
        _mm_storeu_ps(out, _mm_cvtepi32_ps(sums));
    }
};

// Bits are counted by looking up nibbles (Muła, Kurz and Lemire, "Faster population counts using AVX2", 2018).
struct Words512 {
    using Vec = __m512i;
    using Acc = __m512i;
    using Total = std::int64_t;
    static constexpr std::size_t kWidth = 8;
    static constexpr std::size_t kMaxElements = std::size_t{1} << 24;

    static Acc zero() { return _mm512_setzero_si512(); }
    static Vec load(const std::uint64_t* p) { return _mm512_loadu_si512(p); }
    static Vec load_tail(const std::uint64_t* p, std::size_t rest, std::size_t /*before*/) {
        return _mm512_maskz_loadu_epi64(static_cast<__mmask8>(low_bits(rest)), p);
    }

    static Acc add(Acc x, Acc y) { return _mm512_add_epi64(x, y); }
    static Vec bit_xor(Vec x, Vec y) { return _mm512_xor_si512(x, y); }
    static Acc add_bits(Vec x, Acc sum) {
        const __m512i counts =
            _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
        const __m512i nibble = _mm512_set1_epi8(15);
        const __m512i low = _mm512_shuffle_epi8(counts, _mm512_and_si512(x, nibble));
        const __m512i high = _mm512_shuffle_epi8(counts, _mm512_and_si512(_mm512_srli_epi16(x, 4), nibble));
        return _mm512_add_epi64(sum, _mm512_sad_epu8(_mm512_add_epi8(low, high), _mm512_setzero_si512()));
    }

    static __m256i halves(Acc x) {
        return _mm256_add_epi64(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    }
    static Total sum(Acc x) {
        const __m256i half = halves(x);
        const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
        return _mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two)));
    }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        const __m256i w = halves(a);
        const __m256i x = halves(b);
        const __m256i y = halves(c);
        const __m256i z = halves(d);
        const __m256i wx = _mm256_add_epi64(_mm256_unpacklo_epi64(w, x), _mm256_unpackhi_epi64(w, x));
        const __m256i yz = _mm256_add_epi64(_mm256_unpacklo_epi64(y, z), _mm256_unpackhi_epi64(y, z));
        // w and x, y and z: the low words of each pair of counts.
        const __m256 low = _mm256_shuffle_ps(_mm256_castsi256_ps(wx), _mm256_castsi256_ps(yz), 0b10001000);
        const __m256i counts = _mm256_castps_si256(low);
        const __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(counts), _mm256_extracti128_si256(counts, 1));
        _mm_storeu_ps(out, _mm_cvtepi32_ps(sums));
    }
};

// Each 128-bit lane looks up one table; four tables a step. The sums of the even rows' bytes carry those of the odd
// rows in their upper halves, which come off at the end.
struct Codes512 {
    struct Acc {
        __m512i all_low, odd_low, all_high, odd_high;
    };
    struct Places {
        __m512i low, high;
    };
    using Scores = __m512i;
    static constexpr std::size_t kQueries = 4;
    static constexpr std::size_t kBlocksAlone = 2;
    static constexpr std::size_t kTables = 4;

    static Acc zero() {
        const __m512i none = _mm512_setzero_si512();
        return {none, none, none, none};
    }
    static Places places(const std::uint8_t* codes) {
        const __m512i nibble = _mm512_set1_epi8(15);
        const __m512i code = _mm512_loadu_si512(codes);
        return {_mm512_and_si512(code, nibble), _mm512_and_si512(_mm512_srli_epi16(code, 4), nibble)};
    }
    static void step(Acc& acc, const Places& places, const std::uint8_t* lookup) {
        const __m512i table = _mm512_loadu_si512(lookup);
        const __m512i low = _mm512_shuffle_epi8(table, places.low);
        const __m512i high = _mm512_shuffle_epi8(table, places.high);
        acc.all_low = _mm512_add_epi16(acc.all_low, low);
        acc.odd_low = _mm512_add_epi16(acc.odd_low, _mm512_srli_epi16(low, 8));
        acc.all_high = _mm512_add_epi16(acc.all_high, high);
        acc.odd_high = _mm512_add_epi16(acc.odd_high, _mm512_srli_epi16(high, 8));
    }
    static __m128i fold(__m512i x) {
        const __m256i half = _mm256_add_epi16(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
        return _mm_add_epi16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    }
    static __m256i in_order(__m512i all, __m512i odd) {
        const __m128i odds = fold(odd);
        const __m128i evens = _mm_sub_epi16(fold(all), _mm_slli_epi16(odds, 8));
        return _mm256_set_m128i(_mm_unpackhi_epi16(evens, odds), _mm_unpacklo_epi16(evens, odds));
    }
    static Scores scores(const Acc& acc) {
        return _mm512_inserti64x4(_mm512_castsi256_si512(in_order(acc.all_low, acc.odd_low)),
                                  in_order(acc.all_high, acc.odd_high), 1);
    }
    static std::uint32_t below(Scores scores, std::uint16_t threshold) {
        return _mm512_cmplt_epu16_mask(scores, _mm512_set1_epi16(static_cast<short>(threshold)));
    }
    static void store(Scores scores, std::uint16_t* out) { _mm512_storeu_si512(out, scores); }
    // Eight rows at a time, whichever of them are set: no branch on a row's score.
    static std::uint64_t* append(const std::uint16_t* score, const std::uint32_t* rows, std::uint32_t bits,
                                 std::uint64_t* out) {
        for (; bits != 0; bits >>= 8, score += 8, rows += 8) {
            const auto set = static_cast<__mmask8>(bits);
            const __m128i scores = _mm_loadu_si128(reinterpret_cast<const __m128i*>(score));
            const __m512i high = _mm512_slli_epi64(_mm512_cvtepu16_epi64(scores), 32);
            const __m512i low = _mm512_cvtepu32_epi64(_mm256_maskz_loadu_epi32(set, rows));
            _mm512_storeu_si512(out, _mm512_maskz_compress_epi64(set, _mm512_or_si512(high, low)));
            out += __builtin_popcount(set);
        }
        return out;
    }
    static std::size_t keep_below(std::uint64_t* values, std::size_t count, std::uint64_t bound) {
        const __m512i limit = _mm512_set1_epi64(static_cast<long long>(bound));
        std::uint64_t* out = values;
        for (std::size_t i = 0; i < count; i += 8) {
            const std::size_t left = count - i;
            const auto real = static_cast<__mmask8>(left < 8 ? (1U << left) - 1 : 0xff);
            const __m512i value = _mm512_maskz_loadu_epi64(real, values + i);
            const __mmask8 below = _mm512_mask_cmplt_epu64_mask(real, value, limit);
            // Whole registers are written, as far as they do not reach what is yet to be read.
            _mm512_mask_storeu_epi64(out, real, _mm512_maskz_compress_epi64(below, value));
            out += __builtin_popcount(below);
        }
        return static_cast<std::size_t>(out - values);
    }
};

// Sixteen rows side by side, a lane for each. Products says how four bytes of a row meet four of the query.
template <class Products>
struct Nibbles512 {
    // The upper halves of sixteen floats.
    static __m512 widen(const std::uint8_t* p) {
        const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
    }
    static std::uint32_t passing(const NibbleQuery& query, const std::uint8_t* block) {
        const __m512i nibble = _mm512_set1_epi8(15);
        const std::uint8_t* codes = block + kNibbleHead;
        __m512i even = _mm512_setzero_si512();
        __m512i odd = _mm512_setzero_si512();
        for (std::size_t o = 0; o < query.octets; ++o, codes += kOctetBytes) {
            const __m512i code = _mm512_loadu_si512(codes);
            even = Products::add(even, _mm512_and_si512(code, nibble),
                                 _mm512_set1_epi32(four_bytes(query.codes + 8 * o)));
            odd = Products::add(odd, _mm512_and_si512(_mm512_srli_epi16(code, 4), nibble),
                                _mm512_set1_epi32(four_bytes(query.codes + 8 * o + 4)));
        }
        const __m512i sums = _mm512_slli_epi32(_mm512_add_epi32(even, odd), 1);
        const __m512 products = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums, _mm512_set1_epi32(query.centre)));
        const __m512 base = _mm512_loadu_ps(reinterpret_cast<const float*>(block));
        const __m512 steps = _mm512_mul_ps(widen(block + 64), _mm512_set1_ps(query.product_scale));
        const __m512 slack =
            _mm512_sub_ps(_mm512_mul_ps(widen(block + 96), _mm512_set1_ps(query.error_scale)), base);
        const __m512 value = _mm512_add_ps(_mm512_mul_ps(products, steps), slack);
        return _mm512_cmp_ps_mask(value, _mm512_set1_ps(query.least), _CMP_NLT_UQ);
    }
};

// 15 * 128 twice stays below 2^15.
struct NibbleProducts512 {
    static __m512i add(__m512i sum, __m512i codes, __m512i query) {
        return _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_maddubs_epi16(codes, query), _mm512_set1_epi16(1)));
    }
};

}  // namespace
}  // namespace kith::kernel
