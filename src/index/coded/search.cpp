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
constexpr std::size_t kDefaultShortlist = 100;
constexpr std::size_t kCurveK = 10;

// Rows ranked in full beyond k and a half of it: bytes are not exact.
constexpr std::size_t kSpareRows = 5;

// Leaves put in order by their centroids, beyond those that a search is likely to visit: the codes that chose them
// are not exact.
constexpr std::size_t kSpareLeaves = 16;

// score << 32 | row, in memory that is written without being cleared first.
class Candidates {
public:
    void clear() noexcept { size_ = 0; }
    [[nodiscard]] std::span<std::uint64_t> all() noexcept { return std::span(memory_).first(size_); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // Room for `count` more.
    [[nodiscard]] std::uint64_t* room(std::size_t count) {
        if (memory_.size() < size_ + count) memory_.resize(2 * (size_ + count));
        return memory_.data() + size_;
    }
    void set_size(std::size_t size) noexcept { size_ = size; }

private:
    std::vector<std::uint64_t> memory_;
    std::size_t size_ = 0;
};

struct Scratch {
    std::vector<float> prepared;
    std::vector<float> sums;
    std::vector<std::uint8_t> lookup;
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint32_t> numbers;  // 0, 1, 2, …
    std::vector<std::uint64_t> leaves;
    Candidates candidates;
    std::vector<std::uint32_t> rows;
    std::vector<float> ranks;
    std::vector<std::uint64_t> words;
    TopK top;
};

Scratch& scratch() {
    thread_local Scratch mine;
    return mine;
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
    if (metric == Metric::kDot) {
        for (float& sum : s.sums) sum = -sum;
    }
    const kernel::SumRange range = kernel::active().codes.level(s.sums.data(), codes);
    float scale = std::min(kLargestByte / range.largest, kLargestScore / range.total);
    // Whole numbers stay what they are, so that Hamming scores are exact.
    if (metric == Metric::kHamming) scale = std::min(1.0F, scale);
    if (!(scale < std::numeric_limits<float>::infinity())) return;
    kernel::active().codes.to_bytes(s.sums.data(), s.sums.size(), 0, scale, s.lookup.data());
}

// Keeps the best `wanted` of the candidates; what a score has to be below from now on.
std::uint16_t shrink(Candidates& candidates, std::size_t wanted, bool repeats) {
    if (repeats) {
        std::ranges::sort(candidates.all());
        const auto rest = std::ranges::unique(candidates.all());
        candidates.set_size(candidates.size() - rest.size());
    }
    if (candidates.size() <= wanted) return std::numeric_limits<std::uint16_t>::max();
    const std::span<std::uint64_t> all = candidates.all();
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted) - 1, all.end());
    candidates.set_size(wanted);
    const std::uint64_t score = all[wanted - 1] >> 32;
    return static_cast<std::uint16_t>(std::min<std::uint64_t>(score + 1, 65535));
}

// The leaves from the nearest centroid on: all are put in rough order by codes, those about to be visited exactly.
class LeafQueue {
public:
    // REQUIRES: s.lookup is made for `query`.
    LeafQueue(const CodedData& data, std::span<const float> query, std::size_t batch, Scratch& s)
        : data_(data), query_(query), batch_(batch), s_(s) {
        const std::size_t count = data.parameters.n_leaves;
        while (s.numbers.size() < count) s.numbers.push_back(static_cast<std::uint32_t>(s.numbers.size()));
        s.leaves.resize(count);
        const std::size_t found = kernel::active().codes.select(
            s.lookup.data(), data.centroid_codes.as<std::uint8_t>().data(), s.numbers.data(), count,
            data.parameters.tables, std::numeric_limits<std::uint16_t>::max(), s.leaves.data());
        s.leaves.resize(found);
        // The corners of a cube say little of means of bits.
        if (data.rows.metric() == Metric::kHamming) batch_ = found;
    }

    // n_leaves when there are no more.
    [[nodiscard]] std::size_t next() {
        if (at_ == sorted_) {
            if (at_ == s_.leaves.size()) return data_.parameters.n_leaves;
            sort_batch();
        }
        return s_.leaves[at_++] & 0xFFFFFFFFU;
    }

private:
    void sort_batch() {
        sorted_ = std::min(s_.leaves.size(), sorted_ + batch_);
        const auto from = s_.leaves.begin() + static_cast<std::ptrdiff_t>(at_);
        const auto to = s_.leaves.begin() + static_cast<std::ptrdiff_t>(sorted_);
        if (to != s_.leaves.end()) std::nth_element(from, to, s_.leaves.end());
        const auto count = static_cast<std::size_t>(to - from);
        s_.rows.resize(count);
        s_.ranks.resize(count);
        std::transform(from, to, s_.rows.begin(),
                       [](std::uint64_t each) { return static_cast<std::uint32_t>(each); });
        const Metric metric = data_.rows.metric();
        const Metric compared =
            metric == Metric::kDot || metric == Metric::kManhattan ? metric : Metric::kEuclidean;
        kernel::active()
            .of(compared, Scalar::kFloat32)
            .gather(query_.data(), data_.centroids.data(), query_.size_bytes(), s_.rows.data(), count,
                    query_.size(), s_.ranks.data());
        for (std::size_t i = 0; i < count; ++i)
            from[static_cast<std::ptrdiff_t>(i)] = make_key(ordered(s_.ranks[i]), s_.rows[i]);
        std::sort(from, to);
    }

    const CodedData& data_;
    std::span<const float> query_;
    std::size_t batch_;
    Scratch& s_;
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

void scan_leaves(const CodedData& data, std::span<const float> query, const Effort& effort, Scratch& s) {
    const auto select = kernel::active().codes.select;
    const std::span<const Leaf> leaves = data.leaves.as<Leaf>();
    const bool repeats = data.parameters.n_trees > 1;
    const std::size_t capacity = kSlack * effort.shortlist + kCodeBlock;
    const std::size_t visits = effort.search_k / std::max<std::size_t>(data.parameters.leaf_size, 1);
    LeafQueue queue(data, query, visits + visits / 2 + kSpareLeaves, s);
    std::uint16_t threshold = std::numeric_limits<std::uint16_t>::max();
    s.candidates.clear();
    for (std::size_t scored = 0; scored < effort.search_k;) {
        const std::size_t number = queue.next();
        if (number == leaves.size()) break;
        const Leaf& leaf = leaves[number];
        if (!is_sound(data, leaf)) continue;
        const std::uint8_t* const blocks =
            data.codes.as<std::uint8_t>().data() + leaf.first_block * data.code_block_bytes();
        const std::size_t hits =
            select(s.lookup.data(), blocks, data.order.as<std::uint32_t>().data() + leaf.first, leaf.count,
                   data.parameters.tables, threshold, s.candidates.room(leaf.count));
        s.candidates.set_size(s.candidates.size() + hits);
        if (s.candidates.size() >= capacity) {
            threshold = std::min(threshold, shrink(s.candidates, effort.shortlist, repeats));
        }
        scored += leaf.count;
    }
    (void)shrink(s.candidates, effort.shortlist, repeats);
}

// Keeps the `wanted` of Scratch.rows that are nearest by their bytes.
void shorten(const CodedData& data, std::span<const float> query, std::size_t wanted, Scratch& s) {
    const Metric metric = data.rows.metric();
    const std::size_t stride = byte_stride(query.size());
    s.bytes.assign(stride, 0);
    to_bytes(metric, query, data.parameters.bytes, s.bytes.data());
    s.ranks.resize(s.rows.size());
    byte_kernels(metric).gather(s.bytes.data(), data.byte_rows.data(), stride, s.rows.data(), s.rows.size(),
                                query.size(), s.ranks.data());
    s.candidates.clear();
    std::uint64_t* const keys = s.candidates.room(s.rows.size());
    for (std::size_t i = 0; i < s.rows.size(); ++i) keys[i] = make_key(ordered(s.ranks[i]), s.rows[i]);
    std::nth_element(keys, keys + wanted, keys + s.rows.size());
    s.rows.resize(wanted);
    for (std::size_t i = 0; i < wanted; ++i) s.rows[i] = node_of(keys[i]);
}

}  // namespace

std::size_t rerank_for(std::size_t k) noexcept {
    return k + k / 2 + kSpareRows;
}

Effort resolve_effort(const CodedData& data, const SearchOptions& options) noexcept {
    const std::size_t larger_k = std::max<std::size_t>(options.k, 1);
    Effort effort;
    effort.search_k = kDefaultLeaves * data.parameters.leaf_size;
    effort.shortlist = kDefaultShortlist;
    if (!data.curve.empty()) {
        const auto wanted = static_cast<float>(options.recall > 0 ? options.recall : 0.95);
        auto point = data.curve.begin();
        if (options.search_k >= 0) {
            while (point + 1 != data.curve.end() && point->search_k < options.search_k) ++point;
        } else {
            while (point + 1 != data.curve.end() && point->recall < wanted) ++point;
        }
        effort = {point->search_k, point->shortlist, 0};
    }
    effort.shortlist = std::max(larger_k, effort.shortlist * larger_k / std::min(larger_k, kCurveK));
    effort.rerank = data.byte_rows.empty() ? effort.shortlist : rerank_for(larger_k);
    if (options.search_k >= 0) effort.search_k = static_cast<std::size_t>(options.search_k);
    if (options.rerank > 0) effort.shortlist = effort.rerank = std::max(options.rerank, larger_k);
    effort.shortlist = std::min(effort.shortlist, std::max<std::size_t>(data.rows.count(), 1));
    return effort;
}

std::span<const std::uint64_t> find_candidates(const CodedData& data, std::span<const float> query,
                                               const Effort& effort) {
    Scratch& s = scratch();
    make_lookup(data, query, s);
    scan_leaves(data, query, effort, s);
    std::ranges::sort(s.candidates.all());
    return s.candidates.all();
}

void search_coded(const CodedData& data, std::span<const float> query, std::size_t k, const Effort& effort,
                  Neighbors& out) {
    out.clear();
    if (k == 0 || effort.search_k == 0 || data.rows.count() == 0) return;
    Scratch& s = scratch();
    s.prepared.assign(query.begin(), query.end());
    prepare(data.rows.metric(), s.prepared);
    make_lookup(data, s.prepared, s);
    scan_leaves(data, s.prepared, effort, s);
    s.rows.clear();
    for (const std::uint64_t each : s.candidates.all()) {
        const auto row = static_cast<std::uint32_t>(each);
        if (row < data.rows.count()) s.rows.push_back(row);
    }
    if (effort.rerank < s.rows.size() && !data.byte_rows.empty()) shorten(data, s.prepared, effort.rerank, s);
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
