// AVX-512 with VNNI, VPOPCNTDQ and VBMI2: Ice Lake, Zen 4 and later.
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

struct Avx512Vnni {
    using Floats = Floats512;
    using Integers = IntegersVnni;
    using Words = WordsCounted;
    using Mixed = Mixed512;
    using Codes = Codes512;
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
