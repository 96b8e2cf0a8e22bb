// AVX2 with FMA and F16C: every x86 server and desktop since 2013 (Haswell, Zen).
#include <immintrin.h>

#include <cstring>

#include "kernel/decimals_avx2.hpp"
#include "kernel/make_table.hpp"
#include "kernel/nibbles.hpp"
#include "kernel/sets.hpp"
#include "kernel/short_rows.hpp"

namespace kith::kernel {
namespace {

// kMask + 16 - r: the first r lanes of eight. kMask + r: the last r lanes of eight.
alignas(64) constexpr std::int32_t kMask[24] = {0,  0,  0,  0,  0, 0, 0, 0, -1, -1, -1, -1,
                                                -1, -1, -1, -1, 0, 0, 0, 0, 0,  0,  0,  0};

__m256i first_lanes(std::size_t count) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kMask + 16 - count));
}

__m128i load_128(const void* p) {
    return _mm_loadu_si128(static_cast<const __m128i*>(p));
}

// kBytes + 16 - r: what brings the last r of sixteen bytes to the front, before zeros.
alignas(32) constexpr std::int8_t kBytes[32] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                                -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

// The `rest` bytes at p, then zeros; reads the row's earlier bytes rather than beyond it.
__m128i load_tail_128(const void* p, std::size_t rest, std::size_t before) {
    const auto* const bytes = static_cast<const char*>(p);
    if (before + rest >= 16) {
        return _mm_shuffle_epi8(load_128(bytes + rest - 16), load_128(kBytes + 16 - rest));
    }
    char copy[16] = {};
    std::memcpy(copy, bytes, rest);
    return load_128(copy);
}

struct Floats {
    using Vec = __m256;
    using Acc = __m256;
    using Total = float;
    static constexpr std::size_t kWidth = 8;
    static constexpr std::size_t kMaxElements = ~std::size_t{0};

    static Acc zero() { return _mm256_setzero_ps(); }
    static Vec broadcast(float x) { return _mm256_set1_ps(x); }
    static Vec load(const float* p) { return _mm256_loadu_ps(p); }
    static Vec load(const Half* p) { return _mm256_cvtph_ps(load_128(p)); }
    static Vec load_tail(const float* p, std::size_t rest, std::size_t /*before*/) {
        return _mm256_maskload_ps(p, first_lanes(rest));
    }
    static Vec load_tail(const Half* p, std::size_t rest, std::size_t before) {
        return _mm256_cvtph_ps(load_tail_128(p, 2 * rest, 2 * before));
    }
    static __m128i tail(const void* p, std::size_t rest, std::size_t before) {
        return _mm_cvtsi64_si128(static_cast<long long>(few_bytes<Floats>(p, rest, before)));
    }
    static Vec load(const std::uint8_t* p) { return from_unsigned(_mm_loadu_si64(p)); }
    static Vec load(const std::int8_t* p) { return from_signed(_mm_loadu_si64(p)); }
    static Vec load_tail(const std::uint8_t* p, std::size_t rest, std::size_t before) {
        return from_unsigned(tail(p, rest, before));
    }
    static Vec load_tail(const std::int8_t* p, std::size_t rest, std::size_t before) {
        return from_signed(tail(p, rest, before));
    }
    static Vec from_unsigned(__m128i bytes) { return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes)); }
    static Vec from_signed(__m128i bytes) { return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)); }
    // The whole parts of x, held within 0 and 255, a byte each; 0 for NaN.
    static void store_bytes(std::uint8_t* p, Vec x) {
        const __m256i whole = _mm256_cvttps_epi32(_mm256_min_ps(_mm256_set1_ps(255), x));
        const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(words, words));
    }
    static void store(float* p, Vec x) { _mm256_storeu_ps(p, x); }
    static void store_tail(float* p, Vec x, std::size_t rest) { _mm256_maskstore_ps(p, first_lanes(rest), x); }

    static Vec add(Vec x, Vec y) { return _mm256_add_ps(x, y); }
    static Vec sub(Vec x, Vec y) { return _mm256_sub_ps(x, y); }
    static Vec mul(Vec x, Vec y) { return _mm256_mul_ps(x, y); }
    static Acc mul_add(Vec x, Vec y, Acc sum) { return _mm256_fmadd_ps(x, y, sum); }
    static Quad root(Quad x) { return _mm_sqrt_ps(x); }
    static Acc add_abs(Vec x, Acc sum) { return _mm256_add_ps(sum, _mm256_andnot_ps(_mm256_set1_ps(-0.0F), x)); }

    // Neighbours first, then pairs, then halves: the order of sum4.
    static float sum(Acc x) {
        const __m256 pairs = _mm256_add_ps(x, _mm256_movehdup_ps(x));
        const __m256 quads = _mm256_add_ps(pairs, _mm256_permute_ps(pairs, 0b10));
        return _mm_cvtss_f32(_mm_add_ss(_mm256_castps256_ps128(quads), _mm256_extractf128_ps(quads, 1)));
    }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        const __m256 quads = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
        _mm_storeu_ps(out, _mm_add_ps(_mm256_castps256_ps128(quads), _mm256_extractf128_ps(quads, 1)));
    }
    static Vec in_register(Vec x) {
        __asm__("" : "+x"(x));
        return x;
    }
    // sum() of each of up to eight, side by side; the rest is 0.
    template <std::size_t N>
    static Vec sums(const Acc* x) {
        const auto pair = [x](std::size_t i) {
            return i >= N ? zero() : _mm256_hadd_ps(x[i], i + 1 < N ? x[i + 1] : zero());
        };
        const __m256 low = _mm256_hadd_ps(pair(0), pair(2));
        const __m256 high = N > 4 ? _mm256_hadd_ps(pair(4), pair(6)) : zero();
        return _mm256_add_ps(_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31));
    }
};

// Bytes widened to 16 bits; products of neighbours added into 32 bits, exactly.
struct Integers {
    using Vec = __m256i;
    using Acc = __m256i;
    using Total = std::int64_t;
    static constexpr std::size_t kWidth = 16;
    static constexpr std::size_t kMaxElements = 32768;  // times 255 squared stays below 2^31

    static Acc zero() { return _mm256_setzero_si256(); }
    static Vec load(const std::int8_t* p) { return _mm256_cvtepi8_epi16(load_128(p)); }
    static Vec load(const std::uint8_t* p) { return _mm256_cvtepu8_epi16(load_128(p)); }
    static Vec load_tail(const std::int8_t* p, std::size_t rest, std::size_t before) {
        return _mm256_cvtepi8_epi16(load_tail_128(p, rest, before));
    }
    static Vec load_tail(const std::uint8_t* p, std::size_t rest, std::size_t before) {
        return _mm256_cvtepu8_epi16(load_tail_128(p, rest, before));
    }

    static Acc add(Acc x, Acc y) { return _mm256_add_epi32(x, y); }
    static Vec sub(Vec x, Vec y) { return _mm256_sub_epi16(x, y); }
    static Acc mul_add(Vec x, Vec y, Acc sum) { return _mm256_add_epi32(sum, _mm256_madd_epi16(x, y)); }
    static Acc add_abs(Vec x, Acc sum) { return mul_add(_mm256_abs_epi16(x), _mm256_set1_epi16(1), sum); }

    static Total sum(Acc x) {
        const __m256i quads = _mm256_hadd_epi32(_mm256_hadd_epi32(x, x), _mm256_setzero_si256());
        return _mm_cvtsi128_si32(_mm_add_epi32(_mm256_castsi256_si128(quads), _mm256_extracti128_si256(quads, 1)));
    }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        const __m256i quads = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
        const __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(quads), _mm256_extracti128_si256(quads, 1));
        _mm_storeu_ps(out, _mm_cvtepi32_ps(sums));
    }
};

// Bits are counted by looking up nibbles (Muła, Kurz and Lemire, "Faster population counts using AVX2", 2018).
struct Words {
    using Vec = __m256i;
    using Acc = __m256i;
    using Total = std::int64_t;
    static constexpr std::size_t kWidth = 4;
    static constexpr std::size_t kMaxElements = std::size_t{1} << 24;

    static Acc zero() { return _mm256_setzero_si256(); }
    static Vec load(const std::uint64_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static Vec load_tail(const std::uint64_t* p, std::size_t rest, std::size_t /*before*/) {
        return _mm256_maskload_epi64(static_cast<const long long*>(static_cast<const void*>(p)),
                                     first_lanes(2 * rest));
    }

    static Acc add(Acc x, Acc y) { return _mm256_add_epi64(x, y); }
    static Vec bit_xor(Vec x, Vec y) { return _mm256_xor_si256(x, y); }
    static Acc add_bits(Vec x, Acc sum) {
        const __m256i counts =
            _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
        const __m256i nibble = _mm256_set1_epi8(15);
        const __m256i low = _mm256_shuffle_epi8(counts, _mm256_and_si256(x, nibble));
        const __m256i high = _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
        return _mm256_add_epi64(sum, _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256()));
    }

    static Total sum(Acc x) {
        const __m128i halves = _mm_add_epi64(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
        return _mm_cvtsi128_si64(_mm_add_epi64(halves, _mm_unpackhi_epi64(halves, halves)));
    }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        const __m256i ab = _mm256_add_epi64(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
        const __m256i cd = _mm256_add_epi64(_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
        // a and b, c and d: the low words of each pair of counts.
        const __m256 low = _mm256_shuffle_ps(_mm256_castsi256_ps(ab), _mm256_castsi256_ps(cd), 0b10001000);
        const __m256i counts = _mm256_castps_si256(low);
        const __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(counts), _mm256_extracti128_si256(counts, 1));
        _mm_storeu_ps(out, _mm_cvtepi32_ps(sums));
    }
};

// Two tables a step; otherwise as in avx512_lanes.hpp.
struct Codes {
    struct Acc {
        __m256i all_low, odd_low, all_high, odd_high;
    };
    struct Places {
        __m256i low, high;
    };
    using Scores = Places;
    static constexpr std::size_t kQueries = 2;
    static constexpr std::size_t kBlocksAlone = 1;
    static constexpr std::size_t kTables = 2;

    static Acc zero() {
        const __m256i none = _mm256_setzero_si256();
        return {none, none, none, none};
    }
    static __m256i load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
    static Places places(const std::uint8_t* codes) {
        const __m256i nibble = _mm256_set1_epi8(15);
        const __m256i code = load(codes);
        return {_mm256_and_si256(code, nibble), _mm256_and_si256(_mm256_srli_epi16(code, 4), nibble)};
    }
    static void step(Acc& acc, const Places& places, const std::uint8_t* lookup) {
        const __m256i table = load(lookup);
        const __m256i low = _mm256_shuffle_epi8(table, places.low);
        const __m256i high = _mm256_shuffle_epi8(table, places.high);
        acc.all_low = _mm256_add_epi16(acc.all_low, low);
        acc.odd_low = _mm256_add_epi16(acc.odd_low, _mm256_srli_epi16(low, 8));
        acc.all_high = _mm256_add_epi16(acc.all_high, high);
        acc.odd_high = _mm256_add_epi16(acc.odd_high, _mm256_srli_epi16(high, 8));
    }
    static __m256i in_order(__m256i all, __m256i odd) {
        const __m128i odds = _mm_add_epi16(_mm256_castsi256_si128(odd), _mm256_extracti128_si256(odd, 1));
        const __m128i sums = _mm_add_epi16(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
        const __m128i evens = _mm_sub_epi16(sums, _mm_slli_epi16(odds, 8));
        return _mm256_set_m128i(_mm_unpackhi_epi16(evens, odds), _mm_unpacklo_epi16(evens, odds));
    }
    static Scores scores(const Acc& acc) {
        return {in_order(acc.all_low, acc.odd_low), in_order(acc.all_high, acc.odd_high)};
    }
    // Whether threshold - score, at least 0, is more than 0.
    static std::uint32_t below(const Scores& scores, std::uint16_t threshold) {
        const __m256i limit = _mm256_set1_epi16(static_cast<short>(threshold));
        const __m256i none = _mm256_setzero_si256();
        const __m256i low = _mm256_cmpeq_epi16(_mm256_subs_epu16(limit, scores.low), none);
        const __m256i high = _mm256_cmpeq_epi16(_mm256_subs_epu16(limit, scores.high), none);
        const __m256i packed = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0b11011000);
        return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(packed));
    }
    static constexpr auto append = append_scored<Codes>;
    static constexpr auto keep_below = keep_values_below<Codes>;
    static void store(const Scores& scores, std::uint16_t* out) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), scores.low);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 16), scores.high);
    }
};

// Eight rows side by side, a lane for each; twice.
struct Nibbles {
    // The upper halves of eight floats.
    static __m256 widen(const std::uint8_t* p) {
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(load_128(p)), 16));
    }
    // 15 * 128 four times stays below 2^15.
    static __m256i products(const NibbleQuery& query, const std::uint8_t* codes) {
        const __m256i nibble = _mm256_set1_epi8(15);
        __m256i sum = _mm256_setzero_si256();
        for (std::size_t o = 0; o < query.octets; ++o, codes += kOctetBytes) {
            const __m256i code = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
            const __m256i even = _mm256_maddubs_epi16(_mm256_and_si256(code, nibble),
                                                      _mm256_set1_epi32(four_bytes(query.codes + 8 * o)));
            const __m256i odd = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(code, 4), nibble),
                                                     _mm256_set1_epi32(four_bytes(query.codes + 8 * o + 4)));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_add_epi16(even, odd), _mm256_set1_epi16(1)));
        }
        return sum;
    }
    static std::uint32_t half(const NibbleQuery& query, const std::uint8_t* block, std::size_t first) {
        const __m256i sums = _mm256_slli_epi32(products(query, block + kNibbleHead + 4 * first), 1);
        const __m256 products = _mm256_cvtepi32_ps(_mm256_sub_epi32(sums, _mm256_set1_epi32(query.centre)));
        const __m256 base = _mm256_loadu_ps(reinterpret_cast<const float*>(block) + first);
        const __m256 steps = _mm256_mul_ps(widen(block + 64 + 2 * first), _mm256_set1_ps(query.product_scale));
        const __m256 slack =
            _mm256_sub_ps(_mm256_mul_ps(widen(block + 96 + 2 * first), _mm256_set1_ps(query.error_scale)), base);
        const __m256 value = _mm256_add_ps(_mm256_mul_ps(products, steps), slack);
        const __m256 passes = _mm256_cmp_ps(value, _mm256_set1_ps(query.least), _CMP_NLT_UQ);
        return static_cast<std::uint32_t>(_mm256_movemask_ps(passes));
    }
    static std::uint32_t passing(const NibbleQuery& query, const std::uint8_t* block) {
        return half(query, block, 0) | half(query, block, 8) << 8;
    }
};

struct Avx2 {
    using Floats = kernel::Floats;
    using Integers = kernel::Integers;
    using Words = kernel::Words;
    using Mixed = Widened<kernel::Integers>;
    using Codes = kernel::Codes;
    using Nibbles = kernel::Nibbles;
    using Text = TextAvx2;
};

}  // namespace

const Table& table_avx2() noexcept {
    static constexpr Table table = make_table<Avx2>("avx2");
    return table;
}

NibbleSelectFn nibbles_avx2() noexcept {
    return select_nibbles<Avx2>;
}

DecimalsFn decimals_avx2() noexcept {
    return take_decimals<Avx2>;
}

ShortRowsFn short_rows_avx2() noexcept {
    return short_rows<Avx2>;
}

}  // namespace kith::kernel
