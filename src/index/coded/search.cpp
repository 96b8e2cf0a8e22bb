#include "index/coded/search.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/metric.hpp"
#include "base/top_k.hpp"
#include "index/coded/prepare.hpp"
#include "index/forest/ordered_key.hpp"
#include "kernel/select.hpp"

namespace kith::index {
namespace {

// The sum of a row's looked-up bytes stays below 2^16.
constexpr float kLargestByte = 255;
constexpr float kLargestScore = 65000;

// The candidates kept while scanning, as a multiple of those wanted: more means fewer but longer selections.
constexpr std::size_t kSlack = 4;

// Without a measured curve.
constexpr std::size_t kDefaultLeaves = 20;
constexpr std::size_t kDefaultRerank = 60;
constexpr std::size_t kCurveK = 10;

struct Scratch {
    std::vector<float> prepared;
    std::vector<float> centroid_sums;
    std::vector<float> sums;
    std::vector<std::uint8_t> lookup;
    std::vector<std::uint64_t> leaves;
    std::vector<std::uint64_t> candidates;
    std::vector<std::uint32_t> rows;
    std::vector<float> ranks;
    std::vector<std::uint64_t> words;
    TopK top;
};

Scratch& scratch() {
    thread_local Scratch mine;
    return mine;
}

// Scratch.leaves = rank << 32 | leaf, in no order yet.
void rank_leaves(const CodedData& data, std::span<const float> query, Scratch& s) {
    const std::size_t n_blocks = data.centroid_blocks();
    s.centroid_sums.resize(n_blocks * kCentroidBlock);
    const Metric metric = data.rows.metric();
    const kernel::Sum sum = metric == Metric::kManhattan ? kernel::Sum::kAbsoluteDifference : kernel::Sum::kProduct;
    kernel::active().codes.centres[static_cast<std::size_t>(sum)](query.data(), 1, query.size(),
                                                                  data.centroids.as<float>().data(), n_blocks,
                                                                  query.size(), s.centroid_sums.data());
    const float* const norms = data.centroid_norms();
    s.leaves.resize(data.parameters.n_leaves);
    for (std::size_t l = 0; l < s.leaves.size(); ++l) {
        float rank = s.centroid_sums[l];
        if (metric == Metric::kDot) {
            rank = -rank;
        } else if (sum == kernel::Sum::kProduct) {
            rank = norms[l] - 2 * rank;
        }
        s.leaves[l] = make_key(ordered(rank), static_cast<std::uint32_t>(l));
    }
}

// Each code's sums, less the least of the 16, as bytes of one common unit.
void make_lookup(const CodedData& data, std::span<const float> query, Scratch& s) {
    const std::size_t width = data.parameters.code_width;
    const std::size_t codes = blocks_of(query.size(), width);
    s.sums.resize(codes * kCodewords);
    s.lookup.assign(std::size_t{data.parameters.tables} * kCodewords, 0);
    const Metric metric = data.rows.metric();
    kernel::active().codes.codewords[static_cast<std::size_t>(sum_of(metric))](
        query.data(), query.size(), width, data.codewords.as<float>().data(), s.sums.data());
    float largest = 0;
    float total = 0;
    for (std::size_t t = 0; t < codes; ++t) {
        float* const sums = s.sums.data() + t * kCodewords;
        if (metric == Metric::kDot) {
            for (std::size_t c = 0; c < kCodewords; ++c) sums[c] = -sums[c];
        }
        const auto [low, high] = std::minmax_element(sums, sums + kCodewords);
        const float least = *low;
        const float range = *high - least;
        for (std::size_t c = 0; c < kCodewords; ++c) sums[c] -= least;
        largest = std::max(largest, range);
        total += range;
    }
    float scale = std::min(kLargestByte / largest, kLargestScore / total);
    // Whole numbers stay what they are, so that Hamming scores are exact.
    if (metric == Metric::kHamming) scale = std::min(1.0F, scale);
    if (!(scale < std::numeric_limits<float>::infinity())) return;
    for (std::size_t i = 0; i < s.sums.size(); ++i) {
        const float value = s.sums[i] * scale + 0.5F;
        s.lookup[i] = static_cast<std::uint8_t>(value > 0 ? std::min(value, kLargestByte) : 0.0F);
    }
}

// Keeps the best `wanted` of the candidates; what a score has to be below from now on.
std::uint16_t shrink(std::vector<std::uint64_t>& candidates, std::size_t wanted, bool repeats) {
    if (repeats) {
        std::sort(candidates.begin(), candidates.end());
        candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    }
    if (candidates.size() <= wanted) return std::numeric_limits<std::uint16_t>::max();
    const auto last = candidates.begin() + static_cast<std::ptrdiff_t>(wanted) - 1;
    std::nth_element(candidates.begin(), last, candidates.end());
    candidates.resize(wanted);
    const std::uint64_t score = candidates.back() >> 32;
    return static_cast<std::uint16_t>(std::min<std::uint64_t>(score + 1, 65535));
}

// Brings the nearest leaves to the front, in order, `batch` at a time.
class LeafQueue {
public:
    LeafQueue(std::vector<std::uint64_t>& leaves, std::size_t batch) : leaves_(leaves), batch_(batch) {}

    // n_leaves when there are no more.
    [[nodiscard]] std::size_t next() {
        if (at_ == sorted_) {
            if (at_ == leaves_.size()) return leaves_.size();
            sorted_ = std::min(leaves_.size(), sorted_ + batch_);
            const auto from = leaves_.begin() + static_cast<std::ptrdiff_t>(at_);
            const auto to = leaves_.begin() + static_cast<std::ptrdiff_t>(sorted_);
            if (to != leaves_.end()) std::nth_element(from, to, leaves_.end());
            std::sort(from, to);
        }
        return leaves_[at_++] & 0xFFFFFFFFU;
    }

private:
    std::vector<std::uint64_t>& leaves_;
    std::size_t batch_;
    std::size_t at_ = 0;
    std::size_t sorted_ = 0;
};

// Whether the leaf's rows and codes are where the file has such.
bool is_sound(const CodedData& data, const Leaf& leaf) noexcept {
    const std::size_t entries = data.order.size() / sizeof(std::uint32_t);
    const std::size_t blocks = data.codes.size() / data.code_block_bytes();
    return leaf.first <= entries && leaf.count <= entries - leaf.first && leaf.first_block <= blocks &&
           blocks_of(leaf.count, kCodeBlock) <= blocks - leaf.first_block;
}

void scan_leaves(const CodedData& data, const Effort& effort, Scratch& s) {
    const auto select = kernel::active().codes.select;
    const std::span<const Leaf> leaves = data.leaves.as<Leaf>();
    const bool repeats = data.parameters.n_trees > 1;
    const std::size_t capacity = kSlack * effort.rerank + kCodeBlock;
    LeafQueue queue(s.leaves, effort.search_k / std::max<std::size_t>(data.parameters.leaf_size, 1) + 4);
    std::uint16_t threshold = std::numeric_limits<std::uint16_t>::max();
    s.candidates.clear();
    for (std::size_t scored = 0; scored < effort.search_k;) {
        const std::size_t number = queue.next();
        if (number == leaves.size()) break;
        const Leaf& leaf = leaves[number];
        if (!is_sound(data, leaf)) continue;
        const std::size_t before = s.candidates.size();
        s.candidates.resize(before + leaf.count);
        const auto* const blocks =
            reinterpret_cast<const std::uint8_t*>(data.codes.data()) + leaf.first_block * data.code_block_bytes();
        const std::size_t hits =
            select(s.lookup.data(), blocks, data.order.as<std::uint32_t>().data() + leaf.first, leaf.count,
                   data.parameters.tables, threshold, s.candidates.data() + before);
        s.candidates.resize(before + hits);
        if (s.candidates.size() >= capacity) {
            threshold = std::min(threshold, shrink(s.candidates, effort.rerank, repeats));
        }
        scored += leaf.count;
    }
    (void)shrink(s.candidates, effort.rerank, repeats);
    std::sort(s.candidates.begin(), s.candidates.end());
}

}  // namespace

Effort resolve_effort(const CodedData& data, const SearchOptions& options) noexcept {
    const std::size_t larger_k = std::max<std::size_t>(options.k, 1);
    Effort effort;
    effort.search_k = kDefaultLeaves * data.parameters.leaf_size;
    effort.rerank = kDefaultRerank;
    if (!data.curve.empty()) {
        const auto wanted = static_cast<float>(options.recall > 0 ? options.recall : 0.95);
        auto point = data.curve.begin();
        if (options.search_k >= 0) {
            while (point + 1 != data.curve.end() && point->search_k < options.search_k) ++point;
        } else {
            while (point + 1 != data.curve.end() && point->recall < wanted) ++point;
        }
        effort = {point->search_k, point->rerank};
    }
    effort.rerank = std::max(larger_k, effort.rerank * larger_k / std::min(larger_k, kCurveK));
    if (options.search_k >= 0) effort.search_k = static_cast<std::size_t>(options.search_k);
    if (options.rerank > 0) effort.rerank = std::max(options.rerank, larger_k);
    effort.rerank = std::min(effort.rerank, std::max<std::size_t>(data.rows.count(), 1));
    return effort;
}

std::span<const std::uint64_t> find_candidates(const CodedData& data, std::span<const float> query,
                                               const Effort& effort) {
    Scratch& s = scratch();
    rank_leaves(data, query, s);
    make_lookup(data, query, s);
    scan_leaves(data, effort, s);
    return s.candidates;
}

void search_coded(const CodedData& data, std::span<const float> query, std::size_t k, const Effort& effort,
                  Neighbors& out) {
    out.clear();
    if (k == 0 || effort.search_k == 0 || data.rows.count() == 0) return;
    Scratch& s = scratch();
    s.prepared.assign(query.begin(), query.end());
    prepare(data.rows.metric(), s.prepared);
    s.rows.clear();
    for (const std::uint64_t each : find_candidates(data, s.prepared, effort)) {
        const auto row = static_cast<std::uint32_t>(each);
        if (row < data.rows.count()) s.rows.push_back(row);
    }
    s.ranks.resize(s.rows.size());
    s.words.resize(data.rows.length());
    data.rows.kernels().gather(data.rows.as_row(query, s.words.data()), data.rows.data(), data.rows.stride(),
                               s.rows.data(), s.rows.size(), data.rows.length(), s.ranks.data());
    s.top.reset(std::min(k, s.rows.size()));
    for (std::size_t i = 0; i < s.rows.size(); ++i) s.top.push(s.ranks[i], s.rows[i]);
    for (const Candidate& each : s.top.sorted()) {
        out.ids.push_back(each.id);
        out.distances.push_back(display(data.rows.metric(), each.rank));
    }
}

}  // namespace kith::index
