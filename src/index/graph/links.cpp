#include "index/graph/links.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/parallel.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kGrain = 64;

// A candidate is left to the links chosen before it when one of them is this much nearer to it than the row is, in
// squared distance.
constexpr float kNearer = 1.2F;

// Rows looked at to find one that a row cut off can be linked from.
constexpr std::size_t kHosts = 4096;

struct Near {
    float rank;
    std::uint32_t row;

    friend bool operator<(const Near& a, const Near& b) noexcept {
        return a.rank < b.rank || (a.rank == b.rank && a.row < b.row);
    }
    friend bool operator==(const Near& a, const Near& b) noexcept { return a.row == b.row; }
};

// Rows that link to each row, in ascending order.
struct Reverse {
    std::vector<std::uint64_t> first;  // count + 1
    std::vector<std::uint32_t> rows;

    Reverse(std::span<const std::uint32_t> links, std::size_t degree, std::size_t count) : first(count + 1) {
        for (const std::uint32_t to : links) {
            if (to != kNoCandidate) ++first[to + 1];
        }
        std::partial_sum(first.begin(), first.end(), first.begin());
        rows.resize(first.back());
        std::vector<std::uint64_t> next(first.begin(), first.end() - 1);
        for (std::size_t i = 0; i < links.size(); ++i) {
            if (links[i] != kNoCandidate) rows[next[links[i]]++] = static_cast<std::uint32_t>(i / degree);
        }
    }
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t row) const noexcept {
        return std::span(rows).subspan(first[row], first[row + 1] - first[row]);
    }
};

// Chooses among candidates. One per thread.
class Chooser {
public:
    Chooser(const LinkedRows& rows, std::size_t degree) : rows_(rows), degree_(degree) {}

    void clear() noexcept { candidates_.clear(); }

    void add(std::uint32_t row, std::span<const std::uint32_t> others) {
        near_.clear();
        std::ranges::copy_if(others, std::back_inserter(near_),
                             [&](std::uint32_t other) { return other != kNoCandidate && other != row; });
        ranks_.resize(near_.size());
        rows_.kernels->gather(rows_.row(row), rows_.data, rows_.stride, near_.data(), near_.size(), rows_.length,
                              ranks_.data());
        for (std::size_t i = 0; i < near_.size(); ++i) candidates_.push_back({ranks_[i], near_[i]});
    }

    // How many links point in directions of their own; the others of `degree` follow them, nearest first.
    std::size_t choose(std::span<std::uint32_t> out) {
        std::sort(candidates_.begin(), candidates_.end());
        candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
        std::size_t kept = 0;
        near_.clear();
        for (const Near& each : candidates_) {
            if (kept == degree_) break;
            const bool covered =
                std::any_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(kept),
                            [&](std::uint32_t link) { return kNearer * rows_.rank(link, each.row) <= each.rank; });
            if (covered) {
                near_.push_back(each.row);
            } else {
                out[kept++] = each.row;
            }
        }
        std::size_t size = kept;
        for (std::size_t i = 0; i < near_.size() && size < degree_; ++i) out[size++] = near_[i];
        std::fill(out.begin() + static_cast<std::ptrdiff_t>(size), out.end(), kNoCandidate);
        return kept;
    }

private:
    const LinkedRows& rows_;
    std::size_t degree_;
    std::vector<Near> candidates_;
    std::vector<std::uint32_t> near_;
    std::vector<float> ranks_;
};

// A walk over the links in breadth, and the links that it went by.
class Reach {
public:
    Reach(std::span<std::uint32_t> links, std::size_t degree, std::size_t count)
        : links_(links), degree_(degree), reached_(count), used_(links.size()) {}

    void from(std::uint32_t row) {
        reached_[row] = true;
        order_.push_back(row);
        while (at_ < order_.size()) {
            const std::size_t first = order_[at_++] * degree_;
            for (std::size_t slot = first; slot < first + degree_; ++slot) {
                const std::uint32_t to = links_[slot];
                if (reached_[to]) continue;
                used_[slot] = true;
                reached_[to] = true;
                order_.push_back(to);
            }
        }
    }

    [[nodiscard]] bool reached(std::uint32_t row) const noexcept { return reached_[row]; }
    [[nodiscard]] std::span<const std::uint32_t> order() const noexcept { return order_; }

    // Links `from` to `to` instead of where its last link leads that was not gone by. False when all were.
    bool relink(std::uint32_t from, std::uint32_t to) {
        for (std::size_t slot = (from + std::size_t{1}) * degree_; slot-- > from * degree_;) {
            if (used_[slot]) continue;
            links_[slot] = to;
            used_[slot] = true;
            return true;
        }
        return false;
    }

private:
    std::span<std::uint32_t> links_;
    std::size_t degree_;
    std::vector<bool> reached_;
    std::vector<bool> used_;
    std::vector<std::uint32_t> order_;
    std::size_t at_ = 0;
};

// Reached rows, the most likely to be near `row` first.
std::vector<std::uint32_t> hosts(const LinkedRows& rows, std::span<const std::uint32_t> links, const Reach& reach,
                                 std::uint32_t row) {
    std::vector<Near> near;
    for (const std::uint32_t link : links) {
        if (reach.reached(link)) near.push_back({rows.rank(row, link), link});
    }
    if (near.empty()) {
        const std::span<const std::uint32_t> order = reach.order();
        const std::size_t step = (order.size() + kHosts - 1) / kHosts;
        for (std::size_t i = 0; i < order.size(); i += step) near.push_back({rows.rank(row, order[i]), order[i]});
    }
    std::sort(near.begin(), near.end());
    std::vector<std::uint32_t> out(near.size());
    std::transform(near.begin(), near.end(), out.begin(), [](const Near& each) { return each.row; });
    return out;
}

}  // namespace

std::vector<std::uint32_t> make_links(const LinkedRows& rows, std::span<const std::uint32_t> candidates,
                                      std::size_t degree, std::size_t threads, ProgressMeter& meter) {
    const std::size_t each = rows.count == 0 ? 0 : candidates.size() / rows.count;
    std::vector<std::uint32_t> first(rows.count * degree);
    const auto for_rows = [&](auto&& work) {
        parallel_ranges(rows.count, kGrain, threads, [&](std::size_t begin, std::size_t end, std::size_t) {
            Chooser chooser(rows, degree);
            for (std::size_t i = begin; i < end; ++i) {
                chooser.clear();
                chooser.add(static_cast<std::uint32_t>(i), candidates.subspan(i * each, each));
                work(chooser, i);
            }
            meter.add(end - begin);
        });
    };
    for_rows([&](Chooser& chooser, std::size_t i) {
        const std::span<std::uint32_t> mine = std::span(first).subspan(i * degree, degree);
        const std::size_t kept = chooser.choose(mine);
        std::ranges::fill(mine.subspan(kept), kNoCandidate);
    });
    const Reverse reverse(first, degree, rows.count);
    std::vector<std::uint32_t> links(rows.count * degree);
    for_rows([&](Chooser& chooser, std::size_t i) {
        chooser.add(static_cast<std::uint32_t>(i), reverse.of(i));
        const std::span<std::uint32_t> mine = std::span(links).subspan(i * degree, degree);
        (void)chooser.choose(mine);
        std::ranges::replace(mine, kNoCandidate, static_cast<std::uint32_t>(i));
    });
    return links;
}

std::size_t connect(const LinkedRows& rows, std::span<std::uint32_t> links, std::size_t degree,
                    std::uint32_t entry) {
    Reach reach(links, degree, rows.count);
    reach.from(entry);
    const std::size_t cut_off = rows.count - reach.order().size();
    std::size_t any = 0;  // in reach.order(), the first that may have a link to spare
    for (std::uint32_t row = 0; row < rows.count; ++row) {
        if (reach.reached(row)) continue;
        std::uint32_t host = kNoCandidate;
        for (const std::uint32_t each : hosts(rows, links.subspan(row * degree, degree), reach, row)) {
            if (!reach.relink(each, row)) continue;
            host = each;
            break;
        }
        while (host == kNoCandidate && any < reach.order().size()) {
            if (reach.relink(reach.order()[any], row)) {
                host = reach.order()[any];
            } else {
                ++any;
            }
        }
        // There and back: what is cut off must not become a dead end.
        reach.relink(row, host);
        reach.from(row);
    }
    return cut_off;
}

std::vector<bool> reaching(std::span<const std::uint32_t> links, std::size_t degree, std::uint32_t entry) {
    const std::size_t count = links.size() / degree;
    const Reverse reverse(links, degree, count);
    std::vector<bool> found(count);
    found[entry] = true;
    std::vector<std::uint32_t> order = {entry};
    for (std::size_t at = 0; at < order.size(); ++at) {
        for (const std::uint32_t from : reverse.of(order[at])) {
            if (found[from]) continue;
            found[from] = true;
            order.push_back(from);
        }
    }
    return found;
}

}  // namespace kith::index
