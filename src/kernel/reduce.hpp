// The loops, once for every metric, element type and instruction set.
//
// A lane describes how one instruction set treats one family of elements:
//   Vec, Acc       a vector of elements as computed with, and of running sums
//   Total          the type of a finished sum
//   kWidth         elements per Vec
//   kMaxElements   how many elements may be summed before the sum could leave 32 bits (Floats: no limit)
//   load, load_tail, zero, add, sum, sum4 (four sums, as floats), and the arithmetic that the ops of ops.hpp name.
// load_tail(p, rest, before) reads 0 < rest < kWidth elements at p, of which `before` more precede p in the same
// row, into the first lanes; the other lanes are zero. It touches no byte outside the row.
//
// Everything is a template over a type from the including file's unnamed namespace, so that nothing here becomes a
// weak symbol that the linker could share between instruction sets. Pair, gather and scan give bit-identical ranks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <kith/types.hpp>

#include "kernel/ops.hpp"

namespace kith::kernel {

template <class Isa, class T>
struct LaneOf {
    using type = typename Isa::Floats;
};
template <class Isa>
struct LaneOf<Isa, std::int8_t> {
    using type = typename Isa::Integers;
};
template <class Isa>
struct LaneOf<Isa, std::uint8_t> {
    using type = typename Isa::Integers;
};
template <class Isa>
struct LaneOf<Isa, std::uint64_t> {
    using type = typename Isa::Words;
};
template <class Isa, class T>
using Lane = typename LaneOf<Isa, T>::type;

// The running sums of one pair of rows.
template <class Op, class L>
struct Sums {
    typename L::Acc at[Op::kSums];

    static Sums zero() {
        Sums sums;
        for (auto& each : sums.at) each = L::zero();
        return sums;
    }
    void step(typename L::Vec x, typename L::Vec y) { Op::template step<L>(at, x, y); }
    void add(const Sums& other) {
        for (std::size_t s = 0; s < Op::kSums; ++s) at[s] = L::add(at[s], other.at[s]);
    }
};

// One to eight bytes as one number, the first lowest; reads the `before` that precede them rather than beyond them.
template <class L>
inline std::uint64_t few_bytes(const void* p, std::size_t count, std::size_t before) {
    const auto* const bytes = static_cast<const unsigned char*>(p);
    std::uint64_t x = 0;
    if (before + count >= sizeof x) {
        __builtin_memcpy(&x, bytes + count - sizeof x, sizeof x);
        return x >> (8 * (sizeof x - count));
    }
    for (std::size_t i = 0; i < count; ++i) x |= std::uint64_t{bytes[i]} << (8 * i);
    return x;
}

// Four independent chains hide the latency of multiply-add; a short row spreads over all of them too. The rows' elements
// may be of another type than the query's (U for T), as long as the query's lane loads both.
template <class Op, class L, class T, class U>
inline Sums<Op, L> accumulate(const T* x, const U* y, std::size_t n) {
    constexpr std::size_t kWidth = L::kWidth;
    auto s0 = Sums<Op, L>::zero();
    auto s1 = s0;
    auto s2 = s0;
    auto s3 = s0;
    std::size_t i = 0;
    for (; i + 4 * kWidth <= n; i += 4 * kWidth) {
        s0.step(L::load(x + i), L::load(y + i));
        s1.step(L::load(x + i + kWidth), L::load(y + i + kWidth));
        s2.step(L::load(x + i + 2 * kWidth), L::load(y + i + 2 * kWidth));
        s3.step(L::load(x + i + 3 * kWidth), L::load(y + i + 3 * kWidth));
    }
    if (i + kWidth <= n) {
        s0.step(L::load(x + i), L::load(y + i));
        i += kWidth;
    }
    if (i + kWidth <= n) {
        s1.step(L::load(x + i), L::load(y + i));
        i += kWidth;
    }
    if (i + kWidth <= n) {
        s2.step(L::load(x + i), L::load(y + i));
        i += kWidth;
    }
    if (i < n) s3.step(L::load_tail(x + i, n - i, i), L::load_tail(y + i, n - i, i));
    s0.add(s1);
    s2.add(s3);
    s0.add(s2);
    return s0;
}

// The finished sums of one pair of any length.
template <class Op, class L, class T, class U>
inline void totals(const T* x, const U* y, std::size_t n, typename L::Total* out) {
    for (std::size_t s = 0; s < Op::kSums; ++s) out[s] = 0;
    std::size_t first = 0;
    do {
        const std::size_t count = n - first < L::kMaxElements ? n - first : L::kMaxElements;
        const Sums<Op, L> sums = accumulate<Op, L>(x + first, y + first, count);
        for (std::size_t s = 0; s < Op::kSums; ++s) out[s] += L::sum(sums.at[s]);
        first += count;
    } while (first < n);
}

// The sum of squares of a row, summed in the order in which Angular sums y.y: equal rows are at rank 0 exactly.
template <class L, class T>
inline typename L::Total norm_of(const T* x, std::size_t n) {
    typename L::Total total[1];
    totals<Product, L>(x, x, n, total);
    return total[0];
}

template <class L, class T>
inline float one_element(const T* p) {
    return L::sum(L::load_tail(p, 1, 0));
}

// One pair in double precision: for elements whose squares leave the range of float.
template <class Isa, class Op, class U>
[[gnu::noinline, gnu::cold]] float careful(const float* x, const U* y, std::size_t n) {
    double sums[2] = {0, 0};
    double norm = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const float a = one_element<typename Isa::Floats>(x + i);
        const float b = one_element<typename Isa::Floats>(y + i);
        sums[0] += static_cast<double>(a) * b;
        sums[1] += static_cast<double>(b) * b;
        norm += static_cast<double>(a) * a;
    }
    return static_cast<float>(Op::template finish<Isa>(sums, norm));
}

template <class Isa, class Op, class T, class U>
inline float one(const T* x, const U* y, std::size_t n, float norm) {
    typename Lane<Isa, T>::Total exact[Op::kSums];
    totals<Op, Lane<Isa, T>>(x, y, n, exact);
    float sums[Op::kSums];
    for (std::size_t s = 0; s < Op::kSums; ++s) sums[s] = static_cast<float>(exact[s]);
    if constexpr (std::is_same_v<T, float>) {
        if (!Op::sound(sums, norm)) return careful<Isa, Op>(x, y, n);
    }
    return Op::template finish<Isa>(sums, norm);
}

// As accumulate for kRows rows at once, which share the loads of x.
template <class Op, class L, std::size_t kRows, class T, class U>
[[gnu::always_inline]] inline void accumulate_rows(const T* x, const U* const* rows, std::size_t n,
                                                   Sums<Op, L>* out) {
    constexpr std::size_t kWidth = L::kWidth;
    constexpr std::size_t kChains = 4;
    Sums<Op, L> sums[kRows][kChains];
    for (auto& row : sums) {
        for (auto& chain : row) chain = Sums<Op, L>::zero();
    }
    std::size_t i = 0;
    for (; i + kChains * kWidth <= n; i += kChains * kWidth) {
        for (std::size_t c = 0; c < kChains; ++c) {
            const typename L::Vec part = L::load(x + i + c * kWidth);
            for (std::size_t r = 0; r < kRows; ++r) sums[r][c].step(part, L::load(rows[r] + i + c * kWidth));
        }
    }
    for (std::size_t c = 0; c + 1 < kChains; ++c) {
        if (i + kWidth > n) break;
        const typename L::Vec part = L::load(x + i);
        for (std::size_t r = 0; r < kRows; ++r) sums[r][c].step(part, L::load(rows[r] + i));
        i += kWidth;
    }
    if (i < n) {
        const typename L::Vec part = L::load_tail(x + i, n - i, i);
        for (std::size_t r = 0; r < kRows; ++r)
            sums[r][kChains - 1].step(part, L::load_tail(rows[r] + i, n - i, i));
    }
    for (std::size_t r = 0; r < kRows; ++r) {
        sums[r][0].add(sums[r][1]);
        sums[r][2].add(sums[r][3]);
        sums[r][0].add(sums[r][2]);
        out[r] = sums[r][0];
    }
}

// How many rows' running sums the registers hold at once.
template <class Op, class L>
constexpr std::size_t kRowsAtOnce = L::kWidth >= 16 && Op::kSums == 1 ? 4 : 2;

// The ranks of four rows. They share the horizontal sums and the last steps, which would otherwise dominate below a
// hundred dimensions.
template <class Isa, class Op, class T, class U>
[[gnu::always_inline]] inline void four(const T* x, const U* const* rows, std::size_t n, float norm, float* out) {
    using L = Lane<Isa, T>;
    Sums<Op, L> parts[4];
    for (std::size_t r = 0; r < 4; r += kRowsAtOnce<Op, L>) {
        accumulate_rows<Op, L, kRowsAtOnce<Op, L>>(x, rows + r, n, parts + r);
    }
    Quad sums[Op::kSums];
    for (std::size_t s = 0; s < Op::kSums; ++s) {
        float each[4];
        L::sum4(parts[0].at[s], parts[1].at[s], parts[2].at[s], parts[3].at[s], each);
        __builtin_memcpy(&sums[s], each, sizeof each);
    }
    const Quad norms = Quad{} + norm;
    const Quad ranks = Op::template finish<Isa>(sums, norms);
    __builtin_memcpy(out, &ranks, sizeof ranks);
    if constexpr (std::is_same_v<T, float>) {
        const QuadMask sound = Op::sound(sums, norms);
        if ((sound[0] & sound[1] & sound[2] & sound[3]) == 0) [[unlikely]] {
            for (std::size_t r = 0; r < 4; ++r) {
                if (sound[r] == 0) out[r] = careful<Isa, Op>(x, rows[r], n);
            }
        }
    }
}

// out[i] = rank of (x, row(i)); row(i) is called once for each i, in order.
template <class Isa, class Op, class U, class T, class Rows>
inline void many(const T* x, Rows row, std::size_t count, std::size_t n, float* out) {
    using L = Lane<Isa, T>;
    float norm = 0;
    if constexpr (Op::kNeedsNorm) norm = static_cast<float>(norm_of<L>(x, n));
    std::size_t i = 0;
    if (n <= L::kMaxElements) {
        for (; i + 4 <= count; i += 4) {
            const U* const rows[4] = {row(i), row(i + 1), row(i + 2), row(i + 3)};
            four<Isa, Op>(x, rows, n, norm, out + i);
        }
    }
    for (; i < count; ++i) out[i] = one<Isa, Op>(x, row(i), n, norm);
}

template <class Isa, class Op, class T, class U = T>
float pair(const void* a, const void* b, std::size_t n) {
    const auto* const x = static_cast<const T*>(a);
    float norm = 0;
    if constexpr (Op::kNeedsNorm) norm = static_cast<float>(norm_of<Lane<Isa, T>>(x, n));
    return one<Isa, Op>(x, static_cast<const U*>(b), n, norm);
}

template <class Isa, class Op, class T, class U = T>
void scan(const void* query, const void* base, std::size_t stride, std::size_t count, std::size_t n, float* out) {
    const auto* const bytes = static_cast<const unsigned char*>(base);
    const auto row = [=](std::size_t i) {
        return static_cast<const U*>(static_cast<const void*>(bytes + i * stride));
    };
    many<Isa, Op, U>(static_cast<const T*>(query), row, count, n, out);
}

// How much of what comes next is asked for early: a whole row up to kPrefetchRow bytes (the hardware follows a
// longer one by itself), and as many rows as make kPrefetchBytes.
constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kPrefetchRow = 1024;
constexpr std::size_t kPrefetchBytes = 4096;

template <class Isa, class Op, class T, class U = T>
void gather(const void* query, const void* base, std::size_t stride, const std::uint32_t* rows, std::size_t count,
            std::size_t n, float* out) {
    const auto* const bytes = static_cast<const unsigned char*>(base);
    const std::size_t length = n * sizeof(U) < kPrefetchRow ? n * sizeof(U) : kPrefetchRow;
    const std::size_t ahead = kPrefetchBytes / (length + kCacheLine) + 4;
    const auto prefetch = [=](std::size_t i) {
        const unsigned char* const row = bytes + rows[i] * stride;
        for (std::size_t at = 0; at < length; at += kCacheLine) __builtin_prefetch(row + at);
        if (length != 0) __builtin_prefetch(row + length - 1);
    };
    for (std::size_t i = 0; i < ahead && i < count; ++i) prefetch(i);
    const auto row = [=](std::size_t i) {
        if (i + ahead < count) prefetch(i + ahead);
        return static_cast<const U*>(static_cast<const void*>(bytes + rows[i] * stride));
    };
    many<Isa, Op, U>(static_cast<const T*>(query), row, count, n, out);
}

// Elements after which a row is looked at for whether it is beyond the limit: whole rounds of every set's chains.
constexpr std::size_t kWithinStep = 128;

// Adds elements to sums that never shrink, chain by chain as accumulate does: sums of a part are below those of the
// whole even after rounding.
template <class Isa, class Op, class U>
void within(const void* query, const void* base, std::size_t stride, const std::uint32_t* rows, std::size_t count,
            std::size_t n, float limit, float* out) {
    using L = typename Isa::Floats;
    constexpr std::size_t kWidth = L::kWidth;
    static_assert(kWithinStep % (4 * kWidth) == 0);
    const auto* const x = static_cast<const float*>(query);
    const auto* const bytes = static_cast<const unsigned char*>(base);
    const auto row = [=](std::size_t i) {
        return static_cast<const U*>(static_cast<const void*>(bytes + rows[i] * stride));
    };
    const auto prefetch = [=](std::size_t i) {
        const auto* const at = reinterpret_cast<const unsigned char*>(row(i));
        const std::size_t length = n * sizeof(U) < kPrefetchRow ? n * sizeof(U) : kPrefetchRow;
        for (std::size_t offset = 0; offset < length; offset += kCacheLine) __builtin_prefetch(at + offset);
    };
    constexpr std::size_t kAhead = 2;
    for (std::size_t r = 0; r < kAhead && r < count; ++r) prefetch(r);
    for (std::size_t r = 0; r < count; ++r) {
        if (r + kAhead < count) prefetch(r + kAhead);
        const U* const y = row(r);
        Sums<Op, L> s[4] = {Sums<Op, L>::zero(), Sums<Op, L>::zero(), Sums<Op, L>::zero(), Sums<Op, L>::zero()};
        std::size_t i = 0;
        bool beyond = false;
        while (i + kWithinStep <= n && !beyond) {
            for (const std::size_t end = i + kWithinStep; i < end; i += 4 * kWidth) {
                for (std::size_t c = 0; c < 4; ++c) {
                    s[c].step(L::load(x + i + c * kWidth), L::load(y + i + c * kWidth));
                }
            }
            Sums<Op, L> part = s[0];
            part.add(s[1]);
            Sums<Op, L> other = s[2];
            other.add(s[3]);
            part.add(other);
            out[r] = L::sum(part.at[0]);
            beyond = out[r] > limit;
        }
        if (!beyond) out[r] = one<Isa, Op>(x, y, n, 0.0F);
    }
}

}  // namespace kith::kernel
