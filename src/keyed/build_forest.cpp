#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

namespace kith {

Forest build_forest(const KeyedVectors& vectors, int n_trees, std::size_t threads, std::uint64_t seed,
                    const ProgressFn& progress) {
    if (vectors.empty()) throw InvalidArgument("there are no vectors to build a forest over");
    ForestBuilder builder({.metric = Metric::kAngular, .dim = vectors.dim(), .seed = seed});
    builder.add(vectors.vectors(), 0);
    builder.build(n_trees, threads, progress);
    return builder.forest();
}

}  // namespace kith
