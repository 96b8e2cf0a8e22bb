#include "keyed/scan.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "kernel/select.hpp"

namespace kith::keyed {
namespace {

// Rows asked for ahead of the one that is scored.
constexpr std::size_t kAhead = 4;

float cosine(float dot, float norm) noexcept {
    return norm > 0 ? dot / norm : 0.0F;
}

}  // namespace

Cosines::Cosines(const Store& store) : store_(store), kernels_(kernel::active().f32) {}

void Cosines::operator()(std::span<const float> unit, RowRange range, float* out) const noexcept {
    const std::size_t stride = store_.stride * sizeof(float);
    const float* const norms = store_.norms.as<float>().data() + range.first;
    kernels_.dot_scan(unit.data(), store_.vectors.data() + range.first * stride, stride, range.size(), store_.dim,
                      out);
    const std::size_t count = range.size();
    for (std::size_t i = 0; i < count; ++i) out[i] = cosine(out[i], norms[i]);
}

template <class Row>
void Cosines::of_rows(std::span<const float> unit, std::span<const Row> rows, float* out) const {
    const std::size_t stride = store_.stride * sizeof(float);
    const std::span<const float> norms = store_.norms.as<float>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i + kAhead < rows.size()) __builtin_prefetch(store_.vectors.data() + rows[i + kAhead] * stride);
        kernels_.dot_scan(unit.data(), store_.vectors.data() + rows[i] * stride, stride, 1, store_.dim, out + i);
        out[i] = cosine(out[i], norms[rows[i]]);
    }
}
template void Cosines::of_rows(std::span<const float>, std::span<const std::size_t>, float*) const;
template void Cosines::of_rows(std::span<const float>, std::span<const std::uint32_t>, float*) const;

void push_scores(std::span<const float> scores, std::size_t first_row, TopK& best) {
    constexpr std::size_t kStep = 16;
    const auto push = [&](std::size_t i) { best.push(-scores[i], static_cast<Id>(first_row + i)); };
    std::size_t i = 0;
    // Once the heap is full, hardly any row gets in: one comparison then dismisses sixteen of them.
    for (; i + kStep <= scores.size(); i += kStep) {
        const float bar = -best.threshold();
        bool any = false;
        for (std::size_t j = 0; j < kStep; ++j) any |= !(scores[i + j] < bar);
        if (!any) continue;
        for (std::size_t j = 0; j < kStep; ++j) push(i + j);
    }
    for (; i < scores.size(); ++i) push(i);
}

const kernel::NibbleRows* codes_for(const Store& store, RowRange range, std::size_t queries) {
    // Searches of the few first rows go by codes that are there, but are no reason to make them for all.
    const bool most = range.size() >= store.rows / 2;
    return store.codes->serve({store.vectors.data(), store.stride * sizeof(float), store.rows, store.dim},
                              Metric::kAngular, most ? queries : 0);
}

CosineSearch::CosineSearch(const Store& store, const kernel::NibbleRows* codes, std::span<const float> unit,
                           std::size_t k)
    : cosines_(store),
      unit_(unit),
      best_(k),
      // Cosines of float lengths are off by more than the kernels' ranks, for which codes allow.
      slack_(static_cast<float>(store.dim + 64) * 0x1p-20F) {
    if (codes != nullptr) probe_.emplace().reset(*codes, unit.data());
}

void CosineSearch::visit(RowRange block) {
    // The square of the distance on the unit sphere, by which codes go.
    const float worst = 2.0F + 2.0F * best_.threshold() + slack_;
    kernel::probe_block(
        probe_ ? &*probe_ : nullptr, block.first, block.last, worst,
        [&](std::span<const std::uint32_t> rows) {
            std::array<float, kScanBlock + 16> scores;
            cosines_.of_rows(unit_, rows, scores.data());
            for (std::size_t i = 0; i < rows.size(); ++i) best_.push(-scores[i], rows[i]);
        },
        [&] {
            alignas(64) std::array<float, kScanBlock> scores;
            cosines_(unit_, block, scores.data());
            push_scores({scores.data(), block.size()}, block.first, best_);
        });
}

std::vector<Candidate> nearest(const Store& store, std::span<const float> unit, RowRange range, std::size_t k,
                               std::size_t threads) {
    constexpr std::size_t kGrain = kScanGrain / kScanBlock;
    const std::size_t blocks = (range.size() + kScanBlock - 1) / kScanBlock;
    threads = std::clamp<std::size_t>(resolve_threads(threads), 1, std::max<std::size_t>(blocks / kGrain, 1));
    const kernel::NibbleRows* const codes = codes_for(store, range, 1);
    std::vector<CosineSearch> searches(threads, CosineSearch(store, codes, unit, std::min(k, range.size())));
    const kernel::SpreadOrder order(blocks);
    parallel_ranges(blocks, kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t worker) {
        for (std::size_t b = first; b < last; ++b) {
            const std::size_t at = range.first + (codes == nullptr ? b : order[b]) * kScanBlock;
            searches[worker].visit({at, std::min(at + kScanBlock, range.last)});
        }
    });
    std::vector<TopK> best;
    for (CosineSearch& search : searches) best.push_back(std::move(search.best()));
    return merged(best);
}

std::vector<Candidate> merged(std::span<TopK> best) {
    for (TopK& other : best.subspan(1)) {
        for (const Candidate& candidate : other.sorted()) best[0].push(candidate.rank, candidate.id);
    }
    const std::span<const Candidate> sorted = best[0].sorted();
    return {sorted.begin(), sorted.end()};
}

}  // namespace kith::keyed
