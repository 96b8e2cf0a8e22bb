// AVX-512 with VNNI, VPOPCNTDQ, VBMI and VBMI2: Ice Lake, Zen 4 and later.
#include "kernel/avx512_lanes.hpp"
#include "kernel/decimals_vbmi2.hpp"

namespace kith::kernel {
namespace {

// Multiplies and adds in one instruction.
struct IntegersVnni : Integers512 {
    static Acc mul_add(Vec x, Vec y, Acc sum) { return _mm512_dpwssd_epi32(sum, x, y); }
    static Acc add_abs(Vec x, Acc sum) { return mul_add(_mm512_abs_epi16(x), _mm512_set1_epi16(1), sum); }
    static Acc dot64(const std::uint8_t* x, const std::int8_t* y, Acc sum) {
        return _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(x), _mm512_loadu_si512(y));
    }
};

struct Mixed512 : Integers512 {
    static constexpr std::size_t kBytes = 64;
    static Acc step(Acc acc, const std::uint8_t* bytes, const std::int8_t* query) {
        return _mm512_dpbusd_epi32(acc, _mm512_loadu_si512(bytes), _mm512_loadu_si512(query));
    }
};

struct WordsCounted : Words512 {
    static Acc add_bits(Vec x, Acc sum) { return _mm512_add_epi64(sum, _mm512_popcnt_epi64(x)); }
};

struct NibbleProductsVnni {
    static __m512i add(__m512i sum, __m512i codes, __m512i query) { return _mm512_dpbusd_epi32(sum, codes, query); }
};

// The bytes of four tables are brought side by side for each row: one instruction then looks all of them up, in all four
// tables of 16 at once, and another adds the four that belong to a row.
struct CodesVbmi {
    struct Acc {
        __m512i low, high;
    };
    using Places = Acc;
    using Scores = Acc;
    static constexpr std::size_t kQueries = 4;
    static constexpr std::size_t kBlocksAlone = 2;
    static constexpr std::size_t kTables = 4;

    static Acc zero() { return {_mm512_setzero_si512(), _mm512_setzero_si512()}; }
    static Places places(const std::uint8_t* codes) {
        const __m512i table = _mm512_set1_epi32(0x30201000);
        const __m512i nibble = _mm512_set1_epi8(15);
        // Byte 4 j + t comes from byte 16 t + j.
        const __m512i order = _mm512_setr_epi32(
            0x30201000, 0x31211101, 0x32221202, 0x33231303, 0x34241404, 0x35251505, 0x36261606, 0x37271707,
            0x38281808, 0x39291909, 0x3A2A1A0A, 0x3B2B1B0B, 0x3C2C1C0C, 0x3D2D1D0D, 0x3E2E1E0E, 0x3F2F1F0F);
        const __m512i code = _mm512_permutexvar_epi8(order, _mm512_loadu_si512(codes));
        constexpr int kEitherOfBoth = 0xEA;  // (code & nibble) | table
        return {_mm512_ternarylogic_epi32(code, nibble, table, kEitherOfBoth),
                _mm512_ternarylogic_epi32(_mm512_srli_epi16(code, 4), nibble, table, kEitherOfBoth)};
    }
    static void step(Acc& acc, const Places& places, const std::uint8_t* lookup) {
        const __m512i tables = _mm512_loadu_si512(lookup);
        const __m512i one = _mm512_set1_epi8(1);
        acc.low = _mm512_dpbusd_epi32(acc.low, _mm512_permutexvar_epi8(places.low, tables), one);
        acc.high = _mm512_dpbusd_epi32(acc.high, _mm512_permutexvar_epi8(places.high, tables), one);
    }
    static const Scores& scores(const Acc& acc) { return acc; }
    static std::uint32_t below(const Scores& scores, std::uint16_t threshold) {
        const __m512i limit = _mm512_set1_epi32(threshold);
        return std::uint32_t{_mm512_cmplt_epu32_mask(scores.low, limit)} |
               std::uint32_t{_mm512_cmplt_epu32_mask(scores.high, limit)} << 16;
    }
    static void store(const Scores& scores, std::uint16_t* out) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_cvtepi32_epi16(scores.low));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 16), _mm512_cvtepi32_epi16(scores.high));
    }
    static constexpr auto append = Codes512::append;
    static constexpr auto keep_below = Codes512::keep_below;
};

struct Avx512Vnni {
    using Floats = Floats512;
    using Integers = IntegersVnni;
    using Words = WordsCounted;
    using Mixed = Mixed512;
    using Codes = CodesVbmi;
    using Nibbles = Nibbles512<NibbleProductsVnni>;
    using Text = TextVbmi2;
};

}  // namespace

const Table& table_avx512vnni() noexcept {
    static constexpr Table table = make_table<Avx512Vnni>("avx512vnni");
    return table;
}

NibbleSelectFn nibbles_avx512vnni() noexcept {
    return select_nibbles<Avx512Vnni>;
}

DecimalsFn decimals_avx512vnni() noexcept {
    return take_decimals<Avx512Vnni>;
}

ShortRowsFn short_rows_avx512vnni() noexcept {
    return short_rows<Avx512Vnni>;
}

}  // namespace kith::kernel
