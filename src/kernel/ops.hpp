// What each metric sums over the elements of a pair of rows, and what its rank is made of. An op is written once
// for all element types and instruction sets: `L` is a lane (see lanes in isa_*.cpp), `Total` the type of a
// finished sum.
#pragma once

#include <cmath>
#include <cstddef>

#include <kith/types.hpp>

namespace kith::kernel {

// kSums: sums over both rows.  kNeedsNorm: whether finish() also wants the sum of squares of the first row, which
// one-to-many shapes compute once.  sound(): false when float sums over- or underflowed and the pair must be summed
// in double precision; called for float rows only.
struct Product {
    static constexpr std::size_t kSums = 1;
    static constexpr bool kNeedsNorm = false;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        sums[0] = L::mul_add(x, y, sums[0]);
    }
    template <class Total>
    static float finish(const Total* sums, Total /*norm*/) {
        return static_cast<float>(sums[0]);
    }
    // Infinities of both signs make a NaN.
    static bool sound(const float* sums, float /*norm*/) { return sums[0] == sums[0]; }
};

struct Dot : Product {
    template <class Total>
    static float finish(const Total* sums, Total /*norm*/) {
        return -static_cast<float>(sums[0]);
    }
};

struct Euclidean {
    static constexpr std::size_t kSums = 1;
    static constexpr bool kNeedsNorm = false;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        const typename L::Vec difference = L::sub(x, y);
        sums[0] = L::mul_add(difference, difference, sums[0]);
    }
    template <class Total>
    static float finish(const Total* sums, Total /*norm*/) {
        return static_cast<float>(sums[0]);
    }
    static bool sound(const float* /*sums*/, float /*norm*/) { return true; }
};

struct Manhattan {
    static constexpr std::size_t kSums = 1;
    static constexpr bool kNeedsNorm = false;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        sums[0] = L::add_abs(L::sub(x, y), sums[0]);
    }
    template <class Total>
    static float finish(const Total* sums, Total /*norm*/) {
        return static_cast<float>(sums[0]);
    }
    static bool sound(const float* /*sums*/, float /*norm*/) { return true; }
};

struct Angular {
    static constexpr std::size_t kSums = 2;  // x.y, y.y
    static constexpr bool kNeedsNorm = true;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        sums[0] = L::mul_add(x, y, sums[0]);
        sums[1] = L::mul_add(y, y, sums[1]);
    }
    template <class Total>
    static float finish(const Total* sums, Total norm) {
        const double squared = static_cast<double>(norm) * static_cast<double>(sums[1]);
        if (!(squared > 0)) return 2;
        const double rank = 2 - 2 * static_cast<double>(sums[0]) / ::sqrt(squared);
        return static_cast<float>(rank < 0 ? 0 : rank > 4 ? 4 : rank);
    }
    // Below 1e-30 the squares of small elements have begun to vanish.
    static bool sound(const float* sums, float norm) {
        return norm > 1e-30F && norm < 1e38F && sums[1] > 1e-30F && sums[1] < 1e38F;
    }
};

struct Hamming {
    static constexpr std::size_t kSums = 1;
    static constexpr bool kNeedsNorm = false;

    template <class L>
    static void step(typename L::Acc* sums, typename L::Vec x, typename L::Vec y) {
        sums[0] = L::add_bits(L::bit_xor(x, y), sums[0]);
    }
    template <class Total>
    static float finish(const Total* sums, Total /*norm*/) {
        return static_cast<float>(sums[0]);
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
