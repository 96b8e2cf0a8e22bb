// Scoring compressed rows and cluster centres, once for every instruction set. Included by isa_*.cpp only.
//
// Codes are 4 bits each: a row is `tables` of them, and its score the sum of one looked-up byte for each ("Quicker
// ADC", André et al. 2019; FastScan in Faiss). A block holds 32 rows table by table, 16 bytes each: byte j has the
// code of row j in its low half and that of row j + 16 in its high half.
//
// Centres come in blocks of 16, element by element: element d of centre j of a block is at [d * 16 + j].
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernel/ops.hpp"
#include "kernel/table.hpp"

namespace kith::kernel {

constexpr std::size_t kBlockRows = 32;
constexpr std::size_t kBlockCentres = 16;

// Writes score << 32 | row for the rows whose bits are set. A template of the set's own type, so that no set runs the
// code compiled for another.
template <class Codes>
std::uint64_t* append_scored(const std::uint16_t* score, const std::uint32_t* rows, std::uint32_t bits,
                             std::uint64_t* out) {
    for (; bits != 0; bits &= bits - 1) {
        const auto j = static_cast<std::size_t>(__builtin_ctz(bits));
        *out++ = static_cast<std::uint64_t>(score[j]) << 32 | rows[j];
    }
    return out;
}

// Isa::Codes describes how a set looks codes up: kQueries (queries that share a reading of the codes), kTables (tables
// to a step), Places and places(codes) (what of a step's codes all queries share), Acc, zero(),
// step(acc, places, lookup), scores(acc) -> Scores (32 rows), store(scores, u16*), below(scores, threshold) -> a bit
// for each row, and append(u16 scores, rows, bits, out) -> the end of what was written for the rows whose bits are set.
template <class Isa, std::size_t kQueries>
inline void select_tile(CodeQuery* queries, const std::uint8_t* blocks, const std::uint32_t* rows,
                        std::size_t count, std::size_t tables) {
    using C = typename Isa::Codes;
    for (std::size_t first = 0; first < count; first += kBlockRows, blocks += tables * 16) {
        typename C::Acc acc[kQueries];
        for (auto& each : acc) each = C::zero();
        for (std::size_t t = 0; t < tables; t += C::kTables) {
            const auto places = C::places(blocks + t * 16);
            for (std::size_t q = 0; q < kQueries; ++q) C::step(acc[q], places, queries[q].lookup + t * 16);
        }
        const std::size_t left = count - first;
        const std::uint32_t real = left < kBlockRows ? (std::uint32_t{1} << left) - 1 : ~std::uint32_t{0};
        for (std::size_t q = 0; q < kQueries; ++q) {
            const auto scores = C::scores(acc[q]);
            const std::uint32_t hits = C::below(scores, queries[q].threshold) & real;
            if (hits == 0) continue;
            alignas(64) std::uint16_t score[kBlockRows];
            C::store(scores, score);
            queries[q].out = C::append(score, rows + first, hits, queries[q].out);
        }
    }
}

template <class Isa>
void select_codes(CodeQuery* queries, std::size_t n_queries, const std::uint8_t* blocks, const std::uint32_t* rows,
                  std::size_t count, std::size_t tables) {
    constexpr std::size_t kQueries = Isa::Codes::kQueries;
    for (; n_queries >= kQueries; n_queries -= kQueries, queries += kQueries) {
        select_tile<Isa, kQueries>(queries, blocks, rows, count, tables);
    }
    if constexpr (kQueries > 2) {
        if (n_queries >= 2) {
            select_tile<Isa, 2>(queries, blocks, rows, count, tables);
            queries += 2;
            n_queries -= 2;
        }
    }
    for (; n_queries > 0; --n_queries, ++queries) select_tile<Isa, 1>(queries, blocks, rows, count, tables);
}

// Halves the range of scores, counting those up to its middle, until few more than wanted are: a pass without a branch
// to mispredict costs less than moving values about.
template <class Isa>
std::size_t keep_best_scored(std::uint64_t* scored, std::size_t count, std::size_t wanted, std::uint16_t* last) {
    const auto up_to = [&](std::uint32_t score) {
        const std::uint64_t bound = (std::uint64_t{score} + 1) << 32;
        std::uint64_t n = 0;
        for (std::size_t i = 0; i < count; ++i) n += static_cast<std::uint64_t>(scored[i] < bound);
        return n;
    };
    std::uint32_t low = 0;
    std::uint32_t high = 65535;
    while (low < high) {
        const std::uint32_t middle = (low + high) / 2;
        const std::uint64_t n = up_to(middle);
        if (n < wanted) {
            low = middle + 1;
            continue;
        }
        high = middle;
        if (n <= wanted + wanted / 4) break;
    }
    *last = static_cast<std::uint16_t>(high);
    const std::uint64_t bound = (std::uint64_t{high} + 1) << 32;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t each = scored[i];
        scored[kept] = each;
        kept += static_cast<std::size_t>(each < bound);
    }
    return kept;
}

// The sums of Op over `kRows` rows and `kBlocks` blocks of centres, kept in registers.
template <class Isa, class Op, std::size_t kRows, std::size_t kBlocks>
inline void centre_tile(const float* rows, std::size_t stride, const float* blocks, std::size_t dim, float* out,
                        std::size_t out_stride) {
    using L = typename Isa::Floats;
    constexpr std::size_t kVectors = kBlocks * kBlockCentres / L::kWidth;
    constexpr std::size_t kPerBlock = kBlockCentres / L::kWidth;
    typename L::Acc sums[kRows][kVectors];
    for (auto& row : sums) {
        for (auto& each : row) each = L::zero();
    }
    for (std::size_t d = 0; d < dim; ++d) {
        typename L::Vec centres[kVectors];
        for (std::size_t v = 0; v < kVectors; ++v) {
            const float* const block = blocks + v / kPerBlock * dim * kBlockCentres;
            centres[v] = L::load(block + d * kBlockCentres + v % kPerBlock * L::kWidth);
        }
        for (std::size_t r = 0; r < kRows; ++r) {
            const typename L::Vec x = L::broadcast(rows[r * stride + d]);
            for (std::size_t v = 0; v < kVectors; ++v) Op::template step<L>(&sums[r][v], x, centres[v]);
        }
    }
    for (std::size_t r = 0; r < kRows; ++r) {
        for (std::size_t v = 0; v < kVectors; ++v) L::store(out + r * out_stride + v * L::kWidth, sums[r][v]);
    }
}

template <class Isa, class Op, std::size_t kRows>
inline void centre_rows(const float* rows, std::size_t stride, const float* blocks, std::size_t n_blocks,
                        std::size_t dim, float* out) {
    constexpr std::size_t kWide = Isa::Floats::kWidth >= kBlockCentres ? 4 : 1;
    const std::size_t out_stride = n_blocks * kBlockCentres;
    std::size_t b = 0;
    for (; b + kWide <= n_blocks; b += kWide) {
        centre_tile<Isa, Op, kRows, kWide>(rows, stride, blocks + b * dim * kBlockCentres, dim,
                                           out + b * kBlockCentres, out_stride);
    }
    for (; b < n_blocks; ++b) {
        centre_tile<Isa, Op, kRows, 1>(rows, stride, blocks + b * dim * kBlockCentres, dim, out + b * kBlockCentres,
                                       out_stride);
    }
}

template <class Isa, class Op>
void centre_sums(const float* rows, std::size_t n_rows, std::size_t stride, const float* blocks,
                 std::size_t n_blocks, std::size_t dim, float* out) {
    constexpr std::size_t kRows = Isa::Floats::kWidth >= 8 ? 4 : 2;
    const std::size_t out_stride = n_blocks * kBlockCentres;
    std::size_t r = 0;
    for (; r + kRows <= n_rows; r += kRows) {
        centre_rows<Isa, Op, kRows>(rows + r * stride, stride, blocks, n_blocks, dim, out + r * out_stride);
    }
    for (; r < n_rows; ++r) {
        centre_rows<Isa, Op, 1>(rows + r * stride, stride, blocks, n_blocks, dim, out + r * out_stride);
    }
}

// One block of 16 codewords for each run of `width` elements of the query (the last may be shorter).
template <class Isa, class Op>
void codeword_sums(const float* query, std::size_t dim, std::size_t width, const float* codewords, float* out) {
    for (std::size_t first = 0; first < dim; first += width) {
        const std::size_t here = dim - first < width ? dim - first : width;
        centre_tile<Isa, Op, 1, 1>(query + first, 0, codewords, here, out, kBlockCentres);
        codewords += width * kBlockCentres;
        out += kBlockCentres;
    }
}

typedef float SixteenSums __attribute__((vector_size(64)));
typedef std::int32_t SixteenInts __attribute__((vector_size(64)));
typedef std::uint8_t SixteenBytes __attribute__((vector_size(16)));

template <class Isa>
SumRange level_sums(float* sums, std::size_t codes) {
    SumRange range;
    for (std::size_t t = 0; t < codes; ++t, sums += 16) {
        SixteenSums x;
        std::memcpy(&x, sums, sizeof x);
        SixteenSums low = x;
        SixteenSums high = x;
        const auto meet = [&](const SixteenSums& other_low, const SixteenSums& other_high) {
            low = other_low < low ? other_low : low;
            high = other_high > high ? other_high : high;
        };
        meet(__builtin_shufflevector(low, low, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
             __builtin_shufflevector(high, high, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
        meet(__builtin_shufflevector(low, low, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11),
             __builtin_shufflevector(high, high, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
        meet(__builtin_shufflevector(low, low, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13),
             __builtin_shufflevector(high, high, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
        meet(__builtin_shufflevector(low, low, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14),
             __builtin_shufflevector(high, high, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
        const SixteenSums levelled = x - low;
        std::memcpy(sums, &levelled, sizeof levelled);
        const float greatest = high[0] - low[0];
        range.largest = greatest > range.largest ? greatest : range.largest;
        range.total += greatest;
    }
    return range;
}

template <class Isa>
void round_to_bytes(const float* x, std::size_t n, float low, float scale, std::uint8_t* out) {
    constexpr float kMost = 255;
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        const SixteenSums none = {};
        SixteenSums y;
        std::memcpy(&y, x + i, sizeof y);
        y = (y - low) * scale;
        y = y > none ? y : none;
        y = y < none + kMost ? y : none + kMost;
        const auto bytes = __builtin_convertvector(__builtin_convertvector(y + 0.5F, SixteenInts), SixteenBytes);
        std::memcpy(out + i, &bytes, sizeof bytes);
    }
    for (; i < n; ++i) {
        float y = (x[i] - low) * scale;
        y = y > 0 ? y : 0;
        y = y < kMost ? y : kMost;
        // As the lanes above round what is not negative. NOLINTNEXTLINE(bugprone-incorrect-roundings)
        out[i] = static_cast<std::uint8_t>(y + 0.5F);
    }
}

template <class Isa>
constexpr CodeKernels code_kernels() {
    return {select_codes<Isa>,
            keep_best_scored<Isa>,
            {centre_sums<Isa, Product>, centre_sums<Isa, Euclidean>, centre_sums<Isa, Manhattan>},
            {codeword_sums<Isa, Product>, codeword_sums<Isa, Euclidean>, codeword_sums<Isa, Manhattan>},
            level_sums<Isa>,
            round_to_bytes<Isa>};
}

}  // namespace kith::kernel
