// Builds a forest over random vectors, asks it for neighbours, and compares them with the exact ones.
#include <cstdio>
#include <random>

#include <kith/kith.hpp>

int main() {
    constexpr std::size_t kItems = 2000;
    constexpr std::size_t kDim = 20;
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    kith::Matrix vectors(kItems, kDim);
    for (std::size_t i = 0; i < kItems; ++i) {
        for (float& x : vectors.row(i)) x = normal(random);
    }

    kith::ForestOptions options;
    options.metric = kith::Metric::kAngular;
    options.dim = kDim;
    kith::ForestBuilder builder(options);
    builder.add(vectors.view(), 0);
    builder.build(20);
    const kith::Forest forest = builder.forest();
    const kith::FlatIndex exact = kith::FlatIndex::view(vectors.view(), options.metric);

    // More effort (search_k) finds more of the true neighbours and takes longer.
    for (const std::int64_t search_k : {100, 1000, 10'000}) {
        kith::SearchOptions search;
        search.k = 10;
        search.search_k = search_k;
        const kith::NeighborTable found = forest.search_batch(vectors.view().slice(0, 100), search);
        const kith::NeighborTable truth = exact.search_batch(vectors.view().slice(0, 100), search);
        std::printf("search_k %5lld: recall@10 %.3f\n", static_cast<long long>(search_k),
                    kith::recall_at_k(found, truth, 10));
    }

    const kith::Neighbors near = forest.search_item(0, {.k = 3});
    for (std::size_t i = 0; i < near.size(); ++i) {
        std::printf("item %lld at distance %.3f\n", static_cast<long long>(near.ids[i]), near.distances[i]);
    }
    return near.size() == 3 && near.ids[0] == 0 ? 0 : 1;
}
