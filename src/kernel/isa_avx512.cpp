// AVX-512 F, BW, DQ and VL: Skylake-X, Zen 4 and later.
#include "kernel/avx512_lanes.hpp"
#include "kernel/decimals_avx2.hpp"

namespace kith::kernel {
namespace {

struct Avx512 {
    using Floats = Floats512;
    using Integers = Integers512;
    using Words = Words512;
    using Mixed = Widened<Integers512>;
    using Codes = Codes512;
    using Nibbles = Nibbles512<NibbleProducts512>;
    using Text = TextAvx2;
};

}  // namespace

const Table& table_avx512() noexcept {
    static constexpr Table table = make_table<Avx512>("avx512");
    return table;
}

NibbleSelectFn nibbles_avx512() noexcept {
    return select_nibbles<Avx512>;
}

DecimalsFn decimals_avx512() noexcept {
    return take_decimals<Avx512>;
}

ShortRowsFn short_rows_avx512() noexcept {
    return short_rows<Avx512>;
}

}  // namespace kith::kernel
