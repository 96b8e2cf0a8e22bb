// NEON (Advanced SIMD), which every 64-bit ARM CPU has.
#include <arm_neon.h>

#include <cstring>

#include "kernel/make_table.hpp"
#include "kernel/nibbles.hpp"
#include "kernel/sets.hpp"
#include "kernel/short_rows.hpp"

namespace kith::kernel {
namespace {

// `bytes` bytes at p, then zeros, in a register of eight or sixteen.
template <class V>
V load_bytes(const void* p, std::size_t bytes) {
    V v = {};
    std::memcpy(&v, p, bytes);
    return v;
}

struct Floats {
    using Vec = float32x4_t;
    using Acc = float32x4_t;
    using Total = float;
    static constexpr std::size_t kWidth = 4;
    static constexpr std::size_t kMaxElements = ~std::size_t{0};

    static Acc zero() { return vdupq_n_f32(0); }
    static Vec broadcast(float x) { return vdupq_n_f32(x); }
    static Vec load(const float* p) { return load_bytes<float32x4_t>(p, 16); }
    static Vec load(const Half* p) { return vcvt_f32_f16(load_bytes<float16x4_t>(p, 8)); }
    static Vec load_tail(const float* p, std::size_t rest, std::size_t /*before*/) {
        float x[4] = {};
        std::memcpy(x, p, 4);
        if (rest > 1) std::memcpy(x + 1, p + 1, 4);
        if (rest > 2) std::memcpy(x + 2, p + 2, 4);
        return vld1q_f32(x);
    }
    static Vec load_tail(const Half* p, std::size_t rest, std::size_t /*before*/) {
        return vcvt_f32_f16(load_bytes<float16x4_t>(p, 2 * rest));
    }
    static Vec load(const std::uint8_t* p) { return from_unsigned(load_bytes<uint8x8_t>(p, kWidth)); }
    static Vec load(const std::int8_t* p) { return from_signed(load_bytes<int8x8_t>(p, kWidth)); }
    static Vec load_tail(const std::uint8_t* p, std::size_t rest, std::size_t before) {
        return from_unsigned(vcreate_u8(few_bytes<Floats>(p, rest, before)));
    }
    static Vec load_tail(const std::int8_t* p, std::size_t rest, std::size_t before) {
        return from_signed(vcreate_s8(few_bytes<Floats>(p, rest, before)));
    }
    static Vec from_unsigned(uint8x8_t bytes) { return vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(bytes)))); }
    static Vec from_signed(int8x8_t bytes) { return vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(bytes)))); }
    // The whole parts of x, held within 0 and 255, a byte each; 0 for NaN.
    static void store_bytes(std::uint8_t* p, Vec x) {
        const uint16x4_t words = vqmovun_s32(vcvtq_s32_f32(x));
        const uint8x8_t bytes = vqmovn_u16(vcombine_u16(words, words));
        std::memcpy(p, &bytes, kWidth);
    }
    static void store(float* p, Vec x) { std::memcpy(p, &x, 16); }
    static void store_tail(float* p, Vec x, std::size_t rest) { std::memcpy(p, &x, 4 * rest); }

    static Vec add(Vec x, Vec y) { return vaddq_f32(x, y); }
    static Vec sub(Vec x, Vec y) { return vsubq_f32(x, y); }
    static Vec mul(Vec x, Vec y) { return vmulq_f32(x, y); }
    static Acc mul_add(Vec x, Vec y, Acc sum) { return vfmaq_f32(sum, x, y); }
    static Quad root(Quad x) { return vsqrtq_f32(x); }
    static Acc add_abs(Vec x, Acc sum) { return vaddq_f32(sum, vabsq_f32(x)); }

    static float sum(Acc x) { return vaddvq_f32(x); }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        vst1q_f32(out, vpaddq_f32(vpaddq_f32(a, b), vpaddq_f32(c, d)));
    }
};

// Bytes widened to 16 bits; products added into 32 bits, exactly.
struct Integers {
    using Vec = int16x8_t;
    using Acc = int32x4_t;
    using Total = std::int64_t;
    static constexpr std::size_t kWidth = 8;
    static constexpr std::size_t kMaxElements = 32768;  // times 255 squared stays below 2^31

    static Acc zero() { return vdupq_n_s32(0); }
    static Vec load(const std::int8_t* p) { return vmovl_s8(vld1_s8(p)); }
    static Vec load(const std::uint8_t* p) { return vreinterpretq_s16_u16(vmovl_u8(vld1_u8(p))); }
    static Vec load_tail(const std::int8_t* p, std::size_t rest, std::size_t /*before*/) {
        return vmovl_s8(load_bytes<int8x8_t>(p, rest));
    }
    static Vec load_tail(const std::uint8_t* p, std::size_t rest, std::size_t /*before*/) {
        return vreinterpretq_s16_u16(vmovl_u8(load_bytes<uint8x8_t>(p, rest)));
    }

    static Acc add(Acc x, Acc y) { return vaddq_s32(x, y); }
    static Vec sub(Vec x, Vec y) { return vsubq_s16(x, y); }
    static Acc mul_add(Vec x, Vec y, Acc sum) {
        return vmlal_high_s16(vmlal_s16(sum, vget_low_s16(x), vget_low_s16(y)), x, y);
    }
    static Acc add_abs(Vec x, Acc sum) { return vpadalq_s16(sum, vabsq_s16(x)); }

    static Total sum(Acc x) { return vaddvq_s32(x); }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        const int32x4_t sums = vpaddq_s32(vpaddq_s32(a, b), vpaddq_s32(c, d));
        vst1q_f32(out, vcvtq_f32_s32(sums));
    }
};

struct Words {
    using Vec = uint64x2_t;
    using Acc = uint64x2_t;
    using Total = std::int64_t;
    static constexpr std::size_t kWidth = 2;
    static constexpr std::size_t kMaxElements = std::size_t{1} << 24;

    static Acc zero() { return vdupq_n_u64(0); }
    static Vec load(const std::uint64_t* p) { return load_bytes<uint64x2_t>(p, 16); }
    static Vec load_tail(const std::uint64_t* p, std::size_t /*rest*/, std::size_t /*before*/) {
        return load_bytes<uint64x2_t>(p, 8);
    }

    static Acc add(Acc x, Acc y) { return vaddq_u64(x, y); }
    static Vec bit_xor(Vec x, Vec y) { return veorq_u64(x, y); }
    static Acc add_bits(Vec x, Acc sum) {
        const uint8x16_t counts = vcntq_u8(vreinterpretq_u8_u64(x));
        return vpadalq_u32(sum, vpaddlq_u16(vpaddlq_u8(counts)));
    }

    static Total sum(Acc x) { return static_cast<Total>(vaddvq_u64(x)); }
    static void sum4(Acc a, Acc b, Acc c, Acc d, float* out) {
        vst1q_f32(out, vcvtq_f32_u32(vcombine_u32(vmovn_u64(vpaddq_u64(a, b)), vmovn_u64(vpaddq_u64(c, d)))));
    }
};

// Sixteen bytes are looked up in one instruction; the sums are widened as they are added.
struct Codes {
    struct Acc {
        uint16x8_t at[4];
    };
    struct Places {
        uint8x16_t low, high;
    };
    using Scores = Acc;
    static constexpr std::size_t kQueries = 4;
    static constexpr std::size_t kBlocksAlone = 1;
    static constexpr std::size_t kTables = 1;

    static Acc zero() {
        const uint16x8_t none = vdupq_n_u16(0);
        return {{none, none, none, none}};
    }
    static Places places(const std::uint8_t* codes) {
        const uint8x16_t code = vld1q_u8(codes);
        return {vandq_u8(code, vdupq_n_u8(15)), vshrq_n_u8(code, 4)};
    }
    static void step(Acc& acc, const Places& places, const std::uint8_t* lookup) {
        const uint8x16_t table = vld1q_u8(lookup);
        const uint8x16_t low = vqtbl1q_u8(table, places.low);
        const uint8x16_t high = vqtbl1q_u8(table, places.high);
        acc.at[0] = vaddw_u8(acc.at[0], vget_low_u8(low));
        acc.at[1] = vaddw_high_u8(acc.at[1], low);
        acc.at[2] = vaddw_u8(acc.at[2], vget_low_u8(high));
        acc.at[3] = vaddw_high_u8(acc.at[3], high);
    }
    static const Scores& scores(const Acc& acc) { return acc; }
    static std::uint32_t below(const Scores& scores, std::uint16_t threshold) {
        const std::uint16_t powers[8] = {1, 2, 4, 8, 16, 32, 64, 128};
        const uint16x8_t bits = vld1q_u16(powers);
        std::uint32_t hits = 0;
        for (unsigned i = 0; i < 4; ++i) {
            const uint16x8_t less = vcltq_u16(scores.at[i], vdupq_n_u16(threshold));
            hits |= std::uint32_t{vaddvq_u16(vandq_u16(less, bits))} << 8 * i;
        }
        return hits;
    }
    static constexpr auto append = append_scored<Codes>;
    static constexpr auto keep_below = keep_values_below<Codes>;
    static void store(const Scores& scores, std::uint16_t* out) {
        for (std::size_t i = 0; i < 4; ++i) vst1q_u16(out + 8 * i, scores.at[i]);
    }
};

// Four rows to a register of codes; four times.
struct Nibbles {
    // The upper halves of four floats.
    static float32x4_t widen(const std::uint8_t* p) {
        uint16x4_t halves;
        std::memcpy(&halves, p, sizeof halves);
        return vreinterpretq_f32_u32(vshlq_n_u32(vmovl_u16(halves), 16));
    }
    // Adds the products of four rows' bytes and the query's: 15 * 128 twice stays below 2^15.
    static void add(int32x4_t& first, int32x4_t& second, int8x16_t codes, int8x16_t query) {
        first = vpadalq_s16(first, vmull_s8(vget_low_s8(codes), vget_low_s8(query)));
        second = vpadalq_s16(second, vmull_high_s8(codes, query));
    }
    static std::uint32_t quarter(const NibbleQuery& query, const std::uint8_t* block, std::size_t row) {
        const std::uint8_t* codes = block + kNibbleHead + 4 * row;
        int32x4_t first = vdupq_n_s32(0);
        int32x4_t second = vdupq_n_s32(0);
        for (std::size_t o = 0; o < query.octets; ++o, codes += kOctetBytes) {
            const uint8x16_t code = vld1q_u8(codes);
            const auto even = vreinterpretq_s8_s32(vdupq_n_s32(four_bytes(query.codes + 8 * o)));
            const auto odd = vreinterpretq_s8_s32(vdupq_n_s32(four_bytes(query.codes + 8 * o + 4)));
            add(first, second, vreinterpretq_s8_u8(vandq_u8(code, vdupq_n_u8(15))), even);
            add(first, second, vreinterpretq_s8_u8(vshrq_n_u8(code, 4)), odd);
        }
        const int32x4_t sums = vshlq_n_s32(vpaddq_s32(first, second), 1);
        const float32x4_t products = vcvtq_f32_s32(vsubq_s32(sums, vdupq_n_s32(query.centre)));
        float32x4_t base;
        std::memcpy(&base, block + 4 * row, sizeof base);
        const float32x4_t steps = vmulq_n_f32(widen(block + 64 + 2 * row), query.product_scale);
        const float32x4_t slack = vsubq_f32(vmulq_n_f32(widen(block + 96 + 2 * row), query.error_scale), base);
        const float32x4_t value = vaddq_f32(vmulq_f32(products, steps), slack);
        const uint32x4_t fails = vcltq_f32(value, vdupq_n_f32(query.least));
        const std::uint32_t powers[4] = {1, 2, 4, 8};
        return vaddvq_u32(vbicq_u32(vld1q_u32(powers), fails));
    }
    static std::uint32_t passing(const NibbleQuery& query, const std::uint8_t* block) {
        return quarter(query, block, 0) | quarter(query, block, 4) << 4 | quarter(query, block, 8) << 8 |
               quarter(query, block, 12) << 12;
    }
};

struct Neon {
    using Floats = kernel::Floats;
    using Integers = kernel::Integers;
    using Words = kernel::Words;
    using Mixed = Widened<kernel::Integers>;
    using Codes = kernel::Codes;
    using Nibbles = kernel::Nibbles;
};

}  // namespace

const Table& table_neon() noexcept {
    static constexpr Table table = make_table<Neon>("neon");
    return table;
}

NibbleSelectFn nibbles_neon() noexcept {
    return select_nibbles<Neon>;
}

ShortRowsFn short_rows_neon() noexcept {
    return short_rows<Neon>;
}

}  // namespace kith::kernel
