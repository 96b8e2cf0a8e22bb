#include "index/coded/search.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <vector>

#include "base/metric.hpp"
#include "base/top_k.hpp"
#include "index/coded/prepare.hpp"
#include "index/exact.hpp"
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

// Rows at least this long are read in part where the rest cannot bring them among the best. The first few are read
// whole, then so few at a time that the limit is fresh; as many more are on the way from memory, their beginnings at
// least: the hardware follows by itself.
constexpr std::size_t kLongRow = 1024;
constexpr std::size_t kReadWhole = 16;
constexpr std::size_t kReadInPart = 8;
constexpr std::size_t kRowsAhead = 8;
constexpr std::size_t kCacheLine = 64;

// Codes scored before the worst of them are dropped.
constexpr std::size_t kAtATime = 128;
static_assert(kAtATime % kCodeBlock == 0);

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
    Candidates leaves;                   // score << 32 | leaf, or ordered rank << 32 | leaf
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
        const std::span<std::uint64_t> sorted = candidates.all();
        std::ranges::sort(sorted);
        candidates.set_size(static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin()));
    }
    if (candidates.size() <= wanted) return std::numeric_limits<std::uint16_t>::max();
    const std::span<std::uint64_t> all = candidates.all();
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted) - 1, all.end());
    candidates.set_size(wanted);
    const std::uint64_t score = all[wanted - 1] >> 32;
    return static_cast<std::uint16_t>(std::min<std::uint64_t>(score + 1, 65535));
}

// Moves those of `count` candidates that are allowed to the front; how many they are.
std::size_t keep_allowed(std::uint64_t* candidates, std::size_t count, const Selection& selection) {
    const auto* const end = std::remove_if(candidates, candidates + count, [&](std::uint64_t each) {
        return !selection.allows(static_cast<std::uint32_t>(each));
    });
    return static_cast<std::size_t>(end - candidates);
}

// Adds those of the `count` numbers whose codes score below the threshold and that are allowed, and keeps the best
// `wanted` or a few more; the threshold follows.
void scan_codes(const CodedData& data, const std::uint8_t* codes, const std::uint32_t* numbers, std::size_t count,
                std::size_t wanted, const Selection& selection, Candidates& candidates, std::uint16_t& threshold) {
    const bool repeats = data.parameters.n_trees > 1;
    const auto select = kernel::active().codes.select;
    for (std::size_t first = 0; first < count; first += kAtATime) {
        const std::size_t here = std::min(kAtATime, count - first);
        std::uint64_t* const found = candidates.room(here);
        std::size_t hits = select(scratch().lookup.data(), codes + first / kCodeBlock * data.code_block_bytes(),
                                  numbers + first, here, data.parameters.tables, threshold, found);
        if (!selection.everything()) hits = keep_allowed(found, hits, selection);
        candidates.set_size(candidates.size() + hits);
        if (candidates.size() >= kSlack * wanted + kCodeBlock) {
            threshold = std::min(threshold, shrink(candidates, wanted, repeats));
        }
    }
}

// The leaves from the nearest centroid on: codes put them in rough order, a batch at a time is put in exact order.
class LeafQueue {
public:
    // `batch` is about the number of leaves to be asked for. REQUIRES: s.lookup is made for `query`.
    LeafQueue(const CodedData& data, std::span<const float> query, std::size_t batch, Scratch& s)
        : data_(data), query_(query), batch_(batch), s_(s) {
        const std::size_t count = data.parameters.n_leaves;
        while (s.numbers.size() < count) s.numbers.push_back(static_cast<std::uint32_t>(s.numbers.size()));
        // The corners of a cube say little of means of bits.
        if (data.rows.metric() == Metric::kHamming) batch_ = count;
        complete_ = kSlack * batch_ >= count;
        select(complete_ ? count : batch_);
    }

    // n_leaves when there are no more.
    [[nodiscard]] std::size_t next() {
        if (at_ == sorted_) {
            if (!complete_ && sorted_ > 0) add_others();
            if (at_ == s_.leaves.size()) return data_.parameters.n_leaves;
            sort_batch();
        }
        return node_of(s_.leaves.all()[at_++]);
    }

private:
    // Scratch.leaves = the best `wanted` by their codes, in no order.
    void select(std::size_t wanted) {
        std::uint16_t threshold = std::numeric_limits<std::uint16_t>::max();
        s_.leaves.clear();
        scan_codes(data_, data_.centroid_codes.as<std::uint8_t>().data(), s_.numbers.data(),
                   data_.parameters.n_leaves, wanted, Selection(), s_.leaves, threshold);
        (void)shrink(s_.leaves, wanted, false);
    }

    // After the first batch, more were asked for than expected.
    void add_others() {
        select(data_.parameters.n_leaves);
        const std::span<std::uint64_t> all = s_.leaves.all();
        std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(sorted_), all.end());
        complete_ = true;
    }

    void sort_batch() {
        sorted_ = std::min(s_.leaves.size(), sorted_ + batch_);
        const std::span<std::uint64_t> rest = s_.leaves.all().subspan(at_);
        const std::span<std::uint64_t> batch = rest.first(sorted_ - at_);
        if (batch.size() < rest.size()) {
            std::nth_element(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(batch.size()), rest.end());
        }
        s_.rows.resize(batch.size());
        s_.ranks.resize(batch.size());
        std::ranges::transform(batch, s_.rows.begin(), node_of);
        const Metric metric = data_.rows.metric();
        const Metric compared =
            metric == Metric::kDot || metric == Metric::kManhattan ? metric : Metric::kEuclidean;
        kernel::active()
            .of(compared, Scalar::kFloat32)
            .gather(query_.data(), data_.centroids.data(), query_.size_bytes(), s_.rows.data(), batch.size(),
                    query_.size(), s_.ranks.data());
        for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = make_key(ordered(s_.ranks[i]), s_.rows[i]);
        std::ranges::sort(batch);
    }

    const CodedData& data_;
    std::span<const float> query_;
    std::size_t batch_;
    Scratch& s_;
    std::size_t at_ = 0;
    std::size_t sorted_ = 0;
    bool complete_ = true;  // Scratch.leaves holds all leaves, not the first batch alone
};

// Whether the leaf's rows and codes are where the file has such.
bool is_sound(const CodedData& data, const Leaf& leaf) noexcept {
    const std::size_t entries = data.order.size() / sizeof(std::uint32_t);
    const std::size_t blocks = data.codes.size() / data.code_block_bytes();
    return leaf.first <= entries && leaf.count <= entries - leaf.first && leaf.first_block <= blocks &&
           blocks_of(leaf.count, kCodeBlock) <= blocks - leaf.first_block;
}

void scan_leaves(const CodedData& data, std::span<const float> query, const Effort& effort,
                 const Selection& selection, Scratch& s) {
    const std::span<const Leaf> leaves = data.leaves.as<Leaf>();
    const std::size_t visits = effort.search_k / std::max<std::size_t>(data.parameters.leaf_size, 1);
    LeafQueue queue(data, query, visits + visits / 2 + kSpareLeaves, s);
    std::uint16_t threshold = std::numeric_limits<std::uint16_t>::max();
    s.candidates.clear();
    for (std::size_t scored = 0; scored < effort.search_k;) {
        const std::size_t number = queue.next();
        if (number == leaves.size()) break;
        const Leaf& leaf = leaves[number];
        if (!is_sound(data, leaf)) continue;
        scan_codes(data, data.codes.as<std::uint8_t>().data() + leaf.first_block * data.code_block_bytes(),
                   data.order.as<std::uint32_t>().data() + leaf.first, leaf.count, effort.shortlist, selection,
                   s.candidates, threshold);
        scored += leaf.count;
    }
    (void)shrink(s.candidates, effort.shortlist, data.parameters.n_trees > 1);
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

// Whether the metric and the length of the rows let some of them be read in part.
bool reads_in_part(const RowStore& rows) noexcept {
    return rows.kernels().within != nullptr && rows.stride() >= kLongRow;
}

// Pushes the ranks of Scratch.rows, the likeliest to be near first.
void rank_likely(const RowAccess& rows, const void* query, Scratch& s) {
    const std::span<const std::uint32_t> ids(s.rows);
    const auto fetch = [&](std::uint32_t row) {
        const std::byte* const at = rows.data + row * rows.stride;
        for (std::size_t offset = 0; offset < kLongRow; offset += kCacheLine) __builtin_prefetch(at + offset);
    };
    std::array<float, kReadWhole> ranks;
    std::size_t fetched = 0;
    std::size_t size = kReadWhole;
    for (std::size_t first = 0; first < ids.size(); first += size, size = kReadInPart) {
        const auto block = ids.subspan(first, std::min(size, ids.size() - first));
        const std::size_t ahead = std::min(ids.size(), first + block.size() + kRowsAhead);
        while (fetched < ahead) fetch(ids[fetched++]);
        rows.kernels.within(query, rows.data, rows.stride, block.data(), block.size(), rows.length,
                            s.top.threshold(), ranks.data());
        for (std::size_t i = 0; i < block.size(); ++i) s.top.push(ranks[i], block[i]);
    }
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

double cost_of(const CodedData& data, double search_k, double shortlist) noexcept {
    const double code_bytes = data.parameters.tables / 2.0;
    const double row = data.byte_rows.empty() ? 0.06 * static_cast<double>(data.rows.stride())
                                              : 0.08 * static_cast<double>(byte_stride(data.rows.dim()));
    return search_k * (0.5 + 0.1 * code_bytes) + shortlist * (25 + row);
}

std::span<const std::uint64_t> find_candidates(const CodedData& data, std::span<const float> query,
                                               const Effort& effort) {
    Scratch& s = scratch();
    make_lookup(data, query, s);
    scan_leaves(data, query, effort, Selection(), s);
    std::ranges::sort(s.candidates.all());
    return s.candidates.all();
}

namespace {

// Widens the effort by what the filter leaves out; false when it is quicker to compare with all that it allows.
bool widen(const CodedData& data, const Selection& selection, Effort& effort) {
    const double share = selection.share();
    const auto all = static_cast<double>(data.rows.count());
    const double wider = std::min(static_cast<double>(effort.search_k) / share, all * data.parameters.n_trees);
    effort.search_k = static_cast<std::size_t>(wider);
    const double exact = share * all * (25 + 0.08 * static_cast<double>(data.rows.stride()));
    return exact > cost_of(data, wider, static_cast<double>(effort.shortlist));
}

// Scratch.rows = the rows to rank in full.
void choose_rows(const CodedData& data, std::span<const float> query, Effort effort, const Selection& selection,
                 Scratch& s) {
    if (selection.filtered() && !widen(data, selection, effort)) {
        s.rows.clear();
        return selection.append_to(s.rows);
    }
    s.prepared.assign(query.begin(), query.end());
    prepare(data.rows.metric(), s.prepared);
    make_lookup(data, s.prepared, s);
    scan_leaves(data, s.prepared, effort, selection, s);
    if (reads_in_part(data.rows)) std::ranges::sort(s.candidates.all());
    s.rows.clear();
    for (const std::uint64_t each : s.candidates.all()) {
        const auto row = static_cast<std::uint32_t>(each);
        if (row < data.rows.count()) s.rows.push_back(row);
    }
    if (effort.rerank < s.rows.size() && !data.byte_rows.empty()) shorten(data, s.prepared, effort.rerank, s);
}

}  // namespace

void search_coded(const CodedData& data, std::span<const float> query, std::size_t k, const Effort& effort,
                  const Selection& selection, Neighbors& out) {
    out.clear();
    if (k == 0 || effort.search_k == 0 || data.rows.count() == 0) return;
    Scratch& s = scratch();
    choose_rows(data, query, effort, selection, s);
    s.words.resize(data.rows.length());
    s.top.reset(std::min(k, s.rows.size()));
    const void* const row = data.rows.as_row(query, s.words.data());
    if (reads_in_part(data.rows)) {
        rank_likely(data.rows.access(), row, s);
    } else {
        rank_rows(data.rows.access(), row, s.rows, s.top);
    }
    for (const Candidate& each : s.top.sorted()) {
        out.ids.push_back(each.id);
        out.distances.push_back(display(data.rows.metric(), each.rank));
    }
}

}  // namespace kith::index
