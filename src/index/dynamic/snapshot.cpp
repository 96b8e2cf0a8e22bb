#include "index/dynamic/snapshot.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/metric.hpp"
#include "base/top_k.hpp"
#include "index/exact.hpp"

namespace kith::index {
namespace {

// A graph is built anew with what comes when it is at most so many times as large.
constexpr std::size_t kRatio = 2;

// Lower is nearer.
float rank_of(Metric metric, float distance) noexcept {
    return larger_is_nearer(metric) ? -distance : distance;
}

bool allowed(const SearchOptions& options, const LeftOut& left_out, Id id) {
    return id >= 0 && id != left_out[0] && id != left_out[1] &&
           (options.filter == nullptr || options.filter->allows(id));
}

std::size_t plus(std::size_t k, std::size_t more) noexcept {
    return k > kAll - more ? kAll : k + more;
}

// Calls ask(options) with those that fit the segment: of its rows only what is left and the filter allows, and some
// more of them, as those that are left out are dropped afterwards.
template <class Ask>
void ask_segment(const Segment& segment, const SearchOptions& options, const LeftOut& left_out, const Ask& ask) {
    SearchOptions mine = options;
    const auto dropped = std::ranges::count_if(left_out, [&](Id id) { return id != kNoId; });
    mine.k = plus(options.k, static_cast<std::size_t>(dropped));
    mine.exclude = kNoId;
    mine.exclude_self = false;
    mine.filter = segment.left();
    if (options.filter == nullptr) return ask(mine);
    const IdFilter both = IdFilter::where([&](Id row) {
        const Id id = segment.ids()[static_cast<std::size_t>(row)];
        return segment.is_left(row) && id >= 0 && options.filter->allows(id);
    });
    mine.filter = &both;
    ask(mine);
}

void search_waiting(const WaitingItems& waiting, std::span<const float> query, const SearchOptions& options,
                    const LeftOut& left_out, TopK& top) {
    if (waiting.count() == 0) return;
    const RowStore rows = waiting.rows();
    thread_local QueryMemory memory;
    const void* const as_row = rows.as_row(query, memory);
    std::array<float, kExactBlock> ranks;
    for (std::size_t first = 0; first < rows.count(); first += kExactBlock) {
        const std::size_t n = std::min(kExactBlock, rows.count() - first);
        rows.kernels().scan(as_row, rows.row(first), rows.stride(), n, rows.length(), ranks.data());
        for (std::size_t i = 0; i < n; ++i) {
            const float rank = rank_of(rows.metric(), display(rows.metric(), ranks[i]));
            const Id id = waiting.id_of(first + i);
            if (rank > top.threshold() || !waiting.is_left(first + i)) continue;
            if (allowed(options, left_out, id)) top.push(rank, id);
        }
    }
}

void give_sorted(Metric metric, std::span<const Candidate> sorted, Neighbors& out) {
    out.clear();
    for (const Candidate& each : sorted) {
        out.ids.push_back(each.id);
        out.distances.push_back(larger_is_nearer(metric) ? -each.rank : each.rank);
    }
}

void sort_segments(Snapshot& snapshot) {
    std::ranges::stable_sort(snapshot.segments, std::ranges::greater{},
                             [](const auto& each) { return each->count(); });
}

}  // namespace

std::size_t Snapshot::count() const noexcept {
    std::size_t sum = waiting.count();
    for (const auto& segment : segments) sum += segment->count();
    return sum;
}

std::optional<Snapshot::Place> Snapshot::find(Id id) const noexcept {
    for (std::size_t s = 0; s < segments.size(); ++s) {
        if (const std::optional<Id> row = segments[s]->row_of(id)) return Place{s, static_cast<std::size_t>(*row)};
    }
    if (const std::optional<std::size_t> row = waiting.row_of(id)) return Place{segments.size(), *row};
    return std::nullopt;
}

bool Snapshot::get(Id id, std::span<float> out) const {
    const std::optional<Place> place = find(id);
    if (!place) return false;
    if (place->segment < segments.size()) {
        segments[place->segment]->graph().get_vector(static_cast<Id>(place->row), out);
    } else {
        waiting.rows().get(place->row, out);
    }
    return true;
}

void search_snapshot(const Snapshot& snapshot, std::span<const float> query, const SearchOptions& options,
                     const LeftOut& left_out, Neighbors& out) {
    thread_local TopK top;
    thread_local Neighbors found;
    top.reset(std::min(options.k, snapshot.count()));
    for (const auto& segment : snapshot.segments) {
        ask_segment(*segment, options, left_out,
                    [&](const SearchOptions& mine) { segment->graph().search(query, mine, found); });
        for (std::size_t i = 0; i < found.size(); ++i) {
            const Id id = segment->ids()[static_cast<std::size_t>(found.ids[i])];
            if (!snapshot.may_be(id) || id == left_out[0] || id == left_out[1]) continue;
            top.push(rank_of(snapshot.metric, found.distances[i]), id);
        }
    }
    search_waiting(snapshot.waiting, query, options, left_out, top);
    give_sorted(snapshot.metric, top.sorted(), out);
}

void range_search_snapshot(const Snapshot& snapshot, std::span<const float> query, float radius,
                           const SearchOptions& options, Neighbors& out) {
    const LeftOut left_out = {options.exclude, kNoId};
    std::vector<Candidate> all;
    Neighbors found;
    for (const auto& segment : snapshot.segments) {
        ask_segment(*segment, options, left_out,
                    [&](const SearchOptions& mine) { segment->graph().range_search(query, radius, mine, found); });
        for (std::size_t i = 0; i < found.size(); ++i) {
            const Id id = segment->ids()[static_cast<std::size_t>(found.ids[i])];
            if (snapshot.may_be(id) && id != left_out[0])
                all.push_back({rank_of(snapshot.metric, found.distances[i]), id});
        }
    }
    const WaitingItems& waiting = snapshot.waiting;
    const RowStore rows = waiting.rows();
    QueryMemory memory;
    const auto admits = [&](Id row) {
        const auto at = static_cast<std::size_t>(row);
        return waiting.is_left(at) && allowed(options, left_out, waiting.id_of(at));
    };
    range_over(rows.access(), rows.as_row(query, memory), radius, kAll, admits, nullptr, found);
    for (std::size_t i = 0; i < found.size(); ++i) {
        all.push_back(
            {rank_of(snapshot.metric, found.distances[i]), waiting.id_of(static_cast<std::size_t>(found.ids[i]))});
    }
    std::ranges::sort(all, [](const Candidate& a, const Candidate& b) { return a < b; });
    if (all.size() > options.k) all.resize(options.k);
    give_sorted(snapshot.metric, all, out);
}

void merge(Snapshot& snapshot, ItemRows more, const GraphOptions& options, const ProgressFn& progress) {
    Snapshot next = snapshot;
    next.waiting.append_to(more);
    next.waiting = WaitingItems(next.metric, next.dim, next.waiting.capacity());
    while (!next.segments.empty() && next.segments.back()->count() <= kRatio * more.ids.size()) {
        next.segments.back()->append_to(more);
        next.segments.pop_back();
    }
    if (!more.ids.empty()) {
        next.segments.push_back(std::make_shared<const Segment>(Segment::build(more, options, progress)));
    }
    sort_segments(next);
    snapshot = std::move(next);
}

void clean(Snapshot& snapshot, const GraphOptions& options, const ProgressFn& progress) {
    Snapshot next = snapshot;
    std::erase_if(next.segments, [](const auto& each) { return each->count() == 0; });
    for (auto& segment : next.segments) {
        if (2 * segment->count() >= segment->graph().size()) continue;
        ItemRows items;
        items.dim = next.dim;
        segment->append_to(items);
        segment = std::make_shared<const Segment>(Segment::build(items, options, progress));
    }
    sort_segments(next);
    snapshot = std::move(next);
}

void merge_all(Snapshot& snapshot, const GraphOptions& options, const ProgressFn& progress) {
    const bool whole = snapshot.segments.empty() ||
                       (snapshot.segments.size() == 1 && snapshot.segments.front()->left() == nullptr);
    if (whole && snapshot.waiting.size() == 0) return;
    Snapshot next = snapshot;
    ItemRows items;
    items.dim = next.dim;
    for (const auto& segment : next.segments) segment->append_to(items);
    next.segments.clear();
    merge(next, std::move(items), options, progress);
    snapshot = std::move(next);
}

}  // namespace kith::index
