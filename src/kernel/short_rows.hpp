// Comparing a query with short rows, once for every instruction set. Included by isa_*.cpp only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kith::kernel {

// Isa::Mixed multiplies unsigned bytes with signed ones: kBytes at a step, step(acc, bytes, query) and the lane's sums.
// This one is for sets that have to widen both first.
template <class L>
struct Widened : L {
    static constexpr std::size_t kBytes = L::kWidth;
    static typename L::Acc step(typename L::Acc acc, const std::uint8_t* bytes, const std::int8_t* query) {
        return L::mul_add(L::load(bytes), L::load(query), acc);
    }
};

template <class Isa>
void short_rows(const std::int8_t* query, const void* base, std::size_t stride, const std::uint32_t* rows,
                std::size_t count, float scale, float* out) {
    using M = typename Isa::Mixed;
    const auto* const bytes = static_cast<const std::uint8_t*>(base);
    for (std::size_t i = 0; i < count; i += 4) {
        const std::size_t here = count - i < 4 ? count - i : 4;
        const std::uint8_t* row[4];
        for (std::size_t r = 0; r < 4; ++r) row[r] = bytes + rows[i + (r < here ? r : 0)] * stride;
        typename M::Acc sums[4] = {M::zero(), M::zero(), M::zero(), M::zero()};
        for (std::size_t d = 0; d < stride; d += M::kBytes) {
            for (std::size_t r = 0; r < 4; ++r) sums[r] = M::step(sums[r], row[r] + d, query + d);
        }
        float products[4];
        M::sum4(sums[0], sums[1], sums[2], sums[3], products);
        for (std::size_t r = 0; r < here; ++r) {
            float addend;
            std::memcpy(&addend, row[r] + stride - sizeof addend, sizeof addend);
            out[i + r] = addend + scale * products[r];
        }
    }
}

}  // namespace kith::kernel
