// What every CPU of the architecture has (x86-64: SSE2), in the compiler's own vectors.
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "kernel/make_table.hpp"
#include "kernel/sets.hpp"
#include "kernel/short_rows.hpp"

namespace kith::kernel {
namespace {

typedef float F32x4 __attribute__((vector_size(16)));
typedef std::int32_t I32x4 __attribute__((vector_size(16)));
typedef std::int16_t I16x8 __attribute__((vector_size(16)));
typedef std::uint16_t U16x8 __attribute__((vector_size(16)));
typedef std::uint64_t U64x2 __attribute__((vector_size(16)));
typedef std::int8_t I8x16 __attribute__((vector_size(16)));

// `bytes` bytes at p, then zeros.
template <class V>
V load_bytes(const void* p, std::size_t bytes) {
    V v = {};
    std::memcpy(&v, p, bytes);
    return v;
}

// Eight bytes, then zeros, straight into a register: through memory the next load would wait for both stores.
template <class V>
V load_eight(const void* p) {
    std::uint64_t word;
    std::memcpy(&word, p, sizeof word);
    return (V)U64x2{word, 0};
}

// binary16 in the low half of each lane. The exponents differ by 112; a product moves them, and gives subnormal
// numbers their places at the same time.
F32x4 widen_half(I32x4 half) {
    const I32x4 magnitude = (half & 0x7FFF) << 13;
    const I32x4 beyond = (magnitude >= 0x7C00 << 13) & 0x7F800000;
    const F32x4 scaled = (F32x4)magnitude * 0x1p112F;
    return (F32x4)((I32x4)scaled | beyond | ((half & 0x8000) << 16));
}

struct Floats {
    using Vec = F32x4;
    using Acc = F32x4;
    using Total = float;
    static constexpr std::size_t kWidth = 4;
    static constexpr std::size_t kMaxElements = ~std::size_t{0};

    static Acc zero() { return F32x4{}; }
    static Vec broadcast(float x) { return F32x4{x, x, x, x}; }
    static Vec load(const float* p) { return load_bytes<F32x4>(p, 16); }
    static Vec load(const Half* p) { return halves(load_eight<U16x8>(p)); }
    static Vec load_tail(const float* p, std::size_t rest, std::size_t /*before*/) {
        float x[4] = {};
        std::memcpy(x, p, 4);
        if (rest > 1) std::memcpy(x + 1, p + 1, 4);
        if (rest > 2) std::memcpy(x + 2, p + 2, 4);
        return F32x4{x[0], x[1], x[2], 0};
    }
    static Vec load_tail(const Half* p, std::size_t rest, std::size_t /*before*/) {
        return halves(load_bytes<U16x8>(p, 2 * rest));
    }
    static std::uint32_t four(const void* p) {
        std::uint32_t x;
        std::memcpy(&x, p, sizeof x);
        return x;
    }
    static std::uint32_t tail(const void* p, std::size_t rest, std::size_t before) {
        return static_cast<std::uint32_t>(few_bytes<Floats>(p, rest, before));
    }
    static Vec load(const std::uint8_t* p) { return from_unsigned(four(p)); }
    static Vec load(const std::int8_t* p) { return from_signed(four(p)); }
    static Vec load_tail(const std::uint8_t* p, std::size_t rest, std::size_t before) {
        return from_unsigned(tail(p, rest, before));
    }
    static Vec load_tail(const std::int8_t* p, std::size_t rest, std::size_t before) {
        return from_signed(tail(p, rest, before));
    }
    static Vec from_unsigned(std::uint32_t x) {
        return __builtin_convertvector(
            I32x4{static_cast<std::int32_t>(x & 255), static_cast<std::int32_t>(x >> 8 & 255),
                  static_cast<std::int32_t>(x >> 16 & 255), static_cast<std::int32_t>(x >> 24)},
            F32x4);
    }
    static Vec from_signed(std::uint32_t x) {
        return __builtin_convertvector(I32x4{static_cast<std::int8_t>(x), static_cast<std::int8_t>(x >> 8),
                                             static_cast<std::int8_t>(x >> 16), static_cast<std::int8_t>(x >> 24)},
                                       F32x4);
    }
    // The whole parts of x, held within 0 and 255, a byte each; 0 for NaN.
    static void store_bytes(std::uint8_t* p, Vec x) {
        x = x > 0 ? x : F32x4{};
        x = x < 255 ? x : F32x4{} + 255;
        const I32x4 whole = __builtin_convertvector(x, I32x4);
        for (std::size_t i = 0; i < kWidth; ++i) p[i] = static_cast<std::uint8_t>(whole[i]);
    }
    static void store(float* p, Vec x) { std::memcpy(p, &x, 16); }
    static void store_tail(float* p, Vec x, std::size_t rest) { std::memcpy(p, &x, 4 * rest); }

    static Vec add(Vec x, Vec y) { return x + y; }
    static Vec sub(Vec x, Vec y) { return x - y; }
    static Vec mul(Vec x, Vec y) { return x * y; }
    static Acc mul_add(Vec x, Vec y, Acc sum) { return sum + x * y; }
    static Quad root(Quad x) {
#if defined(__SSE2__)
        return _mm_sqrt_ps(x);
#else
        return Quad{__builtin_sqrtf(x[0]), __builtin_sqrtf(x[1]), __builtin_sqrtf(x[2]), __builtin_sqrtf(x[3])};
#endif
    }
    static Acc add_abs(Vec x, Acc sum) {
        return sum + (F32x4)((I32x4)x & 0x7FFFFFFF);
    }

    static float sum(Acc x) {
        return (x[0] + x[1]) + (x[2] + x[3]);
    }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        const F32x4 ab_low = __builtin_shufflevector(a, b, 0, 4, 2, 6);
        const F32x4 ab_high = __builtin_shufflevector(a, b, 1, 5, 3, 7);
        const F32x4 cd_low = __builtin_shufflevector(c, d, 0, 4, 2, 6);
        const F32x4 cd_high = __builtin_shufflevector(c, d, 1, 5, 3, 7);
        const F32x4 ab = ab_low + ab_high;
        const F32x4 cd = cd_low + cd_high;
        store(out, __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
    }

private:
    static Vec halves(U16x8 x) {
#if defined(__SSE2__)
        return widen_half((I32x4)_mm_unpacklo_epi16((__m128i)x, __m128i{}));
#else
        return widen_half((I32x4)__builtin_shufflevector(x, U16x8{}, 0, 8, 1, 9, 2, 10, 3, 11));
#endif
    }
};

// Bytes widened to 16 bits; products of neighbours added into 32 bits, exactly.
struct Integers {
    using Vec = I16x8;
    using Acc = I32x4;
    using Total = std::int64_t;
    static constexpr std::size_t kWidth = 8;
    static constexpr std::size_t kMaxElements = 32768;  // times 255 squared stays below 2^31

    static Acc zero() { return I32x4{}; }
    static Vec load(const std::int8_t* p) { return widen(load_eight<I8x16>(p)) >> 8; }
    static Vec load(const std::uint8_t* p) { return (I16x8)((U16x8)widen(load_eight<I8x16>(p)) >> 8); }
    static Vec load_tail(const std::int8_t* p, std::size_t rest, std::size_t /*before*/) {
        return widen(load_bytes<I8x16>(p, rest)) >> 8;
    }
    static Vec load_tail(const std::uint8_t* p, std::size_t rest, std::size_t /*before*/) {
        return (I16x8)((U16x8)widen(load_bytes<I8x16>(p, rest)) >> 8);
    }

    static Acc add(Acc x, Acc y) { return x + y; }
    static Vec sub(Vec x, Vec y) { return x - y; }
    static Acc mul_add(Vec x, Vec y, Acc sum) {
#if defined(__SSE2__)
        return sum + (I32x4)_mm_madd_epi16((__m128i)x, (__m128i)y);
#else
        return sum + even(x) * even(y) + odd(x) * odd(y);
#endif
    }
    static Acc add_abs(Vec x, Acc sum) {
        const I16x8 sign = x >> 15;
        return mul_add((x ^ sign) - sign, I16x8{1, 1, 1, 1, 1, 1, 1, 1}, sum);
    }

    static Total sum(Acc x) {
        return (x[0] + x[1]) + (x[2] + x[3]);
    }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        out[0] = static_cast<float>(sum(a));
        out[1] = static_cast<float>(sum(b));
        out[2] = static_cast<float>(sum(c));
        out[3] = static_cast<float>(sum(d));
    }

private:
    // The first eight bytes, each in the upper half of 16 bits.
    static I16x8 widen(I8x16 x) {
#if defined(__SSE2__)
        return (I16x8)_mm_unpacklo_epi8(__m128i{}, (__m128i)x);
#else
        return (I16x8)__builtin_shufflevector(I8x16{}, x, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
#endif
    }
    static I32x4 even(I16x8 x) {
        return ((I32x4)x << 16) >> 16;
    }
    static I32x4 odd(I16x8 x) {
        return (I32x4)x >> 16;
    }
};

struct Words {
    using Vec = std::uint64_t;
    using Acc = std::uint64_t;
    using Total = std::int64_t;
    static constexpr std::size_t kWidth = 1;
    static constexpr std::size_t kMaxElements = std::size_t{1} << 24;

    static Acc zero() { return 0; }
    static Vec load(const std::uint64_t* p) {
        Vec x;
        std::memcpy(&x, p, 8);
        return x;
    }
    static Vec load_tail(const std::uint64_t* /*p*/, std::size_t /*rest*/, std::size_t /*before*/) { return 0; }

    static Acc add(Acc x, Acc y) { return x + y; }
    static Vec bit_xor(Vec x, Vec y) { return x ^ y; }
    // Counts within pairs of bits, then nibbles, then bytes; a product adds the bytes up.
    static Acc add_bits(Vec x, Acc sum) {
        x -= (x >> 1) & 0x5555555555555555U;
        x = (x & 0x3333333333333333U) + ((x >> 2) & 0x3333333333333333U);
        x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FU;
        return sum + (x * 0x0101010101010101U >> 56);
    }

    static Total sum(Acc x) { return static_cast<Total>(x); }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        out[0] = static_cast<float>(sum(a));
        out[1] = static_cast<float>(sum(b));
        out[2] = static_cast<float>(sum(c));
        out[3] = static_cast<float>(sum(d));
    }
};

// SSE2 has no shuffle of bytes: looks up one by one.
struct Codes {
    struct Acc {
        std::uint16_t score[32];
    };
    using Places = const std::uint8_t*;
    using Scores = Acc;
    static constexpr std::size_t kQueries = 1;
    static constexpr std::size_t kBlocksAlone = 1;
    static constexpr std::size_t kTables = 1;

    static Acc zero() { return {}; }
    static Places places(const std::uint8_t* codes) { return codes; }
    static void step(Acc& acc, Places codes, const std::uint8_t* lookup) {
        for (std::size_t j = 0; j < 16; ++j) {
            acc.score[j] = static_cast<std::uint16_t>(acc.score[j] + lookup[codes[j] & 15]);
            acc.score[j + 16] = static_cast<std::uint16_t>(acc.score[j + 16] + lookup[codes[j] >> 4]);
        }
    }
    static const Scores& scores(const Acc& acc) { return acc; }
    static std::uint32_t below(const Scores& scores, std::uint16_t threshold) {
        std::uint32_t hits = 0;
        for (std::size_t j = 0; j < 32; ++j) {
            hits |= static_cast<std::uint32_t>(scores.score[j] < threshold) << j;
        }
        return hits;
    }
    static constexpr auto append = append_scored<Codes>;
    static constexpr auto keep_below = keep_values_below<Codes>;
    static void store(const Scores& scores, std::uint16_t* out) {
        std::memcpy(out, scores.score, sizeof scores.score);
    }
};

struct Baseline {
    using Floats = kernel::Floats;
    using Integers = kernel::Integers;
    using Words = kernel::Words;
    using Mixed = Widened<kernel::Integers>;
    using Codes = kernel::Codes;
};

}  // namespace

const Table& table_baseline() noexcept {
    static constexpr Table table = make_table<Baseline>("baseline");
    return table;
}

ShortRowsFn short_rows_baseline() noexcept {
    return short_rows<Baseline>;
}

}  // namespace kith::kernel
