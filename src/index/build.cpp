#include <kith/build.hpp>

#include <kith/coded_forest.hpp>
#include <kith/error.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/graph.hpp>

#include "base/format.hpp"
#include "base/metric.hpp"
#include "index/graph/graph_data.hpp"
#include "kernel/nibble_rows.hpp"

namespace kith {
namespace {

// What exact search reads in about a quarter of a millisecond.
constexpr double kQuickBytes = 3e6;

// Dimensions from which a graph is faster than a coded forest. Measured at recall .95: it is not at 50, 100 and 300, it
// is at 784, but for images in whole numbers, where the two are close (bench/RESULTS.md).
constexpr std::size_t kGraphDim = 512;

constexpr int kForestTrees = 100;

// Bytes that an exact search reads: codes where there are some, else the vectors.
double scanned_bytes(std::size_t rows, std::size_t dim, Metric metric) noexcept {
    if (kernel::has_nibbles(metric, scalar_of(metric), rows, dim)) {
        return static_cast<double>(kernel::nibble_bytes(rows, dim));
    }
    return static_cast<double>(rows) * static_cast<double>(row_bytes(scalar_of(metric), dim));
}

Forest build_forest_of(MatrixView<const float> vectors, const BuildOptions& options, const ProgressFn& progress) {
    ForestBuilder builder(
        {.metric = options.metric, .dim = vectors.cols(), .seed = options.seed.value_or(kDefaultForestSeed)});
    builder.reserve(vectors.rows());
    builder.add(vectors, 0);
    builder.build(options.n_trees == 0 ? kForestTrees : options.n_trees, options.threads, progress);
    return builder.forest();
}

CodedForest build_coded_of(MatrixView<const float> vectors, const BuildOptions& options,
                           const ProgressFn& progress) {
    if (options.n_trees < 0) {
        throw InvalidArgument(formatted("n_trees is {}; a coded forest has at least 1 tree", options.n_trees));
    }
    CodedForestOptions coded{.metric = options.metric};
    if (options.seed) coded.seed = *options.seed;
    if (options.n_trees > 0) coded.n_trees = static_cast<std::size_t>(options.n_trees);
    coded.compress = options.compress;
    coded.threads = options.threads;
    return CodedForest::build(vectors, coded, progress);
}

GraphIndex build_graph_of(MatrixView<const float> vectors, const BuildOptions& options,
                          const ProgressFn& progress) {
    GraphOptions graph{.metric = options.metric};
    if (options.seed) graph.seed = *options.seed;
    graph.compress = options.compress;
    graph.threads = options.threads;
    return GraphIndex::build(vectors, graph, progress);
}

IndexKind kind_for(MatrixView<const float> vectors, const BuildOptions& options) {
    if (options.kind) return *options.kind;
    if (options.compress) return IndexKind::kCodedForest;
    return advise_kind(vectors.rows(), vectors.cols(), options.metric).kind;
}

}  // namespace

KindAdvice advise_kind(std::size_t rows, std::size_t dim, Metric metric) {
    const double bytes = scanned_bytes(rows, dim, metric);
    if (bytes <= kQuickBytes) {
        return {IndexKind::kFlat, formatted("exact search of {} vectors of {} dimensions reads {:.1f} MB, too "
                                            "little for an approximate index to save time worth having",
                                            rows, dim, bytes / 1e6)};
    }
    const bool walks = metric == Metric::kAngular || metric == Metric::kEuclidean;
    if (walks && dim >= kGraphDim && dim <= index::kMostGraphDim) {
        return {IndexKind::kGraph, formatted("exact search of {} vectors of {} dimensions would read {:.1f} MB; "
                                             "with so many dimensions a graph, which compares the fewest vectors, "
                                             "is fastest",
                                             rows, dim, bytes / 1e6)};
    }
    return {IndexKind::kCodedForest, formatted("exact search of {} vectors of {} dimensions would read {:.1f} MB; "
                                               "a coded forest reads the nearest leaves alone",
                                               rows, dim, bytes / 1e6)};
}

std::unique_ptr<Index> build_index(MatrixView<const float> vectors, const BuildOptions& options,
                                   const ProgressFn& progress) {
    const IndexKind kind = kind_for(vectors, options);
    if (options.compress && kind != IndexKind::kCodedForest && kind != IndexKind::kGraph) {
        throw InvalidArgument(
            formatted("compress is true for an index of kind '{}'; a coded forest or a graph can be", name(kind)));
    }
    switch (kind) {
        case IndexKind::kFlat: return std::make_unique<FlatIndex>(vectors, options.metric);
        case IndexKind::kForest: return std::make_unique<Forest>(build_forest_of(vectors, options, progress));
        case IndexKind::kCodedForest:
            return std::make_unique<CodedForest>(build_coded_of(vectors, options, progress));
        case IndexKind::kNone: throw InvalidArgument("kind 'none' is no index to build");
        case IndexKind::kDynamic:
            throw Unsupported("a dynamic index is made empty, as DynamicIndex, and grows by what is added");
        case IndexKind::kGraph: return std::make_unique<GraphIndex>(build_graph_of(vectors, options, progress));
    }
    throw Unsupported(formatted("this version of Kith cannot build an index of kind '{}'", name(kind)));
}

}  // namespace kith
