// Saves a forest in Annoy's format, maps it back, and searches it. Mapping takes the same time whatever the size of
// the file, and processes that map one file share its memory.
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <kith/kith.hpp>

int main() {
    constexpr std::size_t kDim = 16;
    const std::string path = (std::filesystem::temp_directory_path() / "kith_search_mapped.ann").string();

    kith::ForestOptions options;
    options.metric = kith::Metric::kEuclidean;
    options.dim = kDim;
    kith::ForestBuilder builder(options);
    std::mt19937 random(2);
    std::normal_distribution<float> normal;
    std::vector<float> vector(kDim);
    for (kith::Id id = 0; id < 1000; ++id) {
        for (float& x : vector) x = normal(random);
        builder.add(id, vector);
    }
    builder.build(10);
    builder.save_annoy(path);  // atomically: there is never half a file at `path`

    // The format does not say its metric and dimension. A .kith file does: Forest::save and open_index.
    const kith::Forest forest = kith::Forest::open_annoy(path, kith::Metric::kEuclidean, kDim);
    const kith::Neighbors near = forest.search(vector, {.k = 5});
    for (std::size_t i = 0; i < near.size(); ++i) {
        std::printf("item %lld at distance %.3f\n", static_cast<long long>(near.ids[i]), near.distances[i]);
    }
    std::filesystem::remove(path);

    // A wrong dimension is refused, with what was found and what would fit.
    try {
        (void)forest.search(std::vector<float>(kDim + 1));
        return 1;
    } catch (const kith::InvalidArgument& error) {
        std::printf("refused: %s\n", error.what());
    }
    return near.size() == 5 && near.ids[0] == 999 ? 0 : 1;
}
