// Kith's side of bench/coded_forest_vs_annoy.py. Vectors are raw float32 files.
//
//     coded_forest_tool build METRIC DIM VECTORS OUT.kith THREADS
//     coded_forest_tool query METRIC DIM FILE.kith QUERIES RECALL
//     coded_forest_tool time METRIC DIM FILE.kith QUERIES RECALL
//
// build prints seconds and the bytes beside the vectors; query prints the ids of the ten neighbours of each query;
// time prints the seconds of answering all queries one after the other, after a first round that does not count.
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <kith/coded_forest.hpp>

namespace {

using Clock = std::chrono::steady_clock;

std::vector<float> read_floats(const char* path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) throw std::runtime_error(std::string("cannot open ") + path);
    std::vector<float> values(static_cast<std::size_t>(in.tellg()) / sizeof(float));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
    return values;
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void build(kith::Metric metric, std::size_t dim, std::span<char*> rest) {
    const std::vector<float> vectors = read_floats(rest[0]);
    const Clock::time_point start = Clock::now();
    const auto forest =
        kith::CodedForest::build({vectors.data(), vectors.size() / dim, dim},
                                 {.metric = metric, .threads = static_cast<std::size_t>(std::atoi(rest[2]))});
    std::printf("%g %zu\n", seconds_since(start), forest.overhead_bytes());
    forest.save(rest[1]);
}

void query(std::size_t dim, std::span<char*> rest, bool print) {
    const auto forest = kith::CodedForest::open(rest[0], {.prefault = true});
    const std::vector<float> queries = read_floats(rest[1]);
    const kith::SearchOptions options{.k = 10, .recall = std::atof(rest[2])};
    kith::Neighbors found;
    for (int round = 0; round < (print ? 1 : 2); ++round) {
        const Clock::time_point start = Clock::now();
        for (std::size_t first = 0; first < queries.size(); first += dim) {
            forest.search(std::span(queries).subspan(first, dim), options, found);
            if (!print) continue;
            for (const kith::Id id : found.ids) std::printf("%lld ", static_cast<long long>(id));
            std::printf("\n");
        }
        if (round == 1) std::printf("%g\n", seconds_since(start));
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
        if (argc != 7) throw std::runtime_error("see the head of bench/coded_forest_tool.cpp for the arguments");
        const std::string command = arguments[1];
        const auto dim = static_cast<std::size_t>(std::atoi(arguments[3]));
        if (command == "build") build(kith::parse_metric(arguments[2]), dim, arguments.subspan(4));
        if (command == "query") query(dim, arguments.subspan(4), true);
        if (command == "time") query(dim, arguments.subspan(4), false);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "coded_forest_tool: %s\n", error.what());
        return 1;
    }
}
