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

// By a mask for each row: which of them count cannot be predicted.
template <class Isa>
void sum_above(const std::uint8_t* base, std::size_t stride, const std::uint32_t* rows, const float* margins,
               std::size_t count, std::size_t n, std::uint16_t* sums) {
    // Of the compiler's own vectors, which it cuts to the set's size.
    using Bytes [[gnu::vector_size(32)]] = std::uint8_t;
    using Words [[gnu::vector_size(64)]] = std::uint16_t;
    for (std::size_t d = 0; d < n; d += 2 * sizeof(Bytes)) {
        const std::uint8_t* const column = base + d;
        Words low = {};
        Words high = {};
        for (std::size_t i = 0; i < count; ++i) {
            Bytes codes[2];
            __builtin_memcpy(&codes, column + rows[i] * stride, sizeof codes);
            const auto mask = static_cast<std::uint16_t>(margins[i] > 0 ? 0xffff : 0);
            low += __builtin_convertvector(codes[0], Words) & mask;
            high += __builtin_convertvector(codes[1], Words) & mask;
        }
        __builtin_memcpy(sums + d, &low, sizeof low);
        __builtin_memcpy(sums + d + sizeof(Bytes), &high, sizeof high);
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
