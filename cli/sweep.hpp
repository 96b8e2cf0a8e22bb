// The tutorial's experiment: what more trees cost in build time and bring in accuracy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <kith/matrix.hpp>
#include <kith/progress.hpp>
#include <kith/types.hpp>

namespace kith::cli {

struct SweepOptions {
    std::size_t first = 1;
    std::size_t last = 300;  // inclusive when the steps meet it
    std::size_t step = 10;
    std::size_t k = 100;
    // The queries are rows, the first being row 0 and the others spread evenly.
    std::size_t queries = 1;
    std::int64_t search_k = -1;
    Metric metric = Metric::kAngular;
    std::uint64_t seed = 0;
    std::size_t threads = 0;
};

struct SweepPoint {
    std::size_t trees = 0;
    double build_seconds = 0;
    double query_seconds = 0;  // mean
    double accuracy = 0;       // share of the k exact neighbours found, mean over the queries
};

// Builds one forest after the other over all rows. Progress stage "tuning", in trees grown.
// Throws InvalidArgument: no rows, an empty range, step 0; Cancelled.
[[nodiscard]] std::vector<SweepPoint> sweep_trees(MatrixView<const float> vectors, const SweepOptions& options,
                                                  const ProgressFn& progress);

// "num_trees,build_seconds,accuracy_at_100,query_seconds" and one line per point.
[[nodiscard]] std::string sweep_csv(std::span<const SweepPoint> points, std::size_t k);

// Two panels: build time and accuracy against the number of trees.
[[nodiscard]] std::string sweep_svg(std::span<const SweepPoint> points, std::size_t k, const std::string& caption);

}  // namespace kith::cli
