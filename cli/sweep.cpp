#include "sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include <kith/error.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>

#include "plot_svg.hpp"
#include "stopwatch.hpp"

namespace kith::cli {
namespace {

std::vector<std::size_t> tree_counts(const SweepOptions& options) {
    if (options.step == 0) throw InvalidArgument("step: 0; must be at least 1");
    if (options.first == 0 || options.first > options.last) {
        throw InvalidArgument(
            fmt::format("numbers of trees from {} to {}: the first must be at least 1 and not above the last",
                        options.first, options.last));
    }
    std::vector<std::size_t> counts;
    for (std::size_t trees = options.first; trees <= options.last; trees += options.step) counts.push_back(trees);
    return counts;
}

// Both lists hold an id at most once.
std::size_t in_common(std::vector<Id> a, std::vector<Id> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    std::vector<Id> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both.size();
}

struct Exact {
    std::size_t row;
    std::vector<Id> ids;
};

std::vector<Exact> exact_answers(MatrixView<const float> vectors, const SweepOptions& options) {
    const FlatIndex flat = FlatIndex::view(vectors, options.metric);
    const std::size_t count = std::clamp<std::size_t>(options.queries, 1, vectors.rows());
    std::vector<Exact> answers;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = i * vectors.rows() / count;
        answers.push_back({row, flat.search(vectors.row(row), {.k = options.k}).ids});
    }
    return answers;
}

SweepPoint measure(MatrixView<const float> vectors, std::size_t trees, std::span<const Exact> truth,
                   const SweepOptions& options, const ProgressFn& progress) {
    SweepPoint point{.trees = trees};
    const Stopwatch building;
    ForestBuilder builder({.metric = options.metric, .dim = vectors.cols(), .seed = options.seed});
    builder.add(vectors, 0);
    builder.build(static_cast<int>(trees), options.threads, progress);
    const Forest forest = builder.forest();
    point.build_seconds = building.seconds();
    std::size_t found = 0;
    std::size_t wanted = 0;
    double searching = 0;
    for (const Exact& exact : truth) {
        const Stopwatch one;
        const Neighbors near =
            forest.search(vectors.row(exact.row), {.k = options.k, .search_k = options.search_k});
        searching += one.seconds();
        found += in_common(near.ids, exact.ids);
        wanted += exact.ids.size();
    }
    point.accuracy = wanted == 0 ? 0 : static_cast<double>(found) / static_cast<double>(wanted);
    point.query_seconds = searching / static_cast<double>(truth.size());
    return point;
}

}  // namespace

std::vector<SweepPoint> sweep_trees(MatrixView<const float> vectors, const SweepOptions& options,
                                    const ProgressFn& progress) {
    if (vectors.empty()) throw InvalidArgument("there are no vectors to index");
    const std::vector<std::size_t> counts = tree_counts(options);
    std::uint64_t all_trees = 0;
    for (const std::size_t trees : counts) all_trees += trees;
    const std::vector<Exact> truth = exact_answers(vectors, options);
    const Stopwatch watch;
    std::uint64_t grown = 0;
    std::vector<SweepPoint> points;
    for (const std::size_t trees : counts) {
        const std::string detail = fmt::format("{} trees", trees);
        const auto report = [&](const Progress& building) {
            if (!progress) return true;
            Progress now;
            now.stage = "tuning";
            now.detail = detail;
            const double part =
                building.total == 0 ? 0 : static_cast<double>(building.done) / static_cast<double>(building.total);
            now.done = grown + static_cast<std::uint64_t>(part * static_cast<double>(trees));
            now.total = all_trees;
            now.seconds = watch.seconds();
            if (now.done > 0) {
                now.seconds_left =
                    now.seconds * static_cast<double>(now.total - now.done) / static_cast<double>(now.done);
            }
            return progress(now);
        };
        points.push_back(measure(vectors, trees, truth, options, report));
        grown += trees;
        if (!report({})) throw Cancelled("interrupted");
    }
    return points;
}

std::string sweep_csv(std::span<const SweepPoint> points, std::size_t k) {
    std::string csv = fmt::format("num_trees,build_seconds,accuracy_at_{},query_seconds\n", k);
    for (const SweepPoint& point : points) {
        csv += fmt::format("{},{:.6f},{:.4f},{:.9f}\n", point.trees, point.build_seconds, point.accuracy,
                           point.query_seconds);
    }
    return csv;
}

std::string sweep_svg(std::span<const SweepPoint> points, std::size_t k, const std::string& caption) {
    Panel time{"Build time", "number of trees", "seconds", {}, {}};
    Panel accuracy{fmt::format("Accuracy at {}", k), "number of trees", "% of the exact neighbours", {}, {}};
    for (const SweepPoint& point : points) {
        time.x.push_back(static_cast<double>(point.trees));
        time.y.push_back(point.build_seconds);
        accuracy.x.push_back(static_cast<double>(point.trees));
        accuracy.y.push_back(point.accuracy * 100);
    }
    return plot_svg(caption, std::vector<Panel>{std::move(time), std::move(accuracy)});
}

}  // namespace kith::cli
