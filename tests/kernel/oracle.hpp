// The metrics in double precision, from stored bytes, with a bound on how far a float kernel may be off.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <kith/types.hpp>

namespace kith::test {

// IEEE 754-2008, 3.6, by its definition.
inline double half_value(std::uint16_t bits) {
    const double sign = (bits & 0x8000) != 0 ? -1 : 1;
    const int exponent = bits >> 10 & 31;
    const int fraction = bits & 1023;
    if (exponent == 0) return sign * std::ldexp(fraction, -24);
    return sign * std::ldexp(1024 + fraction, exponent - 25);
}

inline double element(Scalar scalar, const unsigned char* row, std::size_t i) {
    switch (scalar) {
        case Scalar::kFloat32: {
            float x;
            std::memcpy(&x, row + 4 * i, 4);
            return x;
        }
        case Scalar::kFloat16: {
            std::uint16_t x;
            std::memcpy(&x, row + 2 * i, 2);
            return half_value(x);
        }
        case Scalar::kInt8: return static_cast<std::int8_t>(row[i]);
        case Scalar::kUint8: return row[i];
        case Scalar::kBits: break;
    }
    return 0;
}

struct Expected {
    double rank;
    double tolerance;
};

// `n` counts what kernels count: elements, or 64-bit words.
inline Expected expected_rank(Metric metric, Scalar scalar, const unsigned char* x, const unsigned char* y,
                              std::size_t n) {
    if (metric == Metric::kHamming) {
        int differing = 0;
        for (std::size_t i = 0; i < 8 * n; ++i) differing += std::popcount(static_cast<unsigned>(x[i] ^ y[i]));
        return {static_cast<double>(differing), 0};
    }
    double dot = 0, xx = 0, yy = 0, squares = 0, absolutes = 0, magnitude = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double a = element(scalar, x, i);
        const double b = element(scalar, y, i);
        dot += a * b;
        xx += a * a;
        yy += b * b;
        squares += (a - b) * (a - b);
        absolutes += std::abs(a - b);
        magnitude += std::abs(a * b);
    }
    // Every term passes through at most this many roundings: sixteen chains at least, then the joining of the
    // chains. Bytes are summed exactly; only the result is rounded.
    const double unit = std::ldexp(1, -24);
    const bool exact = scalar == Scalar::kInt8 || scalar == Scalar::kUint8;
    const double depth = exact ? 1 : static_cast<double>(n) / 16 + 12;
    switch (metric) {
        case Metric::kEuclidean: return {squares, depth * unit * squares};
        case Metric::kManhattan: return {absolutes, depth * unit * absolutes};
        case Metric::kDot: return {-dot, depth * unit * (exact ? std::abs(dot) : magnitude)};
        case Metric::kAngular: {
            if (xx == 0 || yy == 0) return {2, 0};
            const double rank = std::clamp(2 - 2 * dot / std::sqrt(xx * yy), 0.0, 4.0);
            return {rank, (exact ? 4 : 4 * depth) * unit};
        }
        case Metric::kHamming: break;
    }
    return {0, 0};
}

}  // namespace kith::test
