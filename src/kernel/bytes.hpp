// Rows of bytes cut by planes, once for every instruction set. Included by isa_*.cpp only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/reduce.hpp"

namespace kith::kernel {

// What one block of 64 bytes adds to a dot product. Sets that can multiply bytes at once (dot64) do so.
template <class L>
inline typename L::Acc add_block(const std::int8_t* normal, const std::uint8_t* row, typename L::Acc sum) {
    if constexpr (requires { &L::dot64; }) {
        return L::dot64(row, normal, sum);
    } else {
        for (std::size_t i = 0; i < 64; i += L::kWidth)
            sum = L::mul_add(L::load(normal + i), L::load(row + i), sum);
        return sum;
    }
}

template <class Isa>
void byte_margins(const std::int8_t* normal, float limit, const std::uint8_t* base, std::size_t stride,
                  const std::uint32_t* rows, std::size_t count, std::size_t n, float* out) {
    using L = typename Isa::Integers;
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const std::uint8_t* const at[4] = {base + rows[i] * stride, base + rows[i + 1] * stride,
                                           base + rows[i + 2] * stride, base + rows[i + 3] * stride};
        typename L::Acc sums[4] = {L::zero(), L::zero(), L::zero(), L::zero()};
        for (std::size_t d = 0; d < n; d += 64) {
            for (std::size_t r = 0; r < 4; ++r) sums[r] = add_block<L>(normal + d, at[r] + d, sums[r]);
        }
        float dots[4];
        L::sum4(sums[0], sums[1], sums[2], sums[3], dots);
        for (std::size_t r = 0; r < 4; ++r) out[i + r] = dots[r] - limit;
    }
    for (; i < count; ++i) {
        const std::uint8_t* const at = base + rows[i] * stride;
        typename L::Acc sum = L::zero();
        for (std::size_t d = 0; d < n; d += 64) sum = add_block<L>(normal + d, at + d, sum);
        out[i] = static_cast<float>(L::sum(sum)) - limit;
    }
}

// The compiler's own vectors, of the size of the set's registers: wider ones it takes apart element by element.
template <class Isa>
struct ByteLanes {
    static constexpr std::size_t kCount = sizeof(typename Isa::Integers::Acc) / sizeof(std::uint16_t);
    typedef std::uint8_t Bytes __attribute__((vector_size(kCount)));
    typedef std::uint16_t Words __attribute__((vector_size(sizeof(std::uint16_t) * kCount)));
};

// The rows that count are picked first, without branches: which they are cannot be predicted.
template <class Isa>
void sum_above(const std::uint8_t* base, std::size_t stride, const std::uint32_t* rows, const float* margins,
               std::size_t count, std::size_t n, std::uint16_t* sums) {
    using L = ByteLanes<Isa>;
    const std::uint8_t* picked[256];
    std::size_t above = 0;
    for (std::size_t i = 0; i < count; ++i) {
        picked[above] = base + rows[i] * stride;
        above += static_cast<std::size_t>(margins[i] > 0);
    }
    for (std::size_t d = 0; d < n; d += 64) {
        typename L::Words total[64 / L::kCount] = {};
        for (std::size_t i = 0; i < above; ++i) {
            for (std::size_t part = 0; part < 64 / L::kCount; ++part) {
                typename L::Bytes codes;
                __builtin_memcpy(&codes, picked[i] + d + part * L::kCount, sizeof codes);
                total[part] += __builtin_convertvector(codes, typename L::Words);
            }
        }
        __builtin_memcpy(sums + d, total, sizeof total);
    }
}

template <class Isa>
void quantise(const float* x, std::size_t n, std::int8_t* out) {
    constexpr std::size_t kLanes = 16;
    constexpr float kRounder = 12582912.0F;  // added and taken away again, it leaves the nearest whole number
    float most[kLanes] = {};
    for (std::size_t d = 0; d < n; d += kLanes) {
        for (std::size_t i = 0; i < kLanes; ++i) {
            const float size = __builtin_fabsf(x[d + i]);
            most[i] = size > most[i] ? size : most[i];
        }
    }
    float largest = 0;
    for (const float each : most) largest = each > largest ? each : largest;
    const float scale = largest > 0 ? 127 / largest : 0.0F;
    for (std::size_t d = 0; d < n; ++d) {
        out[d] = static_cast<std::int8_t>(static_cast<std::int32_t>((x[d] * scale + kRounder) - kRounder));
    }
}

}  // namespace kith::kernel
