// The metrics in double precision, from stored bytes, with a bound on how far a float kernel may be off.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <kith/types.hpp>

namespace kith::test {

// IEEE 754-2008, 3.6, by its definition.
inline double half_value(std::uint16_t bits) {
    const double sign = (bits & 0x8000) != 0 ? -1 : 1;
    const int exponent = bits >> 10 & 31;
    const int fraction = bits & 1023;
    if (exponent == 0) return sign * fraction * 0x1p-24;
    return sign * (1024 + fraction) * 0x1p-24 * (1 << (exponent - 1));
}

inline std::vector<double> elements(Scalar scalar, const unsigned char* row, std::size_t n) {
    std::vector<double> out(n);
    for (std::size_t i = 0; i < n; ++i) {
        float x;
        std::uint16_t half;
        switch (scalar) {
            case Scalar::kFloat32:
                std::memcpy(&x, row + 4 * i, 4);
                out[i] = x;
                break;
            case Scalar::kFloat16:
                std::memcpy(&half, row + 2 * i, 2);
                out[i] = half_value(half);
                break;
            case Scalar::kInt8: out[i] = static_cast<std::int8_t>(row[i]); break;
            case Scalar::kUint8: out[i] = row[i]; break;
            case Scalar::kBits: break;
        }
    }
    return out;
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
    const std::vector<double> a = elements(scalar, x, n);
    const std::vector<double> b = elements(scalar, y, n);
    double dot = 0, xx = 0, yy = 0, squares = 0, absolutes = 0, magnitude = 0;
    for (std::size_t i = 0; i < n; ++i) {
        dot += a[i] * b[i];
        xx += a[i] * a[i];
        yy += b[i] * b[i];
        squares += (a[i] - b[i]) * (a[i] - b[i]);
        absolutes += std::abs(a[i] - b[i]);
        magnitude += std::abs(a[i] * b[i]);
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
            return {rank, (exact ? 12 : 4 * depth) * unit};
        }
        case Metric::kHamming: break;
    }
    return {0, 0};
}

}  // namespace kith::test
