// The primitives on float rows, once for every instruction set.
#pragma once

#include <cstddef>

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

}  // namespace kith::kernel
