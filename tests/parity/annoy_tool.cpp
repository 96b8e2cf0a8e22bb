// Kith's side of the parity tests with Annoy: builds and asks .ann files. Vectors are raw float32 files.
//
//     annoy_tool build METRIC DIM VECTORS TREES OUT.ann LAYOUT [FIRST_ID [STEP]]
//     annoy_tool query METRIC DIM FILE.ann VECTORS K SEARCH_K LAYOUT
//     annoy_tool items METRIC DIM FILE.ann STEP K SEARCH_K LAYOUT
//     annoy_tool time_build METRIC DIM VECTORS TREES OUT.ann THREADS [SEED]
//     annoy_tool disk_build METRIC DIM VECTORS TREES OUT.ann THREADS
//     annoy_tool time_query METRIC DIM FILE.ann VECTORS K SEARCH_K REPETITIONS
//
// Queries print one line each: id distance id distance …; items asks every STEP-th item. LAYOUT is auto, release or
// head. disk_build, for bench/forest_memory_limit.py, reads vectors block by block, builds in the file and prints seconds
// of adding and of building. time_build and time_query serve bench/forest_vs_annoy.py and print seconds: of adding and of building, then the most bytes
// resident while building and those of the index; of answering all queries one after the other, once for each
// repetition, after a first round that does not count.
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <kith/forest.hpp>

namespace {

using Arguments = std::span<char*>;

std::vector<float> read_floats(const char* path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) throw std::runtime_error(std::string("cannot open ") + path);
    std::vector<float> values(static_cast<std::size_t>(in.tellg()) / sizeof(float));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
    return values;
}

kith::DotLayout parse_layout(const std::string& text) {
    if (text == "release") return kith::DotLayout::kRelease;
    return text == "head" ? kith::DotLayout::kHead : kith::DotLayout::kAuto;
}

void print(const kith::Neighbors& found) {
    for (std::size_t i = 0; i < found.size(); ++i) {
        std::printf("%lld %.9g ", static_cast<long long>(found.ids[i]), static_cast<double>(found.distances[i]));
    }
    std::printf("\n");
}

void build(kith::Metric metric, std::size_t dim, Arguments rest) {
    const std::vector<float> vectors = read_floats(rest[0]);
    kith::ForestBuilder builder({.metric = metric, .dim = dim, .dot_layout = parse_layout(rest[3])});
    const long long first = rest.size() > 4 ? std::atoll(rest[4]) : 0;
    const long long step = rest.size() > 5 ? std::atoll(rest[5]) : 1;
    for (std::size_t i = 0; i < vectors.size() / dim; ++i) {
        builder.add(first + static_cast<long long>(i) * step, std::span(vectors).subspan(i * dim, dim));
    }
    builder.build(std::atoi(rest[1]));
    builder.save_annoy(rest[2]);
}

void query(const kith::Forest& forest, Arguments rest) {
    const std::vector<float> vectors = read_floats(rest[0]);
    const kith::SearchOptions options{static_cast<std::size_t>(std::atoll(rest[1])), std::atoll(rest[2])};
    for (std::size_t i = 0; i < vectors.size() / forest.dim(); ++i) {
        print(forest.search(std::span(vectors).subspan(i * forest.dim(), forest.dim()), options));
    }
}

void items(const kith::Forest& forest, Arguments rest) {
    const kith::SearchOptions options{static_cast<std::size_t>(std::atoll(rest[1])), std::atoll(rest[2])};
    for (std::size_t id = 0; id < forest.size(); id += static_cast<std::size_t>(std::atoll(rest[0]))) {
        print(forest.search_item(static_cast<kith::Id>(id), options));
    }
}

class Stopwatch {
public:
    [[nodiscard]] double lap() {
        const auto before = std::exchange(last_, std::chrono::steady_clock::now());
        return std::chrono::duration<double>(last_ - before).count();
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// The most memory that was resident since the last call with `reset`; 0 where the system does not tell.
std::size_t peak_bytes(bool reset) {
    if (reset) std::ofstream("/proc/self/clear_refs") << 5;
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        std::size_t kilobytes = 0;
        if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
    }
    return 0;
}

void time_build(kith::Metric metric, std::size_t dim, Arguments rest) {
    std::vector<float> vectors = read_floats(rest[0]);
    kith::ForestBuilder builder({.metric = metric, .dim = dim});
    if (rest.size() > 4) builder.set_seed(std::strtoull(rest[4], nullptr, 10));
    Stopwatch watch;
    builder.add(kith::MatrixView<const float>(vectors.data(), vectors.size() / dim, dim), 0);
    const double adding = watch.lap();
    std::vector<float>().swap(vectors);
    (void)peak_bytes(true);
    (void)watch.lap();
    builder.build(std::atoi(rest[1]), static_cast<std::size_t>(std::atoll(rest[3])));
    const double building = watch.lap();
    const kith::Forest forest = builder.forest();
    std::printf("%.6f %.6f %zu %zu\n", adding, building, peak_bytes(false), forest.n_nodes() * forest.node_bytes());
    builder.save_annoy(rest[2]);
}

void disk_build(kith::Metric metric, std::size_t dim, Arguments rest) {
    constexpr std::size_t kBlock = 4096;
    std::ifstream in(rest[0], std::ios::binary);
    if (!in) throw std::runtime_error(std::string("cannot open ") + rest[0]);
    kith::ForestBuilder builder({.metric = metric, .dim = dim}, rest[2]);
    std::vector<float> block(kBlock * dim);
    Stopwatch watch;
    for (long long first = 0; in; first += static_cast<long long>(kBlock)) {
        in.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(block.size() * sizeof(float)));
        const std::size_t rows = static_cast<std::size_t>(in.gcount()) / sizeof(float) / dim;
        builder.add(kith::MatrixView<const float>(block.data(), rows, dim), first);
    }
    const double adding = watch.lap();
    builder.build(std::atoi(rest[1]), static_cast<std::size_t>(std::atoll(rest[3])));
    std::printf("%.6f %.6f\n", adding, watch.lap());
}

void time_query(kith::Metric metric, std::size_t dim, Arguments rest) {
    const kith::Forest forest = kith::Forest::open_annoy(rest[0], metric, dim, {.prefault = true});
    const std::vector<float> vectors = read_floats(rest[1]);
    const kith::SearchOptions options{static_cast<std::size_t>(std::atoll(rest[2])), std::atoll(rest[3])};
    kith::Neighbors found;
    const auto round = [&] {
        for (std::size_t i = 0; i < vectors.size() / dim; ++i) {
            forest.search(std::span(vectors).subspan(i * dim, dim), options, found);
        }
    };
    round();
    Stopwatch watch;
    for (int i = 0; i < std::atoi(rest[4]); ++i) {
        round();
        std::printf("%.6f ", watch.lap());
    }
    std::printf("\n");
}

void run(Arguments arguments) {
    if (arguments.size() < 8) throw std::runtime_error("too few arguments; see the head of annoy_tool.cpp");
    const std::string command = arguments[1];
    const kith::Metric metric = kith::parse_metric(arguments[2]);
    const auto dim = static_cast<std::size_t>(std::atoll(arguments[3]));
    if (command == "build") return build(metric, dim, arguments.subspan(4));
    if (command == "time_build") return time_build(metric, dim, arguments.subspan(4));
    if (command == "disk_build") return disk_build(metric, dim, arguments.subspan(4));
    if (command == "time_query") return time_query(metric, dim, arguments.subspan(4));
    const kith::DotLayout layout = parse_layout(arguments[8]);
    const kith::Forest forest = kith::Forest::open_annoy(arguments[4], metric, dim, {.dot_layout = layout});
    forest.verify();
    std::printf("%zu %zu\n", forest.size(), forest.n_trees());
    command == "query" ? query(forest, arguments.subspan(5)) : items(forest, arguments.subspan(5));
}

}  // namespace

int main(int argc, char** argv) {
    try {
        run(Arguments(argv, static_cast<std::size_t>(argc)));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
