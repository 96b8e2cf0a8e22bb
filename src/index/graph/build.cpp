#include "index/graph/build.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "base/random.hpp"
#include "index/coded/build.hpp"
#include "index/coded/search.hpp"
#include "index/graph/calibrate.hpp"
#include "index/graph/graph_data.hpp"
#include "index/graph/links.hpp"
#include "index/graph/short_rows.hpp"
#include "kernel/select.hpp"
#include "kernel/support.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kLeastDegree = 4;
constexpr std::size_t kMostDegree = 256;

// What is chosen between where the options leave it open: the last where vectors are so short that walks compare them
// themselves, as exactly as can be.
constexpr std::size_t kGoodDegree = 32;
constexpr std::size_t kFairDegree = 24;
constexpr std::size_t kLowDegree = 16;

// Dimensions of a short row that takes one cache line.
constexpr std::size_t kOneLine = 64 - sizeof(float);

// Bytes for everything beside a vector that leave all within 1.6 times the bytes of the vectors as float32.
constexpr std::size_t room(std::size_t dim) noexcept {
    return dim * sizeof(float) * 6 / 10;
}

constexpr std::size_t kMostRows = (std::size_t{1} << 31) - 1;

constexpr std::size_t kCandidatesPerLink = 2;

// How well the forest is asked to know neighbours, measured on this many rows.
constexpr double kForestRecall = 0.9;
constexpr std::size_t kForestQueries = 160;

constexpr std::size_t kGrain = 64;

void check_range(std::string_view what, std::size_t value, std::size_t least, std::size_t most) {
    if (value >= least && value <= most) return;
    throw InvalidArgument(formatted("{} is {}; it must be between {} and {}", what, value, least, most));
}

void check(const RowStore& rows, const GraphOptions& options) {
    check_range("degree", options.degree, kLeastDegree, kMostDegree);
    check_range("the number of dimensions", rows.dim(), 1, kMostGraphDim);
    check_range("the number of vectors", rows.count(), 0, kMostRows);
    if (options.compress) check_compressible(rows);
}

// All rows as they are searched: the vectors themselves where those are the same.
Matrix spread_rows(const RowStore& rows, const Spread& spread, std::size_t threads) {
    if (rows.metric() == Metric::kEuclidean || walks_directly(rows.metric())) return {};
    Matrix out(rows.count(), spread.dim());
    parallel_ranges(rows.count(), kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        for (std::size_t i = first; i < last; ++i) spread.get(i, out.row(i));
    });
    return out;
}

std::shared_ptr<const CodedData> make_forest(const RowStore& rows, const Matrix& spread,
                                             const GraphOptions& options, const ProgressFn& progress) {
    CodedForestOptions forest;
    forest.metric = walks_directly(rows.metric()) ? rows.metric() : Metric::kEuclidean;
    forest.seed = options.seed;
    forest.threads = options.threads;
    forest.calibration_queries = kForestQueries;
    if (walks_directly(rows.metric())) return build_coded(rows, forest, progress, ByteRows::kMake);
    const auto* const data = reinterpret_cast<const float*>(rows.data());
    const MatrixView<const float> view =
        spread.rows() > 0 ? spread.view()
                          : MatrixView<const float>(data, rows.count(), rows.dim(), rows.stride() / sizeof(float));
    return build_coded(RowStore::view_of(view, Metric::kEuclidean, nullptr), forest, progress, ByteRows::kMake);
}

LinkedRows linked_rows(const CodedData& forest) {
    const std::size_t count = forest.rows.count();
    if (forest.byte_rows.empty()) {
        return {&forest.rows.kernels(), forest.rows.data(), forest.rows.stride(), forest.rows.length(), count};
    }
    return {&byte_kernels(forest.rows.metric()), forest.byte_rows.data(), byte_stride(forest.rows.dim()),
            forest.rows.dim(), count};
}

// The nearest rows that the forest knows of each row.
std::vector<std::uint32_t> find_all_candidates(const CodedData& forest, const LinkedRows& rows, std::size_t wanted,
                                               std::size_t threads, ProgressMeter& meter) {
    SearchOptions options;
    options.k = wanted + 1;
    options.recall = kForestRecall;
    const Effort effort = resolve_effort(forest, options);
    std::vector<std::uint32_t> out(rows.count * wanted, kNoCandidate);
    // Leaf by leaf: rows of one leaf look for their neighbours in much the same leaves.
    const std::span<const std::uint32_t> order = forest.order.as<std::uint32_t>();
    parallel_ranges(order.size(), kMostTogether, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        const std::span<const std::uint32_t> block = order.subspan(first, last - first);
        Matrix queries(block.size(), forest.rows.dim());
        for (std::size_t i = 0; i < block.size(); ++i) forest.rows.get(block[i], queries.row(i));
        std::vector<std::uint32_t> found;
        std::vector<float> ranks;
        std::vector<std::pair<float, std::uint32_t>> near;
        find_candidates(
            forest, queries.view(), effort, [&](std::size_t i, std::span<const std::uint64_t> candidates) {
                found.clear();
                for (const std::uint64_t each : candidates) {
                    const auto row = static_cast<std::uint32_t>(each);
                    if (row != block[i]) found.push_back(row);
                }
                ranks.resize(found.size());
                rows.kernels->gather(rows.row(block[i]), rows.data, rows.stride, found.data(), found.size(),
                                     rows.length, ranks.data());
                near.clear();
                for (std::size_t j = 0; j < found.size(); ++j) near.emplace_back(ranks[j], found[j]);
                const std::size_t kept = std::min(wanted, near.size());
                std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end());
                for (std::size_t j = 0; j < kept; ++j) out[block[i] * wanted + j] = near[j].second;
            });
        meter.add(last - first);
    });
    return out;
}

// Some rows, the first of which all others can be reached from, and which the others can reach.
std::vector<std::uint32_t> choose_entries(const LinkedRows& rows, std::span<std::uint32_t> links,
                                          std::size_t degree, std::uint64_t seed) {
    Random random = Random::stream(seed, 0);
    const auto wanted = static_cast<std::size_t>(std::sqrt(static_cast<double>(rows.count)));
    std::vector<std::uint32_t> entries;
    for (std::size_t i = 0; i < wanted; ++i)
        entries.push_back(static_cast<std::uint32_t>(random.below(rows.count)));
    const std::uint32_t first = entries.front();
    (void)connect(rows, links, degree, first);
    const std::vector<bool> sound = reaching(links, degree, first);
    std::erase_if(entries, [&](std::uint32_t row) { return !sound[row]; });
    std::ranges::sort(entries.begin() + 1, entries.end());
    entries.erase(std::unique(entries.begin() + 1, entries.end()), entries.end());
    return entries;
}

template <class T>
storage::Region frozen(std::span<const T> values) {
    return storage::copy_of(std::as_bytes(values));
}

void fill(GraphData& data, const GraphOptions& options, const ProgressFn& progress) {
    const Spread spread(data.rows);
    const Matrix spread_copy = spread_rows(data.rows, spread, options.threads);
    const std::shared_ptr<const CodedData> forest = make_forest(data.rows, spread_copy, options, progress);
    const LinkedRows linked = linked_rows(*forest);
    {
        ProgressMeter meter("linking", 3 * linked.count, progress);
        std::vector<std::uint32_t> links;
        {
            const std::vector<std::uint32_t> candidates =
                find_all_candidates(*forest, linked, kCandidatesPerLink * options.degree, options.threads, meter);
            links = make_links(linked, candidates, options.degree, options.threads, meter);
        }
        const std::vector<std::uint32_t> entries = choose_entries(linked, links, options.degree, options.seed);
        data.parameters.n_entries = static_cast<std::uint32_t>(entries.size());
        data.entries = frozen(std::span<const std::uint32_t>(entries));
        data.links = LinkLists::pack(links, linked.count, options.degree, options.threads);
    }
    data.parameters.unused = -1;
    if (!data.has_short_rows()) {
        if (!walks_directly(data.rows.metric())) return;
        data.parameters.bytes = forest->parameters.bytes;
        data.byte_rows = forest->byte_rows;
        return;
    }
    make_short_rows(data, spread, options.short_dim, options.seed, options.threads);
}

// Rows that take a byte an element could be walked themselves, but walks by the bytes of Manhattan's are faster.
void drop_byte_rows(GraphData& data) {
    if (row_bytes(data.rows.scalar(), data.rows.dim()) > data.rows.dim()) return;
    data.byte_rows = {};
    data.parameters.bytes = {};
}

}  // namespace

GraphShape choose_shape(Metric metric, std::size_t dim, std::size_t count) noexcept {
    if (walks_directly(metric)) return {kGoodDegree, dim};
    const auto most_links = [&](std::size_t least, std::size_t beside) {
        std::size_t degree = kGoodDegree;
        while (degree >= least && LinkCode(count, degree).stride + beside >= room(dim)) --degree;
        return degree;
    };
    const std::size_t spread = spread_dim(metric, dim);
    for (const std::size_t short_dim : {spread, std::min(spread, kOneLine)}) {
        const std::size_t degree = most_links(kFairDegree, short_stride(short_dim));
        if (degree >= kFairDegree) return {degree, short_dim};
    }
    return {std::max(most_links(kLowDegree, 0), kLowDegree), 0};
}

std::shared_ptr<const GraphData> build_graph(RowStore rows, const GraphOptions& given, const ProgressFn& progress,
                                             Elements elements) {
    GraphOptions options = given;
    const std::size_t spread = spread_dim(rows.metric(), rows.dim());
    GraphShape shape{options.degree, spread};
    if (options.degree == 0) shape = choose_shape(rows.metric(), rows.dim(), rows.count());
    options.degree = shape.degree;
    check(rows, options);
    if (options.short_dim == 0 && shape.short_dim < spread) options.short_dim = shape.short_dim;
    GraphParameters parameters{};
    parameters.degree = static_cast<std::uint32_t>(options.degree);
    parameters.short_dim = static_cast<std::uint32_t>(options.short_dim > 0 ? spread : shape.short_dim);
    auto data = std::make_shared<GraphData>(GraphData{std::move(rows), parameters, {}, {}, {}, {}, {}, {}, {}});
    if (data->rows.count() == 0) return data;
    fill(*data, options, progress);
    const RowStore truth =
        elements == Elements::kAsTheyAre ? data->rows : settle_rows(data->rows, options.compress, options.threads);
    if (elements == Elements::kNarrowest && options.compress) drop_byte_rows(*data);
    if (options.calibration_queries > 0) {
        ProgressMeter meter("calibrating", options.calibration_queries, progress);
        data->curve =
            measure_recall(*data, truth, options.calibration_queries, options.seed, options.threads, meter);
        data->parameters.n_points = static_cast<std::uint32_t>(data->curve.size());
    }
    return data;
}

}  // namespace kith::index
