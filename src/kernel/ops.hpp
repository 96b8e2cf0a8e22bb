// What each metric sums over the elements of a pair of rows, and what its rank is made of. An op is written once for
// all element types and instruction sets: `L` is a lane (see reduce.hpp), `Real` one finished sum (float, or double
// where float does not reach) or those of four rows side by side (Quad).
#pragma once

#include <cstddef>
#include <cstdint>

#include <kith/types.hpp>

namespace kith::kernel {

typedef float Quad __attribute__((vector_size(16)));
typedef std::int32_t QuadMask __attribute__((vector_size(16)));

constexpr float kLeastSound = 1e-18F;
constexpr float kMostSound = 1e18F;

// kSums: sums over both rows.  kNeedsNorm: whether finish() also wants the sum of squares of the first row, which
// one-to-many shapes compute once.  kOnlyGrows: each element adds zero or more to the rank, so that the rank of a row's
// beginning is a lower bound.  sound(): false when float sums over- or underflowed and the pair must be summed
// in double precision; called for float rows only. For Quad it answers row by row.
struct Product {
    static constexpr std::size_t kSums = 1;
    static constexpr bool kNeedsNorm = false;
    static constexpr bool kOnlyGrows = false;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        sums[0] = L::mul_add(x, y, sums[0]);
    }
    template <class Isa, class Real>
    static Real finish(const Real* sums, Real /*norm*/) {
        return sums[0];
    }
    // Infinities of both signs make a NaN.
    template <class Real>
    static auto sound(const Real* sums, Real /*norm*/) {
        return sums[0] == sums[0];
    }
};

struct Dot : Product {
    template <class Isa, class Real>
    static Real finish(const Real* sums, Real /*norm*/) {
        return -sums[0];
    }
};

struct Euclidean {
    static constexpr std::size_t kSums = 1;
    static constexpr bool kNeedsNorm = false;
    static constexpr bool kOnlyGrows = true;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        const typename L::Vec difference = L::sub(x, y);
        sums[0] = L::mul_add(difference, difference, sums[0]);
    }
    template <class Isa, class Real>
    static Real finish(const Real* sums, Real /*norm*/) {
        return sums[0];
    }
    template <class Real>
    static auto sound(const Real* /*sums*/, Real norm) {
        return norm == norm;
    }
};

struct Manhattan {
    static constexpr std::size_t kSums = 1;
    static constexpr bool kNeedsNorm = false;
    static constexpr bool kOnlyGrows = true;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        sums[0] = L::add_abs(L::sub(x, y), sums[0]);
    }
    template <class Isa, class Real>
    static Real finish(const Real* sums, Real /*norm*/) {
        return sums[0];
    }
    template <class Real>
    static auto sound(const Real* /*sums*/, Real norm) {
        return norm == norm;
    }
};

struct Angular {
    static constexpr std::size_t kSums = 2;  // x.y, y.y
    static constexpr bool kNeedsNorm = true;
    static constexpr bool kOnlyGrows = false;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        sums[0] = L::mul_add(x, y, sums[0]);
        sums[1] = L::mul_add(y, y, sums[1]);
    }
    // The square root of a rounded square is the number itself: equal rows are at 0 exactly.
    template <class Isa, class Real>
    static Real finish(const Real* sums, Real norm) {
        const Real zero = {};
        const Real two = zero + 2.0F;
        const Real four = zero + 4.0F;
        const Real squared = norm * sums[1];
        Real rank = two - two * (sums[0] / root<Isa>(squared));
        rank = rank < zero ? zero : rank;
        rank = rank > four ? four : rank;
        return squared > zero ? rank : two;
    }
    // Within these bounds no square of note has vanished and the product of two sums is a float.
    template <class Real>
    static auto sound(const Real* sums, Real norm) {
        const Real least = Real{} + kLeastSound;
        const Real most = Real{} + kMostSound;
        return (norm > least) & (norm < most) & (sums[1] > least) & (sums[1] < most);
    }

private:
    template <class Isa>
    static float root(float x) {
        return __builtin_sqrtf(x);
    }
    template <class Isa>
    static double root(double x) {
        return __builtin_sqrt(x);
    }
    template <class Isa>
    static Quad root(Quad x) {
        return Isa::Floats::root(x);
    }
};

struct Hamming {
    static constexpr std::size_t kSums = 1;
    static constexpr bool kNeedsNorm = false;
    static constexpr bool kOnlyGrows = true;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        sums[0] = L::add_bits(L::bit_xor(x, y), sums[0]);
    }
    template <class Isa, class Real>
    static Real finish(const Real* sums, Real /*norm*/) {
        return sums[0];
    }
};

template <Metric M>
struct OpOf;
template <>
struct OpOf<Metric::kAngular> {
    using type = Angular;
};
template <>
struct OpOf<Metric::kEuclidean> {
    using type = Euclidean;
};
template <>
struct OpOf<Metric::kManhattan> {
    using type = Manhattan;
};
template <>
struct OpOf<Metric::kDot> {
    using type = Dot;
};
template <>
struct OpOf<Metric::kHamming> {
    using type = Hamming;
};

}  // namespace kith::kernel
