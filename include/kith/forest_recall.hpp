// Forests by the recall that is wanted instead of a number of trees.
//
//     const kith::ForestEffort effort = kith::build_for_recall(builder, 0.9);
//     builder.forest().search(query, {.k = 10});  // inspects effort.search_k candidates
#pragma once

#include <cstddef>
#include <cstdint>

#include <kith/forest.hpp>
#include <kith/progress.hpp>

namespace kith {

struct ForestEffort {
    int n_trees = 0;
    std::int64_t search_k = 0;  // the least, in steps of a fifth, that reaches the recall
    double recall = 0;          // measured with it
};

// Builds the trees that find `recall` (above 0, below 1) of the true k nearest with least effort, makes that effort the
// forest's default_search_k, and says which it is.
// Measured on up to 200 of the builder's own items, themselves left out, against exact search: vectors that are like
// them will see the same recall. Tries numbers of trees in steps of two, until twice as many save less than a fifth of
// the effort. The same items and seed give the same answer, whatever the number of threads. Throws InvalidArgument:
// recall out of range, fewer than 2 items, already built; Cancelled, after which the items are as before. A builder on
// disk writes its file anew for each number.
ForestEffort build_for_recall(ForestBuilder& builder, double recall, std::size_t k = 10, std::size_t threads = 0,
                              const ProgressFn& progress = {});

}  // namespace kith
