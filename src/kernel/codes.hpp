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
#include <utility>

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

// Keeps the values below the bound, in the order they had; how many they are.
template <class Codes>
std::size_t keep_values_below(std::uint64_t* values, std::size_t count, std::uint64_t bound) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t each = values[i];
        values[kept] = each;
        kept += static_cast<std::size_t>(each < bound);
    }
    return kept;
}

// Isa::Codes describes how a set looks codes up: kQueries (queries that share a reading of the codes), kBlocksAlone
// (blocks that a single query scores side by side), kTables (tables to a step), Places and places(codes) (what of a
// step's codes all queries share), Acc, zero(), step(acc, places, lookup), scores(acc) -> Scores (32 rows),
// store(scores, u16*), below(scores, threshold) -> a bit for each row, append(u16 scores, rows, bits, out) -> the end of
// what was written for the rows whose bits are set, and keep_below, as keep_values_below.

// Appends to the query what of a block's rows, of which the first `left` are real, its scores let in.
template <class C>
inline void append_below(CodeQuery& query, const typename C::Acc& acc, const std::uint32_t* rows,
                         std::size_t left) {
    const auto scores = C::scores(acc);
    const std::uint32_t real = left < kBlockRows ? (std::uint32_t{1} << left) - 1 : ~std::uint32_t{0};
    const std::uint32_t hits = C::below(scores, query.threshold) & real;
    if (hits == 0) return;
    alignas(64) std::uint16_t score[kBlockRows];
    C::store(scores, score);
    query.out = C::append(score, rows, hits, query.out);
}

// kBlocks blocks for kQueries queries at once: several sums at a time, so that none waits for the addition before.
template <class Isa, std::size_t kQueries, std::size_t kBlocks>
inline void select_blocks(CodeQuery* queries, const std::uint8_t* blocks, const std::uint32_t* rows,
                          std::size_t count, std::size_t tables) {
    using C = typename Isa::Codes;
    typename C::Acc acc[kBlocks][kQueries];
    for (auto& block : acc) {
        for (auto& each : block) each = C::zero();
    }
    for (std::size_t t = 0; t < tables; t += C::kTables) {
        for (std::size_t b = 0; b < kBlocks; ++b) {
            const auto places = C::places(blocks + (b * tables + t) * 16);
            for (std::size_t q = 0; q < kQueries; ++q) C::step(acc[b][q], places, queries[q].lookup + t * 16);
        }
    }
    for (std::size_t b = 0; b < kBlocks; ++b) {
        const std::size_t first = b * kBlockRows;
        for (std::size_t q = 0; q < kQueries; ++q)
            append_below<C>(queries[q], acc[b][q], rows + first, count - first);
    }
}

template <class Isa, std::size_t kQueries>
inline void select_tile(CodeQuery* queries, const std::uint8_t* blocks, const std::uint32_t* rows,
                        std::size_t count, std::size_t tables) {
    constexpr std::size_t kAtOnce = kQueries == 1 ? Isa::Codes::kBlocksAlone : 1;
    std::size_t first = 0;
    for (; first + (kAtOnce - 1) * kBlockRows < count; first += kAtOnce * kBlockRows) {
        select_blocks<Isa, kQueries, kAtOnce>(queries, blocks + first / kBlockRows * tables * 16, rows + first,
                                              count - first, tables);
    }
    for (; first < count; first += kBlockRows) {
        select_blocks<Isa, kQueries, 1>(queries, blocks + first / kBlockRows * tables * 16, rows + first,
                                        count - first, tables);
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
    std::uint64_t least = ~std::uint64_t{0};
    std::uint64_t most = 0;
    for (std::size_t i = 0; i < count; ++i) {
        least = scored[i] < least ? scored[i] : least;
        most = scored[i] > most ? scored[i] : most;
    }
    auto low = static_cast<std::uint32_t>(least >> 32);
    auto high = static_cast<std::uint32_t>(most >> 32);
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
    return Isa::Codes::keep_below(scored, count, (std::uint64_t{high} + 1) << 32);
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

// The 16 sums of each of some codes, on their way to the least and the greatest of each: two codes' halves meet in one
// register, so that each of four steps has half as many registers as the one before.
template <class Isa>
class Extremes {
public:
    // Of 16 codes, whose sums follow each other.
    explicit Extremes(const float* sums) {
        for (std::size_t c = 0; c < 8; ++c) {
            SixteenSums a;
            SixteenSums b;
            std::memcpy(&a, sums + 16 * c, sizeof a);
            std::memcpy(&b, sums + 16 * (c + 8), sizeof b);
            SixteenSums x;
            SixteenSums y;
            exchange<8>(a, b, x, y, kLanes);
            least_[c] = x < y ? x : y;
            greatest_[c] = x > y ? x : y;
        }
        meet<4>();
        meet<2>();
        meet<1>();
    }

    // Code c's in lane c.
    [[nodiscard]] const SixteenSums& least() const { return least_[0]; }
    [[nodiscard]] const SixteenSums& greatest() const { return greatest_[0]; }

private:
    static constexpr std::make_index_sequence<16> kLanes{};

    // x and y have a's lanes where bit h of the lane's number is not set, b's where it is: x those of that number, y
    // those whose number differs in that bit.
    template <std::size_t h, std::size_t... i>
    static void exchange(const SixteenSums& a, const SixteenSums& b, SixteenSums& x, SixteenSums& y,
                         std::index_sequence<i...>) {
        x = __builtin_shufflevector(a, b, ((i & h) != 0 ? 16 + i : i)...);
        y = __builtin_shufflevector(a, b, ((i & h) != 0 ? 16 + (i ^ h) : i ^ h)...);
    }

    template <std::size_t h>
    void meet() {
        for (std::size_t c = 0; c < h; ++c) {
            SixteenSums x;
            SixteenSums y;
            exchange<h>(least_[c], least_[c + h], x, y, kLanes);
            least_[c] = x < y ? x : y;
            exchange<h>(greatest_[c], greatest_[c + h], x, y, kLanes);
            greatest_[c] = x > y ? x : y;
        }
    }

    SixteenSums least_[8];
    SixteenSums greatest_[8];
};

template <class Isa>
SumRange level_sums(float* sums, std::size_t codes) {
    SixteenSums largest = {};
    SixteenSums total = {};
    for (std::size_t t = 0; t < codes; t += 16, sums += 256) {
        const std::size_t here = codes - t < 16 ? codes - t : 16;
        float some[256] = {};
        const bool whole = here == 16;
        if (!whole) std::memcpy(some, sums, here * 16 * sizeof(float));
        const Extremes<Isa> extremes(whole ? sums : some);
        const SixteenSums range = extremes.greatest() - extremes.least();
        largest = range > largest ? range : largest;
        total += range;
        for (std::size_t c = 0; c < here; ++c) {
            SixteenSums x;
            std::memcpy(&x, sums + 16 * c, sizeof x);
            x -= extremes.least()[c];
            std::memcpy(sums + 16 * c, &x, sizeof x);
        }
    }
    SumRange all;
    for (std::size_t c = 0; c < 16; ++c) {
        all.largest = largest[c] > all.largest ? largest[c] : all.largest;
        all.total += total[c];
    }
    return all;
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
