// Building an index without knowing the kinds there are.
//
//     const auto index = kith::build_index(vectors, {.metric = kith::Metric::kAngular});
//     const kith::Neighbors near = index->search(query, {.k = 10, .recall = 0.95});
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <kith/index.hpp>
#include <kith/matrix.hpp>
#include <kith/progress.hpp>
#include <kith/types.hpp>

namespace kith {

// A kind of index, and the reason for it in a sentence.
struct KindAdvice {
    IndexKind kind = IndexKind::kFlat;
    std::string why;
};

// What suits so many vectors: exact search where it takes about a quarter of a millisecond or less, else the fastest
// index that finds 95 of 100 neighbours.
[[nodiscard]] KindAdvice advise_kind(std::size_t rows, std::size_t dim, Metric metric);

struct BuildOptions {
    // Behaviour.
    Metric metric = Metric::kAngular;

    // None: what advise_kind() says.
    std::optional<IndexKind> kind = {};

    // The same vectors, options and seed give the same index, whatever the number of threads. None: the kind's own.
    std::optional<std::uint64_t> seed = {};

    // Trees (kForest: 100, kCodedForest: 1); 0 means as many as that.
    int n_trees = 0;

    // Performance: 8 bits of an element are kept (CodedForestOptions::compress). kCodedForest, which is what an index
    // without a kind becomes then, and kGraph.
    bool compress = false;

    // Performance: 0 means one per core.
    std::size_t threads = 0;
};

// Copies `vectors`; ids are row numbers. Throws InvalidArgument as the kind's own builder, and for kNone; Unsupported
// for a kind that this version cannot build; Cancelled.
[[nodiscard]] std::unique_ptr<Index> build_index(MatrixView<const float> vectors, const BuildOptions& options = {},
                                                 const ProgressFn& progress = {});

}  // namespace kith
