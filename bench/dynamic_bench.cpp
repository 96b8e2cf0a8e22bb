// A graph of which half was replaced beside one built of what is in it now. Needs the Fashion-MNIST images in the folder
// that KITH_DATA_DIR names. States recall@10 and what was built beside every speed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <kith/dynamic.hpp>
#include <kith/flat.hpp>
#include <kith/graph.hpp>
#include <kith/vector_formats.hpp>

namespace {

constexpr std::size_t kItems = 20000;
constexpr std::size_t kHalf = kItems / 2;
constexpr std::size_t kBatch = 500;
constexpr std::size_t kQueries = 1000;
constexpr kith::Metric kMetric = kith::Metric::kEuclidean;

std::string in_data(const std::string& name) {
    const char* const folder = std::getenv("KITH_DATA_DIR");
    if (folder == nullptr) throw std::runtime_error("KITH_DATA_DIR must name the folder of " + name);
    return std::string(folder) + "/" + name;
}

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<kith::Id> ids_from(std::size_t first, std::size_t count) {
    std::vector<kith::Id> ids(count);
    std::iota(ids.begin(), ids.end(), static_cast<kith::Id>(first));
    return ids;
}

// Images kHalf to kHalf + kItems, by way of images 0 to kItems.
struct Sets {
    kith::Matrix images = kith::read_matrix(in_data("train-images-idx3-ubyte.gz"), {.limit = kItems + kHalf});
    kith::Matrix queries = kith::read_matrix(in_data("t10k-images-idx3-ubyte.gz"), {.limit = kQueries});
    kith::MatrixView<const float> left = static_cast<const kith::Matrix&>(images).view().slice(kHalf, kItems);
    kith::NeighborTable truth =
        kith::FlatIndex::view(left, kMetric).search_batch(static_cast<const kith::Matrix&>(queries).view());
    kith::GraphIndex fresh = kith::GraphIndex::build(left, {.metric = kMetric});
    kith::DynamicIndex replaced{784, {.graph = {.metric = kMetric}}};
    kith::DynamicIndex compacted{784, {.graph = {.metric = kMetric}}};
    double added_a_second = 0;

    Sets() {
        const auto view = static_cast<const kith::Matrix&>(images).view();
        const double start = now();
        replaced.add(view.slice(0, kItems));
        for (std::size_t first = 0; first < kHalf; first += kBatch) {
            replaced.remove(ids_from(first, kBatch));
            replaced.add(view.slice(kItems + first, kBatch));
        }
        added_a_second = static_cast<double>(kItems + kHalf) / (now() - start);
        compacted.add(left, ids_from(kHalf, kItems));
        compacted.compact();
        if (replaced.count() != kItems || compacted.n_graphs() != 1) throw std::runtime_error("items were lost");
    }

    // Ids of `index` begin at `first`.
    [[nodiscard]] double recall(const kith::Index& index, kith::Id first, double wanted) const {
        const auto found = index.search_batch(queries.view(), {.k = 10, .recall = wanted});
        std::size_t hits = 0;
        for (std::size_t i = 0; i < kQueries; ++i) {
            for (const kith::Id id : truth.row_ids(i)) {
                hits += std::ranges::count(found.row_ids(i), id + first) > 0 ? 1 : 0;
            }
        }
        return static_cast<double>(hits) / static_cast<double>(kQueries * 10);
    }
};

const Sets& sets() {
    static const Sets all;
    return all;
}

// The argument is the recall asked for, in thousandths.
void search(benchmark::State& state, const kith::Index& index, kith::Id first) {
    const double wanted = static_cast<double>(state.range(0)) / 1000;
    state.counters["recall"] = sets().recall(index, first, wanted);
    kith::Neighbors out;
    std::size_t i = 0;
    for ([[maybe_unused]] auto each : state) {
        index.search(sets().queries.row(i++ % kQueries), {.k = 10, .recall = wanted}, out);
        benchmark::DoNotOptimize(out.ids.data());
    }
    state.SetItemsProcessed(state.iterations());
}

void fresh(benchmark::State& state) {
    search(state, sets().fresh, 0);
}

void replaced(benchmark::State& state) {
    search(state, sets().replaced, kHalf);
    state.counters["graphs"] = static_cast<double>(sets().replaced.n_graphs());
    state.counters["waiting"] = static_cast<double>(sets().replaced.buffered());
    state.counters["added/s"] = sets().added_a_second;
}

void compacted(benchmark::State& state) {
    search(state, sets().compacted, kHalf);
}

BENCHMARK(fresh)->Arg(900)->Arg(950)->Arg(990);
BENCHMARK(replaced)->Arg(900)->Arg(950)->Arg(990);
BENCHMARK(compacted)->Arg(900)->Arg(950)->Arg(990);

}  // namespace
