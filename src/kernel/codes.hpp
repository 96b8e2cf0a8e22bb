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

// As many floats as one register of the set holds: of the compiler's own vectors.
template <class Isa>
struct Lanes {
    static constexpr std::size_t kCount = Isa::Floats::kWidth;
    typedef float Floats __attribute__((vector_size(sizeof(float) * kCount)));
    static constexpr std::make_index_sequence<kCount> kNumbers{};

    static Floats load(const float* from) {
        Floats x;
        std::memcpy(&x, from, sizeof x);
        return x;
    }
    static void store(float* to, const Floats& x) { std::memcpy(to, &x, sizeof x); }
    static Floats less(const Floats& a, const Floats& b) { return a < b ? a : b; }
    static Floats more(const Floats& a, const Floats& b) { return a > b ? a : b; }
};

// The 16 sums of each of some codes, on their way to the least and the greatest of each: two codes' halves meet in one
// register, so that each step has half as many registers as the one before.
template <class Isa>
class Extremes {
public:
    using L = Lanes<Isa>;
    using Floats = typename L::Floats;

    // Of L::kCount codes, whose sums follow each other.
    explicit Extremes(const float* sums) {
        for (std::size_t c = 0; c < L::kCount; ++c, sums += 16) {
            least_[c] = greatest_[c] = L::load(sums);
            for (std::size_t i = L::kCount; i < 16; i += L::kCount) {
                const Floats x = L::load(sums + i);
                least_[c] = L::less(least_[c], x);
                greatest_[c] = L::more(greatest_[c], x);
            }
        }
        meet<L::kCount / 2>();
    }

    // Code c's in lane c.
    [[nodiscard]] const Floats& least() const { return least_[0]; }
    [[nodiscard]] const Floats& greatest() const { return greatest_[0]; }

private:
    // x and y have a's lanes where bit h of the lane's number is not set, b's where it is: x those of that number, y
    // those whose number differs in that bit.
    template <std::size_t h, std::size_t... i>
    static void exchange(const Floats& a, const Floats& b, Floats& x, Floats& y, std::index_sequence<i...>) {
        x = __builtin_shufflevector(a, b, ((i & h) != 0 ? L::kCount + i : i)...);
        y = __builtin_shufflevector(a, b, ((i & h) != 0 ? L::kCount + (i ^ h) : i ^ h)...);
    }

    template <std::size_t h>
    void meet() {
        for (std::size_t c = 0; c < h; ++c) {
            Floats x;
            Floats y;
            exchange<h>(least_[c], least_[c + h], x, y, L::kNumbers);
            least_[c] = L::less(x, y);
            exchange<h>(greatest_[c], greatest_[c + h], x, y, L::kNumbers);
            greatest_[c] = L::more(x, y);
        }
        if constexpr (h > 1) meet<h / 2>();
    }

    Floats least_[L::kCount];
    Floats greatest_[L::kCount];
};

// Ranges are added up by the code's number modulo 16 first: every set comes to the same total.
template <class Isa>
SumRange level_sums(float* sums, std::size_t codes) {
    using L = Lanes<Isa>;
    using Floats = typename L::Floats;
    Floats largest = {};
    Floats total[16 / L::kCount] = {};
    for (std::size_t t = 0; t < codes; t += L::kCount, sums += 16 * L::kCount) {
        const std::size_t here = codes - t < L::kCount ? codes - t : L::kCount;
        float some[16 * L::kCount] = {};
        const bool whole = here == L::kCount;
        if (!whole) std::memcpy(some, sums, here * 16 * sizeof(float));
        const Extremes<Isa> extremes(whole ? sums : some);
        const Floats range = extremes.greatest() - extremes.least();
        largest = L::more(range, largest);
        total[t % 16 / L::kCount] += range;
        float least[L::kCount];
        L::store(least, extremes.least());
        for (std::size_t c = 0; c < here; ++c) {
            for (std::size_t i = 16 * c; i < 16 * c + 16; i += L::kCount) {
                L::store(sums + i, L::load(sums + i) - least[c]);
            }
        }
    }
    SumRange all;
    for (std::size_t c = 0; c < L::kCount; ++c) all.largest = largest[c] > all.largest ? largest[c] : all.largest;
    for (const Floats& some : total) {
        for (std::size_t c = 0; c < L::kCount; ++c) all.total += some[c];
    }
    return all;
}

// What is not negative is rounded by adding a half.
template <class Isa>
void round_to_bytes(const float* x, std::size_t n, float low, float scale, std::uint8_t* out) {
    using L = typename Isa::Floats;
    const auto bytes = [&](typename L::Vec y) {
        return L::add(L::mul(L::sub(y, L::broadcast(low)), L::broadcast(scale)), L::broadcast(0.5F));
    };
    std::size_t i = 0;
    for (; i + L::kWidth <= n; i += L::kWidth) L::store_bytes(out + i, bytes(L::load(x + i)));
    if (i == n) return;
    std::uint8_t last[L::kWidth];
    L::store_bytes(last, bytes(L::load_tail(x + i, n - i, i)));
    std::memcpy(out + i, last, n - i);
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
