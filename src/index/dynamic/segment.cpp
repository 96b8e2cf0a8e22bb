#include "index/dynamic/segment.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "index/graph/build.hpp"

namespace kith::index {
namespace {

// Recall is measured with one row in so many, where that makes enough of them to measure anything.
constexpr std::size_t kRowsPerQuery = 50;
constexpr std::size_t kFewestQueries = 10;
constexpr std::size_t kMostQueries = 200;

std::size_t queries_for(std::size_t rows, std::size_t wanted) noexcept {
    const std::size_t queries = std::min({rows / kRowsPerQuery, wanted, kMostQueries});
    return queries < kFewestQueries ? 0 : queries;
}

}  // namespace

void ItemRows::add(Id id, std::span<const float> vector) {
    ids.push_back(id);
    rows.insert(rows.end(), vector.begin(), vector.end());
}

ItemRows ItemRows::sorted() const {
    std::vector<std::size_t> order(ids.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return ids[i]; });
    ItemRows out;
    out.dim = dim;
    out.ids.reserve(ids.size());
    out.rows.reserve(rows.size());
    for (const std::size_t i : order) out.add(ids[i], std::span(rows).subspan(i * dim, dim));
    return out;
}

Segment::Segment(GraphIndex graph, storage::Region ids, std::shared_ptr<const IdFilter> left)
    : graph_(std::move(graph)), ids_(std::move(ids)), left_(std::move(left)) {}

Segment Segment::build(const ItemRows& items, const GraphOptions& options, const ProgressFn& progress) {
    const auto sorted = std::make_shared<const ItemRows>(items.sorted());
    const MatrixView<const float> view(sorted->rows.data(), sorted->ids.size(), sorted->dim);
    GraphOptions mine = options;
    mine.calibration_queries = queries_for(view.rows(), options.calibration_queries);
    GraphIndex graph(
        build_graph(RowStore::view_of(view, options.metric, sorted), mine, progress, Elements::kAsTheyAre));
    return {std::move(graph), {std::as_bytes(std::span(sorted->ids)), sorted}, nullptr};
}

std::optional<Id> Segment::row_of(Id id) const noexcept {
    const auto found = std::ranges::lower_bound(ids(), id);
    if (found == ids().end() || *found != id) return std::nullopt;
    const auto row = static_cast<Id>(found - ids().begin());
    return is_left(row) ? std::optional(row) : std::nullopt;
}

Segment Segment::without(std::span<const Id> rows) const {
    const std::size_t size = graph_.size();
    std::vector<std::uint64_t> words((size + 63) / 64, ~std::uint64_t{0});
    if (left_) std::ranges::copy(left_->words(), words.begin());
    for (const Id row : rows) {
        const auto at = static_cast<std::size_t>(row);
        words[at / 64] &= ~(std::uint64_t{1} << (at % 64));
    }
    return {graph_, ids_, std::make_shared<const IdFilter>(IdFilter::bitmap(words, size))};
}

void Segment::append_to(ItemRows& items) const {
    std::vector<float> vector(items.dim);
    for (std::size_t i = 0; i < graph_.size(); ++i) {
        const auto row = static_cast<Id>(i);
        if (!is_left(row)) continue;
        graph_.get_vector(row, vector);
        items.add(ids()[i], vector);
    }
}

}  // namespace kith::index
