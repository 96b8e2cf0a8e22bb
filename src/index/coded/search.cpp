#include "index/coded/search.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <vector>

#include "base/metric.hpp"
#include "base/top_k.hpp"
#include "index/coded/leaf_queue.hpp"
#include "index/coded/prepare.hpp"
#include "index/coded/scoring.hpp"
#include "index/exact.hpp"
#include "index/forest/ordered_key.hpp"
#include "index/recall_curve.hpp"

namespace kith::index {
namespace {

// Without a measured curve.
constexpr std::size_t kDefaultLeaves = 20;
constexpr std::size_t kDefaultShortlist = 100;

// Rows ranked in full beyond k and a half of it: bytes are not exact.
constexpr std::size_t kSpareRows = 5;

// Leaves put in order by their centroids, beyond those that a search is likely to visit: the codes that chose them
// are not exact.
constexpr std::size_t kSpareLeaves = 4;

// Rows at least this long are read in part where the rest cannot bring them among the best. The first few are read
// whole, then so few at a time that the limit is fresh; as many more are on the way from memory, their beginnings at
// least: the hardware follows by itself.
constexpr std::size_t kLongRow = 1024;
constexpr std::size_t kReadWhole = 16;
constexpr std::size_t kReadInPart = 8;
constexpr std::size_t kRowsAhead = 8;
constexpr std::size_t kCacheLine = 64;

// Of a block's queries, each goes through so many leaves by itself before all go on together; fewer queries do not meet.
constexpr std::size_t kLeavesAlone = 1;
constexpr std::size_t kFewQueries = 8;

// A leaf that a query of a block is to visit.
struct Visit {
    std::uint32_t leaf;
    std::uint32_t visitor;
};

// One query on its way through the leaves.
struct Visitor {
    std::vector<float> prepared;
    std::vector<std::uint8_t> lookup;
    BestScored best;
};

struct Scratch {
    std::vector<Visitor> visitors = std::vector<Visitor>(1);
    LeafQueue::Scratch leaves;
    std::vector<Visit> visits;
    std::vector<std::uint32_t> starts;  // of each leaf's scorers
    std::vector<Scorer> scorers;
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint64_t> keys;
    std::vector<std::uint32_t> rows;
    std::vector<float> ranks;
    QueryMemory query;
    TopK top;
};

Scratch& scratch() {
    thread_local Scratch mine;
    return mine;
}

std::span<Visitor> visitors_for(std::size_t count) {
    std::vector<Visitor>& all = scratch().visitors;
    if (all.size() < count) all.resize(count);
    return std::span(all).first(count);
}

// Whether the leaf's rows and codes are where the file has such.
bool is_sound(const CodedData& data, const Leaf& leaf) noexcept {
    const std::size_t entries = data.order.size() / sizeof(std::uint32_t);
    const std::size_t blocks = data.codes.size() / data.code_block_bytes();
    return leaf.first <= entries && leaf.count <= entries - leaf.first && leaf.first_block <= blocks &&
           blocks_of(leaf.count, kCodeBlock) <= blocks - leaf.first_block;
}

void score_leaf(const CodedData& data, std::size_t number, const Selection& selection,
                std::span<const Scorer> scorers) {
    const Leaf& leaf = data.leaves.as<Leaf>()[number];
    score_codes(data, data.codes.as<std::uint8_t>().data() + leaf.first_block * data.code_block_bytes(),
                data.order.as<std::uint32_t>().data() + leaf.first, leaf.count, selection, scorers);
}

// Makes the visitor ready and calls visit(leaf) for the leaves that hold the nearest `effort.search_k` rows or more,
// from the nearest on.
template <class Visit>
void for_each_leaf(const CodedData& data, const Effort& effort, Visitor& visitor, Visit&& visit) {
    const std::span<const Leaf> leaves = data.leaves.as<Leaf>();
    const std::size_t visits = effort.search_k / std::max<std::size_t>(data.parameters.leaf_size, 1);
    make_lookup(data, visitor.prepared, visitor.lookup);
    visitor.best.reset(effort.shortlist, data.parameters.n_trees > 1);
    LeafQueue queue(data, visitor.prepared, visitor.lookup.data(), visits + visits / 2 + kSpareLeaves,
                    scratch().leaves);
    for (std::size_t scored = 0; scored < effort.search_k;) {
        const std::size_t number = queue.next();
        if (number == leaves.size()) break;
        if (!is_sound(data, leaves[number])) continue;
        visit(number);
        scored += leaves[number].count;
    }
}

std::span<std::uint64_t> scan_leaves(const CodedData& data, const Effort& effort, const Selection& selection,
                                     Visitor& visitor) {
    for_each_leaf(data, effort, visitor, [&](std::size_t leaf) {
        const Scorer scorer{visitor.lookup.data(), &visitor.best};
        score_leaf(data, leaf, selection, {&scorer, 1});
    });
    return visitor.best.finish();
}

// The same for many queries at once, leaf by leaf: a leaf's codes come from memory once for all that visit it. Each
// query's nearest leaf goes first, since what it finds there tells how good a row has to be.
void scan_together(const CodedData& data, const Effort& effort, const Selection& selection,
                   std::span<Visitor> visitors, Scratch& s) {
    const std::size_t n_leaves = data.leaves.as<Leaf>().size();
    s.visits.clear();
    s.starts.assign(n_leaves + 1, 0);
    for (std::uint32_t i = 0; i < visitors.size(); ++i) {
        std::size_t alone = kLeavesAlone;
        for_each_leaf(data, effort, visitors[i], [&](std::size_t leaf) {
            if (alone > 0) {
                --alone;
                const Scorer scorer{visitors[i].lookup.data(), &visitors[i].best};
                return score_leaf(data, leaf, selection, {&scorer, 1});
            }
            s.visits.push_back({static_cast<std::uint32_t>(leaf), i});
            ++s.starts[leaf];
        });
    }
    std::exclusive_scan(s.starts.begin(), s.starts.end(), s.starts.begin(), std::uint32_t{0});
    s.scorers.resize(s.visits.size());
    for (const Visit& each : s.visits) {
        s.scorers[s.starts[each.leaf]++] = {visitors[each.visitor].lookup.data(), &visitors[each.visitor].best};
    }
    // Each start has moved on to the next leaf's.
    for (std::size_t leaf = 0, first = 0; leaf < n_leaves; first = s.starts[leaf++]) {
        // What nobody visits need not be sound.
        if (first == s.starts[leaf]) continue;
        score_leaf(data, leaf, selection, std::span(s.scorers).subspan(first, s.starts[leaf] - first));
    }
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
    s.keys.resize(s.rows.size());
    for (std::size_t i = 0; i < s.rows.size(); ++i) s.keys[i] = make_key(ordered(s.ranks[i]), s.rows[i]);
    std::ranges::nth_element(s.keys, s.keys.begin() + static_cast<std::ptrdiff_t>(wanted));
    s.rows.resize(wanted);
    std::transform(s.keys.begin(), s.keys.begin() + static_cast<std::ptrdiff_t>(wanted), s.rows.begin(), node_of);
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
    effort.shortlist = std::max(larger_k, effort.shortlist * larger_k / std::min(larger_k, kCurveNeighbors));
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
    Visitor& visitor = scratch().visitors.front();
    visitor.prepared.assign(query.begin(), query.end());
    const std::span<std::uint64_t> found = scan_leaves(data, effort, Selection(), visitor);
    std::ranges::sort(found);
    return found;
}

void find_candidates(const CodedData& data, MatrixView<const float> queries, const Effort& effort,
                     const std::function<void(std::size_t query, std::span<const std::uint64_t> found)>& each) {
    const std::span<Visitor> visitors = visitors_for(queries.rows());
    for (std::size_t i = 0; i < queries.rows(); ++i) {
        const std::span<const float> query = queries.row(i);
        visitors[i].prepared.assign(query.begin(), query.end());
    }
    scan_together(data, effort, Selection(), visitors, scratch());
    for (std::size_t i = 0; i < queries.rows(); ++i) each(i, visitors[i].best.finish());
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

void prepare_visitor(const CodedData& data, std::span<const float> query, Visitor& visitor) {
    visitor.prepared.assign(query.begin(), query.end());
    prepare(data.rows.metric(), visitor.prepared);
}

// Scratch.rows = the rows to rank in full, of the candidates that the visitor found.
void choose_rows(const CodedData& data, const Effort& effort, std::span<std::uint64_t> found,
                 const Visitor& visitor, Scratch& s) {
    if (reads_in_part(data.rows)) std::ranges::sort(found);
    s.rows.clear();
    for (const std::uint64_t each : found) {
        const auto row = static_cast<std::uint32_t>(each);
        if (row < data.rows.count()) s.rows.push_back(row);
    }
    if (effort.rerank < s.rows.size() && !data.byte_rows.empty()) shorten(data, visitor.prepared, effort.rerank, s);
}

// `out` = the k nearest of Scratch.rows.
void rank(const CodedData& data, std::span<const float> query, std::size_t k, Scratch& s, Neighbors& out) {
    s.top.reset(std::min(k, s.rows.size()));
    const void* const row = data.rows.as_row(query, s.query);
    if (reads_in_part(data.rows)) {
        rank_likely(data.rows.access(), row, s);
    } else {
        rank_rows(data.rows.access(), row, s.rows, s.top);
    }
    for (const Candidate& each : s.top.sorted()) {
        out.ids.push_back(each.id);
        out.distances.push_back(data.rows.distance_of(each.rank));
    }
}

bool finds_nothing(const CodedData& data, std::size_t k, const Effort& effort) noexcept {
    return k == 0 || effort.search_k == 0 || data.rows.count() == 0;
}

}  // namespace

void search_coded(const CodedData& data, std::span<const float> query, std::size_t k, Effort effort,
                  const Selection& selection, Neighbors& out) {
    out.clear();
    if (finds_nothing(data, k, effort)) return;
    Scratch& s = scratch();
    if (selection.filtered() && !widen(data, selection, effort)) {
        s.rows.clear();
        selection.append_to(s.rows);
    } else {
        Visitor& visitor = s.visitors.front();
        prepare_visitor(data, query, visitor);
        choose_rows(data, effort, scan_leaves(data, effort, selection, visitor), visitor, s);
    }
    rank(data, query, k, s, out);
}

void search_coded(const CodedData& data, MatrixView<const float> queries, std::size_t k, const Effort& effort,
                  const Selection& selection, std::span<Neighbors> out) {
    if (queries.rows() < kFewQueries || selection.filtered() || finds_nothing(data, k, effort)) {
        for (std::size_t i = 0; i < queries.rows(); ++i) {
            search_coded(data, queries.row(i), k, effort, selection, out[i]);
        }
        return;
    }
    Scratch& s = scratch();
    const std::span<Visitor> visitors = visitors_for(queries.rows());
    for (std::size_t i = 0; i < queries.rows(); ++i) prepare_visitor(data, queries.row(i), visitors[i]);
    scan_together(data, effort, selection, visitors, s);
    for (std::size_t i = 0; i < queries.rows(); ++i) {
        out[i].clear();
        choose_rows(data, effort, visitors[i].best.finish(), visitors[i], s);
        rank(data, queries.row(i), k, s, out[i]);
    }
}

}  // namespace kith::index
