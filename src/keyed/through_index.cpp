#include "keyed/through_index.hpp"

#include <algorithm>
#include <string>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "keyed/scan.hpp"

namespace kith::keyed {
namespace {

// Scoring a row in a scan costs about so much less than getting one out of an index.
constexpr std::size_t kScanAdvantage = 8;

// How much more is asked for when what came was not enough.
constexpr std::size_t kGrowth = 4;

std::vector<Candidate> scan_range(const Store& store, std::span<const float> unit, RowRange range, std::size_t k) {
    const Cosines cosines(store);
    return scan_top(range, k, 1, [&](RowRange block, float* out) { cosines(unit, block, out); });
}

// The neighbours that lie in the range, with exact cosines.
std::vector<Candidate> rescore(const Store& store, std::span<const float> unit, RowRange range,
                               const Neighbors& found) {
    std::vector<std::size_t> rows;
    rows.reserve(found.size());
    for (const Id id : found.ids) {
        const auto row = static_cast<std::size_t>(id);
        if (range.contains(row)) rows.push_back(row);
    }
    std::vector<float> scores(rows.size());
    Cosines(store).of_rows(unit, std::span<const std::size_t>(rows), scores.data());
    std::vector<Candidate> candidates(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) candidates[i] = {-scores[i], static_cast<Id>(rows[i])};
    std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) { return a < b; });
    return candidates;
}

}  // namespace

void check_index(const Index& index, std::size_t rows, std::size_t dim) {
    if (index.metric() != Metric::kAngular) {
        throw InvalidArgument(formatted("index measures {} distance; most_similar needs an angular one",
                                        std::string(name(index.metric()))));
    }
    if (index.size() != rows || index.dim() != dim) {
        throw InvalidArgument(
            formatted("index holds {} items of {} dimensions; the vectors are {} of {}: build it over these",
                      index.size(), index.dim(), rows, dim));
    }
}

std::vector<Candidate> top_through_index(const Store& store, std::span<const float> unit, RowRange range,
                                         std::span<const std::size_t> excluded, const SimilarOptions& options,
                                         Neighbors& scratch) {
    const std::size_t wanted = std::min(options.topn, range.size());
    if (wanted == 0) return {};
    const std::size_t k = std::min(wanted + excluded.size(), store.rows);
    const auto ask = [&](std::size_t times) {
        SearchOptions search{.k = std::min(k * times, store.rows), .search_k = options.search_k};
        if (search.search_k > 0) search.search_k *= static_cast<std::int64_t>(times);
        options.index->search(unit, search, scratch);
        return rescore(store, unit, range, scratch);
    };
    if (range.size() == store.rows) return ask(1);

    for (std::size_t times = (store.rows - 1) / range.size() + 1; range.size() > kScanAdvantage * k * times;
         times *= kGrowth) {
        std::vector<Candidate> candidates = ask(times);
        const std::ptrdiff_t useless = std::ranges::count_if(candidates, [&](const Candidate& candidate) {
            return std::ranges::binary_search(excluded, static_cast<std::size_t>(candidate.id));
        });
        if (candidates.size() >= wanted + static_cast<std::size_t>(useless)) return candidates;
    }
    return scan_range(store, unit, range, k);
}

}  // namespace kith::keyed
