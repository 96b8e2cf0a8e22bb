// The kernels of one instruction set, as plain function pointers. Choose a table once (per index, per training
// run), never per distance: see select.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include <kith/types.hpp>

#include "kernel/train_types.hpp"

namespace kith::kernel {

// Every distance kernel gives a rank: lower is nearer.
//   kEuclidean: sum of squared differences.  kManhattan: sum of absolute differences.
//   kDot: minus the dot product.             kHamming: number of differing bits.
//   kAngular: 2 - 2 cos, in [0, 4]; 2 when either vector is zero (norms are computed on the way).
// `n` is the number of elements of a row; for bits, the number of 64-bit words. Rows need no alignment.

// One pair.
using PairFn = float (*)(const void* a, const void* b, std::size_t n);

// One query against `count` rows at base + rows[i] * stride bytes, scattered: prefetches ahead.
using GatherFn = void (*)(const void* query, const void* base, std::size_t stride, const std::uint32_t* rows,
                          std::size_t count, std::size_t n, float* out);

// One query against `count` rows that follow each other, `stride` bytes apart.
using ScanFn = void (*)(const void* query, const void* base, std::size_t stride, std::size_t count, std::size_t n,
                        float* out);

// As GatherFn; a row whose rank is above `limit` may be read in part and given any rank above it.
using WithinFn = void (*)(const void* query, const void* base, std::size_t stride, const std::uint32_t* rows,
                          std::size_t count, std::size_t n, float limit, float* out);

struct DistanceKernels {
    PairFn pair = nullptr;
    GatherFn gather = nullptr;
    ScanFn scan = nullptr;
    // Null where a part of a row bounds nothing: for all but Euclidean and Manhattan.
    WithinFn within = nullptr;
};

// Primitives on float rows: training and tree building.
struct FloatKernels {
    float (*dot)(const float* a, const float* b, std::size_t n);
    float (*sum_of_squares)(const float* a, std::size_t n);
    // y += alpha * x
    void (*axpy)(float alpha, const float* x, float* y, std::size_t n);
    // x *= alpha
    void (*scale)(float alpha, float* x, std::size_t n);
    // out[i] = dot(query, base + rows[i] * stride bytes), scattered, prefetched.
    void (*dot_gather)(const float* query, const void* base, std::size_t stride, const std::uint32_t* rows,
                       std::size_t count, std::size_t n, float* out);
    // out[i] = dot(query, base + i * stride bytes).
    void (*dot_scan)(const float* query, const void* base, std::size_t stride, std::size_t count, std::size_t n,
                     float* out);
    // `first` and `second` are sums of counts[0] and counts[1] rows of unit length. Each of `count` more such rows is
    // added to the one that it is nearer to, where nearer is the smaller counts[i] * (1 - cosine); a tie moves neither.
    // Four rows at a time are compared with the centroids as they stand before any of the four is added.
    // REQUIRES: n is a multiple of 16.
    void (*pull_unit_rows)(const float* const* rows, std::size_t count, std::size_t n, float* first, float* second,
                           float* counts);
    // out[i] = centre + step * codes[i].
    void (*widen)(const std::int8_t* codes, std::size_t n, float step, float centre, float* out);
    // Brings the values whose margin is not above zero to the front and the others behind them, each in the order
    // they had; returns how many are in front. REQUIRES: room for count + 16 at `spare`.
    std::size_t (*partition)(std::uint32_t* values, const float* margins, std::size_t count, std::uint32_t* spare);
};

// Sums over the elements of two rows.
enum class Sum : std::uint8_t { kProduct = 0, kSquaredDifference = 1, kAbsoluteDifference = 2 };

// What is left of the sums of codes without their least: the greatest of all, and the greatest of each code, added up.
struct SumRange {
    float largest = 0;
    float total = 0;
};

// Rows of bytes cut by planes: growing trees. Rows and planes have `n` elements, a multiple of 64; a row may end before,
// where the plane has zeros and the memory can be read.
struct ByteKernels {
    // out[i] = normal . row i - limit, for the rows at base + rows[i] * stride.
    void (*margins)(const std::int8_t* normal, float limit, const std::uint8_t* base, std::size_t stride,
                    const std::uint32_t* rows, std::size_t count, std::size_t n, float* out);
    // sums[d] = sum of element d of the rows whose margin is above zero. REQUIRES: count <= 256.
    void (*sum_above)(const std::uint8_t* base, std::size_t stride, const std::uint32_t* rows, const float* margins,
                      std::size_t count, std::size_t n, std::uint16_t* sums);
    // out[d] = x[d] * 127 / max |x|, rounded; zeros where all are.
    void (*quantise)(const float* x, std::size_t n, std::int8_t* out);
};

// What one query asks of rows in codes: those whose score, the sum of their codes' bytes in `lookup` (16 for each
// table), is below `threshold`. They go to `out` as score << 32 | row, and `out` moves on.
struct CodeQuery {
    const std::uint8_t* lookup;
    std::uint64_t* out;
    std::uint16_t threshold;
};

// A kernel may write so many values beyond the last that it found.
inline constexpr std::size_t kSpareScored = 8;

// 4-bit codes scored by looking up, and rows against many centres: src/kernel/codes.hpp has the layouts.
struct CodeKernels {
    // Answers all queries with one reading of the codes of `count` rows, numbered rows[i]. `blocks` holds whole blocks
    // of 32 rows. REQUIRES: `tables` is a multiple of 4; no row's score exceeds 65535; room for `count` and
    // kSpareScored more at each `out`.
    void (*select)(CodeQuery* queries, std::size_t n_queries, const std::uint8_t* blocks, const std::uint32_t* rows,
                   std::size_t count, std::size_t tables);

    // Keeps of `count` values score << 32 | anything, scores up to 65535, those whose score is not above `last`, in the
    // order they had; returns how many. `last` is chosen so that they are at least `wanted`, and a quarter more at most
    // unless many score alike. REQUIRES: 0 < wanted <= count.
    std::size_t (*keep_best)(std::uint64_t* scored, std::size_t count, std::size_t wanted, std::uint16_t* last);

    // out[r * 16 * n_blocks + c] = sum over row r and centre c. `stride` in elements. Indexed by Sum.
    void (*centres[3])(const float* rows, std::size_t n_rows, std::size_t stride, const float* blocks,
                       std::size_t n_blocks, std::size_t dim, float* out);

    // out[16 * t + c] = sum over elements [t * width, (t + 1) * width) of the query and codeword c of table t,
    // which starts at codewords + t * width * 16. Indexed by Sum.
    void (*codewords[3])(const float* query, std::size_t dim, std::size_t width, const float* codewords,
                         float* out);

    // Takes from the 16 sums of each code their least.
    SumRange (*level)(float* sums, std::size_t codes);

    // out[i] = (x[i] - low) * scale, held within 0 and 255 and rounded; 0 for NaN.
    void (*to_bytes)(const float* x, std::size_t n, float low, float scale, std::uint8_t* out);
};

struct Table {
    const char* name;  // "baseline", "avx2", "avx512", "avx512vnni", "neon"
    // Null members where the pair is not on the support list (kernel/support.hpp).
    DistanceKernels distance[5][5];  // [Metric][Scalar]
    FloatKernels f32;
    TrainKernels train;
    CodeKernels codes;
    ByteKernels bytes;
    // Queries (the first of a pair) of float32 against rows of float16, int8 or uint8, with the very ranks of the same
    // rows as float32: [Metric][Scalar], null where there is no such pair.
    DistanceKernels asymmetric[5][5];

    [[nodiscard]] const DistanceKernels& of(Metric metric, Scalar scalar) const noexcept {
        return distance[static_cast<std::size_t>(metric)][static_cast<std::size_t>(scalar)];
    }
};

}  // namespace kith::kernel
