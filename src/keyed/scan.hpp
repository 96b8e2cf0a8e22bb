// Exact search: every row of a range is scored, or left out by its code, and the best are kept.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "base/top_k.hpp"
#include "kernel/nibble_rows.hpp"
#include "kernel/table.hpp"
#include "keyed/query.hpp"
#include "keyed/store.hpp"

namespace kith::keyed {

// Rows scored at a time: few enough that their scores stay in the first-level cache.
inline constexpr std::size_t kScanBlock = kernel::kProbeRows;

// Rows handed to a thread at a time.
inline constexpr std::size_t kScanGrain = 16 * kScanBlock;

// Cosines of a vector of length 1 (or 0) with rows of a store.
class Cosines {
public:
    explicit Cosines(const Store& store);

    // out[i] = cosine with row range.first + i.
    void operator()(std::span<const float> unit, RowRange range, float* out) const noexcept;

    // The same for rows here and there; bit-identical to the scan.
    template <class Row>
    void of_rows(std::span<const float> unit, std::span<const Row> rows, float* out) const;

private:
    const Store& store_;
    const kernel::FloatKernels& kernels_;
};

// Pushes minus each score, under its row, into `best`.
void push_scores(std::span<const float> scores, std::size_t first_row, TopK& best);

// The codes that `queries` searches of such a range may go by; null where codes do not pay.
[[nodiscard]] const kernel::NibbleRows* codes_for(const Store& store, RowRange range, std::size_t queries);

// One search for the k rows with the highest cosines. What it finds depends neither on the codes, which may be null, nor
// on the order of the blocks.
class CosineSearch {
public:
    CosineSearch(const Store& store, const kernel::NibbleRows* codes, std::span<const float> unit, std::size_t k);

    // Looks at the rows of a block of at most kScanBlock.
    void visit(RowRange block);

    [[nodiscard]] TopK& best() noexcept { return best_; }

private:
    Cosines cosines_;
    std::span<const float> unit_;
    TopK best_;
    std::optional<kernel::NibbleProbe> probe_;
    float slack_;
};

// The k rows of a range with the highest cosines, best first, equal ones in ascending order of row.
[[nodiscard]] std::vector<Candidate> nearest(const Store& store, std::span<const float> unit, RowRange range,
                                             std::size_t k, std::size_t threads);

// The best of what several threads have kept.
[[nodiscard]] std::vector<Candidate> merged(std::span<TopK> best);

// The k highest scores over a range, best first, equal ones in ascending order of row. `score(block, out)` scores
// the rows of a block of at most kScanBlock; it is called from several threads at once.
template <class Score>
std::vector<Candidate> scan_top(RowRange range, std::size_t k, std::size_t threads, const Score& score) {
    const std::size_t blocks = (range.size() + kScanGrain - 1) / kScanGrain;
    threads = std::clamp<std::size_t>(resolve_threads(threads), 1, std::max<std::size_t>(blocks, 1));
    k = std::min(k, range.size());
    std::vector<TopK> best(threads, TopK(k));
    parallel_ranges(range.size(), kScanGrain, threads,
                    [&](std::size_t first, std::size_t last, std::size_t worker) {
                        alignas(64) float scores[kScanBlock];
                        for (std::size_t at = first; at < last; at += kScanBlock) {
                            const RowRange block{range.first + at, range.first + std::min(at + kScanBlock, last)};
                            score(block, scores);
                            push_scores({scores, block.size()}, block.first, best[worker]);
                        }
                    });
    return merged(best);
}

}  // namespace kith::keyed
