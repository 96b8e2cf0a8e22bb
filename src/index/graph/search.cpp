#include "index/graph/search.hpp"

#include <algorithm>
#include <vector>

#include "base/top_k.hpp"
#include "index/exact.hpp"
#include "index/recall_curve.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kDefaultEf = 64;
constexpr std::size_t kDefaultShortlist = 40;

constexpr std::size_t kLine = 64;

constexpr std::uint32_t kLeft = 0x80000000U;  // no row is that large

struct Vertex {
    float rank;
    std::uint32_t row_left;  // kLeft is added once its links were followed

    [[nodiscard]] std::uint32_t row() const noexcept { return row_left & ~kLeft; }
};

// The best vertices in sight, best first.
class Beam {
public:
    void reset(std::size_t most) {
        if (vertices_.size() < most + 1) vertices_.resize(most + 1);
        most_ = most;
        size_ = 0;
        next_ = 0;
    }

    void push(float rank, std::uint32_t row) noexcept {
        if (size_ == most_ && !(rank < vertices_[size_ - 1].rank)) return;
        std::size_t at = 0;
        for (std::size_t end = size_; at < end;) {
            const std::size_t middle = (at + end) / 2;
            if (vertices_[middle].rank <= rank) {
                at = middle + 1;
            } else {
                end = middle;
            }
        }
        const auto place = vertices_.begin() + static_cast<std::ptrdiff_t>(at);
        std::copy_backward(place, vertices_.begin() + static_cast<std::ptrdiff_t>(size_),
                           vertices_.begin() + static_cast<std::ptrdiff_t>(size_) + 1);
        *place = {rank, row};
        if (size_ < most_) ++size_;
        next_ = std::min(next_, at);
    }

    // The best vertex that was not left, which it now is; kNoRow when there is none.
    [[nodiscard]] std::uint32_t leave_next() noexcept {
        const std::uint32_t row = peek();
        if (row != kNoRow) vertices_[next_++].row_left |= kLeft;
        return row;
    }

    // The vertex that leave_next() would give.
    [[nodiscard]] std::uint32_t peek() noexcept {
        while (next_ < size_ && (vertices_[next_].row_left & kLeft) != 0) ++next_;
        return next_ < size_ ? vertices_[next_].row_left : kNoRow;
    }

    [[nodiscard]] std::span<const Vertex> all() const noexcept { return std::span(vertices_).first(size_); }

private:
    std::vector<Vertex> vertices_;
    std::size_t most_ = 0;
    std::size_t size_ = 0;
    std::size_t next_ = 0;  // all before are left
};

// Rows met, as bits and as a list that the bits are emptied by.
class Met {
public:
    void reset(std::size_t count) {
        for (const std::uint32_t row : std::span(list_).first(size_)) bits_[row / 64] = 0;
        size_ = 0;
        if (bits_.size() < (count + 63) / 64) bits_.resize((count + 63) / 64);
        count_ = count;
    }

    void add(std::uint32_t row) {
        (void)add_all(1, [row](auto body) { body(row); });
    }

    // Adds those of at most `most` numbers that are rows and were not met; the added. `each` calls what it is given with every number.
    template <class ForEach>
    [[nodiscard]] std::span<const std::uint32_t> add_all(std::size_t most, ForEach each) {
        if (list_.size() < size_ + most) list_.resize(2 * (size_ + most));
        const std::size_t first = size_;
        // Copies: what the loop stores could, for all that the compiler knows, be the members.
        std::uint64_t* const bits = bits_.data();
        std::uint32_t* const list = list_.data();
        const std::size_t count = count_;
        std::size_t size = size_;
        each([&](std::uint32_t row) {
            const std::uint32_t safe = row < count ? row : 0;
            std::uint64_t& word = bits[safe / 64];
            const std::uint64_t bit = std::uint64_t{row < count} << (safe % 64);
            list[size] = safe;
            size += (bit & ~word) != 0 ? 1 : 0;
            word |= bit;
        });
        size_ = size;
        return std::span<const std::uint32_t>(list_).subspan(first, size - first);
    }

private:
    std::vector<std::uint64_t> bits_;
    std::vector<std::uint32_t> list_;
    std::size_t size_ = 0;
    std::size_t count_ = 0;
};

struct Scratch {
    ShortQuery query;
    Beam beam;
    Met met;
    std::vector<float> ranks;
    std::vector<std::uint32_t> rows;
    QueryMemory memory;
    TopK top;
};

Scratch& scratch() {
    thread_local Scratch mine;
    return mine;
}

void fetch(const std::byte* from, std::size_t bytes) noexcept {
    for (std::size_t i = 0; i < bytes; i += kLine) __builtin_prefetch(from + i);
}

void meet(const GraphData& data, const ShortQuery& query, std::span<const std::uint32_t> rows, Scratch& s) {
    const std::size_t stride = data.stride();
    for (const std::uint32_t row : rows) fetch(data.walked() + row * stride, stride);
    if (s.ranks.size() < rows.size()) s.ranks.resize(rows.size());
    query.rank(data, rows, s.ranks.data());
    for (std::size_t i = 0; i < rows.size(); ++i) s.beam.push(s.ranks[i], rows[i]);
}

// Only the nearest of the entries comes in sight.
void enter(const GraphData& data, const ShortQuery& query, std::uint32_t without, Scratch& s) {
    const std::span<const std::uint32_t> entries = data.entries.as<std::uint32_t>();
    s.rows.clear();
    for (const std::uint32_t row : entries) {
        if (row < data.rows.count() && row != without) s.rows.push_back(row);
    }
    // The only entry may be the row to step over.
    if (s.rows.empty() && without < data.rows.count()) {
        data.links.for_each(without, [&](std::uint32_t row) {
            if (row < data.rows.count() && row != without) s.rows.push_back(row);
        });
    }
    if (s.rows.empty()) return;
    s.ranks.resize(std::max(s.ranks.size(), s.rows.size()));
    query.rank(data, s.rows, s.ranks.data());
    const auto best =
        std::min_element(s.ranks.begin(), s.ranks.begin() + static_cast<std::ptrdiff_t>(s.rows.size()));
    const std::uint32_t row = s.rows[static_cast<std::size_t>(best - s.ranks.begin())];
    s.met.add(row);
    s.beam.push(*best, row);
}

void walk_into(const GraphData& data, const ShortQuery& query, std::size_t ef, std::uint32_t without, Scratch& s) {
    s.met.reset(data.rows.count());
    s.beam.reset(ef);
    if (without != kNoRow) s.met.add(without);
    enter(data, query, without, s);
    for (std::uint32_t row = s.beam.leave_next(); row != kNoRow; row = s.beam.leave_next()) {
        const std::uint32_t next = s.beam.peek();
        if (next != kNoRow) data.links.fetch(next);
        const auto links = [&](auto body) { data.links.for_each(row, body); };
        meet(data, query, s.met.add_all(data.parameters.degree, links), s);
    }
}

}  // namespace

GraphEffort resolve_effort(const GraphData& data, const SearchOptions& options) noexcept {
    const std::size_t larger_k = std::max<std::size_t>(options.k, 1);
    const std::int64_t ef = options.ef >= 0 ? options.ef : options.search_k;
    GraphEffort effort{kDefaultEf, kDefaultShortlist};
    if (!data.curve.empty()) {
        const auto wanted = static_cast<float>(options.recall > 0 ? options.recall : 0.95);
        auto point = data.curve.begin();
        if (ef >= 0) {
            while (point + 1 != data.curve.end() && point->ef < ef) ++point;
        } else {
            while (point + 1 != data.curve.end() && point->recall < wanted) ++point;
        }
        effort = {point->ef, point->shortlist};
    }
    const std::size_t curve_k = std::min(larger_k, kCurveNeighbors);
    effort.ef = ef >= 0 ? static_cast<std::size_t>(ef) : effort.ef * larger_k / curve_k;
    effort.shortlist = effort.shortlist * larger_k / curve_k;
    if (options.rerank > 0) effort.shortlist = options.rerank;
    const std::size_t most = std::max<std::size_t>(data.rows.count(), 1);
    effort.shortlist = std::min(std::max(effort.shortlist, larger_k), most);
    effort.ef = std::min(std::max(effort.ef, effort.shortlist), most);
    return effort;
}

std::span<const std::uint32_t> walk(const GraphData& data, const ShortQuery& query, std::size_t ef,
                                    std::uint32_t without) {
    Scratch& s = scratch();
    walk_into(data, query, ef, without, s);
    s.rows.clear();
    for (const Vertex& each : s.beam.all()) s.rows.push_back(each.row());
    return s.rows;
}

double cost_of(const GraphData& data, double ef, double shortlist) noexcept {
    const auto short_bytes = static_cast<double>(data.stride());
    const auto row_bytes = static_cast<double>(data.rows.stride());
    return ef * (120 + 0.6 * short_bytes) + shortlist * (25 + 0.1 * row_bytes);
}

namespace {

// Widens the effort by what the filter leaves out; false when it is quicker to compare with all that it allows.
bool widen(const GraphData& data, const Selection& selection, GraphEffort& effort) {
    const double share = selection.share();
    const auto all = static_cast<double>(data.rows.count());
    const double wider = std::min(static_cast<double>(effort.ef) / share, all);
    effort.ef = static_cast<std::size_t>(wider);
    const double exact = share * all * (25 + 0.1 * static_cast<double>(data.rows.stride()));
    return exact > cost_of(data, wider, static_cast<double>(effort.shortlist));
}

// Scratch.rows = the rows to rank in full.
void choose_rows(const GraphData& data, std::span<const float> query, GraphEffort effort,
                 const Selection& selection, Scratch& s) {
    s.rows.clear();
    if (selection.filtered() && !widen(data, selection, effort)) return selection.append_to(s.rows);
    const bool all = selection.everything();
    // Room for an item or two that are left out.
    if (!all) effort.ef += 2;
    shorten_query(data, query, s.query);
    walk_into(data, s.query, effort.ef, kNoRow, s);
    s.rows.clear();
    for (const Vertex& each : s.beam.all()) {
        if (s.rows.size() == effort.shortlist) break;
        if (all || selection.allows(each.row())) s.rows.push_back(each.row());
    }
}

}  // namespace

void search_graph(const GraphData& data, std::span<const float> query, std::size_t k, const GraphEffort& effort,
                  const Selection& selection, Neighbors& out) {
    out.clear();
    if (k == 0 || data.rows.count() == 0) return;
    Scratch& s = scratch();
    choose_rows(data, query, effort, selection, s);
    s.top.reset(std::min(k, s.rows.size()));
    rank_rows(data.rows.access(), data.rows.as_row(query, s.memory), s.rows, s.top);
    for (const Candidate& each : s.top.sorted()) {
        out.ids.push_back(each.id);
        out.distances.push_back(data.rows.distance_of(each.rank));
    }
}

}  // namespace kith::index
