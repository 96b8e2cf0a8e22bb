// The primitives on float rows, once for every instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/reduce.hpp"
#include "kernel/table.hpp"

namespace kith::kernel {

template <class Isa>
float dot(const float* a, const float* b, std::size_t n) {
    return one<Isa, Product>(a, b, n, 0);
}

template <class Isa>
float sum_of_squares(const float* a, std::size_t n) {
    return norm_of<typename Isa::Floats>(a, n);
}

template <class Isa>
void axpy(float alpha, const float* x, float* y, std::size_t n) {
    using L = typename Isa::Floats;
    const typename L::Vec factor = L::broadcast(alpha);
    std::size_t i = 0;
    for (; i + L::kWidth <= n; i += L::kWidth) {
        L::store(y + i, L::mul_add(factor, L::load(x + i), L::load(y + i)));
    }
    if (const std::size_t rest = n - i; rest != 0) {
        L::store_tail(y + i, L::mul_add(factor, L::load_tail(x + i, rest, i), L::load_tail(y + i, rest, i)), rest);
    }
}

template <class Isa>
void scale(float alpha, float* x, std::size_t n) {
    using L = typename Isa::Floats;
    const typename L::Vec factor = L::broadcast(alpha);
    std::size_t i = 0;
    for (; i + L::kWidth <= n; i += L::kWidth) L::store(x + i, L::mul(factor, L::load(x + i)));
    if (const std::size_t rest = n - i; rest != 0) {
        L::store_tail(x + i, L::mul(factor, L::load_tail(x + i, rest, i)), rest);
    }
}

template <class Isa>
void dot_gather(const float* query, const void* base, std::size_t stride, const std::uint32_t* rows,
                std::size_t count, std::size_t n, float* out) {
    gather<Isa, Product, float>(query, base, stride, rows, count, n, out);
}

template <class Isa>
void dot_scan(const float* query, const void* base, std::size_t stride, std::size_t count, std::size_t n,
              float* out) {
    scan<Isa, Product, float>(query, base, stride, count, n, out);
}

// The compiler makes vectors of this loop for each set.
template <class Isa>
void widen(const std::int8_t* codes, std::size_t n, float step, float centre, float* out) {
    for (std::size_t i = 0; i < n; ++i) out[i] = centre + step * static_cast<float>(codes[i]);
}

// Sets that can bring chosen lanes together (pack) do it sixteen values at a time. What a step writes to the front
// never reaches beyond what it has read.
template <class Isa>
std::size_t partition(std::uint32_t* values, const float* margins, std::size_t count, std::uint32_t* spare) {
    using L = typename Isa::Floats;
    std::size_t front = 0;
    std::size_t behind = 0;
    std::size_t i = 0;
    if constexpr (requires { &L::pack; }) {
        for (; i + L::kWidth <= count; i += L::kWidth) {
            const std::uint32_t above = L::above_zero(L::load(margins + i));
            behind += L::pack(values + i, above, spare + behind);
            front += L::pack(values + i, ~above, values + front);
        }
    }
    // Written to both places and kept in one: which it is cannot be predicted.
    for (; i < count; ++i) {
        const std::uint32_t value = values[i];
        const bool above = margins[i] > 0;
        spare[behind] = value;
        values[front] = value;
        behind += above ? 1 : 0;
        front += above ? 0 : 1;
    }
    __builtin_memcpy(values + front, spare, behind * sizeof *spare);
    return front;
}

}  // namespace kith::kernel
