// Exact search: every row of a range is scored, the best are kept.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "base/top_k.hpp"
#include "kernel/table.hpp"
#include "keyed/query.hpp"
#include "keyed/store.hpp"

namespace kith::keyed {

// Rows scored at a time: few enough that their scores stay in the first-level cache.
inline constexpr std::size_t kScanBlock = 1024;

// Rows handed to a thread at a time.
inline constexpr std::size_t kScanGrain = 16 * kScanBlock;

// Cosines of a vector of length 1 (or 0) with rows of a store.
class Cosines {
public:
    explicit Cosines(const Store& store);

    // out[i] = cosine with row range.first + i.
    void operator()(std::span<const float> unit, RowRange range, float* out) const noexcept;

    // The same for rows here and there; bit-identical to the scan.
    void of_rows(std::span<const float> unit, std::span<const std::size_t> rows, float* out) const;

private:
    const Store& store_;
    const kernel::FloatKernels& kernels_;
};

// Pushes minus each score, under its row, into `best`.
void push_scores(std::span<const float> scores, std::size_t first_row, TopK& best);

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
    for (std::size_t i = 1; i < threads; ++i) {
        for (const Candidate& candidate : best[i].sorted()) best[0].push(candidate.rank, candidate.id);
    }
    const std::span<const Candidate> sorted = best[0].sorted();
    return {sorted.begin(), sorted.end()};
}

}  // namespace kith::keyed
