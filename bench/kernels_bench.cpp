// Every kernel of every instruction set against a plain loop and against how fast this machine reads memory. First
// checks each against double precision, then times it, then prints one table per metric and element type.
//   kernels_bench [--benchmark_filter=angular/float32] [other flags of Google Benchmark]
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <kith/distance.hpp>

#include "kernel/select.hpp"
#include "kernel/support.hpp"

namespace kith {
namespace {

using kernel::DistanceKernels;
using kernel::Support;
using kernel::Table;

constexpr std::size_t kDims[] = {25, 50, 100, 128, 300, 768, 784};
constexpr std::size_t kMemory = std::size_t{1} << 30;  // no cache holds it
constexpr std::size_t kCached = std::size_t{1} << 18;  // a core's second-level cache does
constexpr std::size_t kChunk = std::size_t{1} << 24;   // of memory, at a time
constexpr double kSeconds = 0.02;

std::size_t elements(Scalar scalar, std::size_t dim) {
    return scalar == Scalar::kBits ? (dim + 63) / 64 : dim;
}

template <class T>
T value(const void* row, std::size_t i) {
    T x;
    std::memcpy(&x, static_cast<const unsigned char*>(row) + i * sizeof x, sizeof x);
    return x;
}

double widen(float x) {
    return x;
}
double widen(Half x) {
    return to_float(x);
}
double widen(std::int8_t x) {
    return x;
}
double widen(std::uint8_t x) {
    return x;
}

// The plain loop: what one writes without thinking of the machine. Sum is float as in the kernels, or double.
template <class T, class Sum>
Sum plain(Metric metric, const void* x, const void* y, std::size_t n) {
    Sum dot = 0, xx = 0, yy = 0, sum = 0;
    switch (metric) {
        case Metric::kAngular:
            for (std::size_t i = 0; i < n; ++i) {
                const auto a = static_cast<Sum>(widen(value<T>(x, i)));
                const auto b = static_cast<Sum>(widen(value<T>(y, i)));
                dot += a * b;
                xx += a * a;
                yy += b * b;
            }
            return 2 - 2 * dot / std::sqrt(xx * yy);
        case Metric::kEuclidean:
            for (std::size_t i = 0; i < n; ++i) {
                const auto d = static_cast<Sum>(widen(value<T>(x, i))) - static_cast<Sum>(widen(value<T>(y, i)));
                sum += d * d;
            }
            return sum;
        case Metric::kManhattan:
            for (std::size_t i = 0; i < n; ++i) {
                sum += std::abs(static_cast<Sum>(widen(value<T>(x, i))) - static_cast<Sum>(widen(value<T>(y, i))));
            }
            return sum;
        case Metric::kDot:
            for (std::size_t i = 0; i < n; ++i) {
                dot += static_cast<Sum>(widen(value<T>(x, i))) * static_cast<Sum>(widen(value<T>(y, i)));
            }
            return -dot;
        case Metric::kHamming: break;
    }
    return 0;
}

template <class Sum>
Sum plain(Support pair, const void* x, const void* y, std::size_t n) {
    switch (pair.scalar) {
        case Scalar::kFloat32: return plain<float, Sum>(pair.metric, x, y, n);
        case Scalar::kFloat16: return plain<Half, Sum>(pair.metric, x, y, n);
        case Scalar::kInt8: return plain<std::int8_t, Sum>(pair.metric, x, y, n);
        case Scalar::kUint8: return plain<std::uint8_t, Sum>(pair.metric, x, y, n);
        case Scalar::kBits: break;
    }
    int bits = 0;
    for (std::size_t i = 0; i < n; ++i)
        bits += std::popcount(value<std::uint64_t>(x, i) ^ value<std::uint64_t>(y, i));
    return static_cast<Sum>(bits);
}

typedef std::uint64_t Wide __attribute__((vector_size(64)));

// Reads every byte and does as little as can be with it.
#if defined(__x86_64__)
[[gnu::target_clones("avx512f", "avx2", "default")]]
#endif
std::uint64_t
read_all(const unsigned char* data, std::size_t bytes) {
    Wide sums[4] = {};
    for (std::size_t at = 0; at + 256 <= bytes; at += 256) {
        Wide x[4];
        std::memcpy(x, data + at, sizeof x);
        sums[0] ^= x[0];
        sums[1] ^= x[1];
        sums[2] ^= x[2];
        sums[3] ^= x[3];
    }
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < 8; ++i) sum ^= sums[0][i] ^ sums[1][i] ^ sums[2][i] ^ sums[3][i];
    return sum;
}

// GB/s of the best of several passes, in processor time as Google Benchmark counts it.
double read_speed(const unsigned char* data, std::size_t bytes, std::size_t passes) {
    double best = 0;
    for (std::size_t round = 0; round < 7; ++round) {
        const std::clock_t start = std::clock();
        for (std::size_t pass = 0; pass < passes; ++pass) benchmark::DoNotOptimize(read_all(data, bytes));
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        best = std::max(best, static_cast<double>(bytes * passes) * 1e-9 / seconds);
    }
    return best;
}

// One gigabyte of plausible elements of one type at a time.
class Data {
public:
    Data() : bytes_(new unsigned char[kMemory]), query_(8192) {}

    void fill(Scalar scalar) {
        if (filled_ && scalar_ == scalar) return;
        filled_ = true;
        scalar_ = scalar;
        std::mt19937_64 random(1);
        std::normal_distribution<float> normal;
        constexpr std::size_t kPattern = std::size_t{1} << 20;
        std::vector<unsigned char> pattern(kPattern);
        for (std::size_t at = 0; at < kPattern; at += 4) {
            std::uint32_t four = static_cast<std::uint32_t>(random());
            if (scalar == Scalar::kFloat32) four = std::bit_cast<std::uint32_t>(normal(random));
            if (scalar == Scalar::kFloat16) {
                four = to_half(normal(random)).bits | std::uint32_t{to_half(normal(random)).bits} << 16;
            }
            std::memcpy(&pattern[at], &four, 4);
        }
        for (std::size_t at = 0; at < kMemory; at += kPattern) std::memcpy(&bytes_[at], pattern.data(), kPattern);
        std::memcpy(query_.data(), &pattern[kPattern / 2], query_.size());
    }
    [[nodiscard]] const unsigned char* bytes() const { return bytes_.get(); }
    [[nodiscard]] const unsigned char* query() const { return query_.data(); }

private:
    std::unique_ptr<unsigned char[]> bytes_;
    std::vector<unsigned char> query_;
    bool filled_ = false;
    Scalar scalar_ = Scalar::kFloat32;
};

Data& data() {
    static Data one;
    return one;
}

struct Case {
    Support pair;
    std::size_t dim;
    [[nodiscard]] std::size_t n() const { return elements(pair.scalar, dim); }
    [[nodiscard]] std::size_t bytes() const { return row_bytes(pair.scalar, dim); }
};

std::string verify(const Table& table, const Case& c) {
    data().fill(c.pair.scalar);
    std::array<float, 64> got;
    table.of(c.pair.metric, c.pair.scalar)
        .scan(data().query(), data().bytes(), c.bytes(), got.size(), c.n(), got.data());
    const double self = std::abs(plain<double>(c.pair, data().query(), data().query(), c.n()));  // dot: large
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double want = plain<double>(c.pair, data().query(), data().bytes() + i * c.bytes(), c.n());
        const double scale = std::max(std::abs(want), self);
        if (std::abs(got[i] - want) > 1e-5 * (1 + scale)) {
            return fmt::format("{} {}/{} {}: row {} is {}, should be {}", table.name, name(c.pair.metric),
                               name(c.pair.scalar), c.dim, i, got[i], want);
        }
    }
    return {};
}

void report(benchmark::State& state, std::size_t rows, std::size_t bytes) {
    const auto done = static_cast<double>(state.iterations()) * static_cast<double>(rows);
    state.counters["rows"] = benchmark::Counter(done, benchmark::Counter::kIsRate);
    state.counters["bytes"] = benchmark::Counter(done * static_cast<double>(bytes), benchmark::Counter::kIsRate);
}

void time_plain(benchmark::State& state, const Case& c) {
    data().fill(c.pair.scalar);
    const std::size_t rows = kCached / c.bytes() / 8;
    for (auto _ : state) {
        for (std::size_t i = 0; i < rows; ++i) {
            benchmark::DoNotOptimize(plain<float>(c.pair, data().query(), data().bytes() + i * c.bytes(), c.n()));
        }
    }
    report(state, rows, c.bytes());
}

void time_cached(benchmark::State& state, const DistanceKernels& kernels, const Case& c) {
    data().fill(c.pair.scalar);
    const std::size_t rows = kCached / c.bytes();
    std::vector<float> out(rows);
    for (auto _ : state) {
        kernels.scan(data().query(), data().bytes(), c.bytes(), rows, c.n(), out.data());
        benchmark::ClobberMemory();
    }
    report(state, rows, c.bytes());
}

void time_pairs(benchmark::State& state, const DistanceKernels& kernels, const Case& c) {
    data().fill(c.pair.scalar);
    const std::size_t rows = kCached / c.bytes();
    for (auto _ : state) {
        for (std::size_t i = 0; i < rows; ++i) {
            benchmark::DoNotOptimize(kernels.pair(data().query(), data().bytes() + i * c.bytes(), c.n()));
        }
    }
    report(state, rows, c.bytes());
}

void time_memory(benchmark::State& state, const DistanceKernels& kernels, const Case& c) {
    data().fill(c.pair.scalar);
    const std::size_t rows = kChunk / c.bytes();
    std::vector<float> out(rows);
    static std::size_t at = 0;  // goes on where the last measurement stopped
    for (auto _ : state) {
        kernels.scan(data().query(), data().bytes() + at, c.bytes(), rows, c.n(), out.data());
        at = (at + kChunk) % kMemory;
    }
    report(state, rows, c.bytes());
}

void time_gather(benchmark::State& state, const DistanceKernels& kernels, const Case& c) {
    data().fill(c.pair.scalar);
    constexpr std::size_t kRows = 4096;
    static std::mt19937 random(2);
    std::uniform_int_distribution<std::uint32_t> any(0, static_cast<std::uint32_t>(kMemory / c.bytes() - 1));
    std::vector<std::uint32_t> rows(kRows * 64);
    for (auto& row : rows) row = any(random);
    std::vector<float> out(kRows);
    std::size_t turn = 0;
    for (auto _ : state) {
        kernels.gather(data().query(), data().bytes(), c.bytes(), &rows[turn++ % 64 * kRows], kRows, c.n(),
                       out.data());
        benchmark::ClobberMemory();
    }
    report(state, kRows, c.bytes());
}

struct Figure {
    double nanoseconds = 0;  // per row
    double gigabytes = 0;    // per second
};

// How fast one thread reads, in GB/s.
struct Speed {
    double memory;
    double cache;
};

// Keeps the best of the repetitions: what disturbs a measurement only ever makes it slower.
class Collector : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            const auto rows = run.counters.find("rows");
            if (run.run_type != Run::RT_Iteration || run.error_occurred || rows == run.counters.end()) continue;
            Figure& figure = figures_[run.run_name.function_name];
            if (rows->second.value * figure.nanoseconds < 1e9 && figure.nanoseconds != 0) continue;
            figure = {1e9 / rows->second.value, run.counters.at("bytes").value * 1e-9};
        }
    }
    [[nodiscard]] const Figure* find(const std::string& key) const {
        const auto found = figures_.find(key);
        return found == figures_.end() ? nullptr : &found->second;
    }

private:
    std::map<std::string, Figure> figures_;
};

std::string key(const Case& c, std::string_view who, std::string_view what) {
    return fmt::format("{}/{}/{}/{}/{}", name(c.pair.metric), name(c.pair.scalar), c.dim, who, what);
}

void register_all() {
    const auto add = [](const std::string& name, auto function) {
        benchmark::RegisterBenchmark(name.c_str(), function)
            ->MinTime(kSeconds)
            ->Repetitions(3)
            ->Unit(benchmark::kMicrosecond);
    };
    // Ordered so that each element type is filled in once.
    std::vector<Support> pairs(std::begin(kernel::kSupport), std::end(kernel::kSupport));
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Support& a, const Support& b) { return a.scalar < b.scalar; });
    for (const Support& pair : pairs) {
        for (const std::size_t dim : kDims) {
            const Case c{pair, dim};
            add(key(c, "plain", "cache"), [c](benchmark::State& state) { time_plain(state, c); });
            for (const Table* const table : kernel::available()) {
                const DistanceKernels& k = table->of(pair.metric, pair.scalar);
                add(key(c, table->name, "cache"), [c, &k](benchmark::State& state) { time_cached(state, k, c); });
                add(key(c, table->name, "pairs"), [c, &k](benchmark::State& state) { time_pairs(state, k, c); });
                add(key(c, table->name, "memory"), [c, &k](benchmark::State& state) { time_memory(state, k, c); });
                add(key(c, table->name, "gather"), [c, &k](benchmark::State& state) { time_gather(state, k, c); });
            }
        }
    }
}

// One row per dimension. For each set: nanoseconds per row scanned in cache, then GB/s scanned in memory and their
// share of the speed of reading it. For the best set also one pair at a time, scans in cache and scattered rows.
void print_pair(const Collector& figures, Support pair, Speed read) {
    std::string rows;
    for (const std::size_t dim : kDims) {
        const Case c{pair, dim};
        const auto get = [&](const char* who, const char* what) { return figures.find(key(c, who, what)); };
        const Figure* const loop = get("plain", "cache");
        if (loop == nullptr) continue;
        rows += fmt::format("| {} | {:.1f} |", dim, loop->nanoseconds);
        for (const Table* const table : kernel::available()) {
            const Figure* const cached = get(table->name, "cache");
            const Figure* const memory = get(table->name, "memory");
            if (cached == nullptr || memory == nullptr) continue;
            rows += fmt::format(" {:.1f} ns, {:.1f} GB/s ({:.0f}%) |", cached->nanoseconds, memory->gigabytes,
                                100 * memory->gigabytes / read.memory);
        }
        const char* const best = kernel::available().front()->name;
        const Figure* const pairs = get(best, "pairs");
        const Figure* const cached = get(best, "cache");
        const Figure* const gather = get(best, "gather");
        if (pairs == nullptr || cached == nullptr || gather == nullptr) continue;
        rows += fmt::format(" {:.1f}x | {:.1f} ns | {:.1f} GB/s ({:.0f}%) | {:.1f} GB/s ({:.0f}%) |\n",
                            loop->nanoseconds / cached->nanoseconds, pairs->nanoseconds, cached->gigabytes,
                            100 * cached->gigabytes / read.cache, gather->gigabytes,
                            100 * gather->gigabytes / read.memory);
    }
    if (rows.empty()) return;
    std::string sets;
    std::string rule;
    for (const Table* const table : kernel::available()) {
        sets += fmt::format(" {} |", table->name);
        rule += "--:|";
    }
    fmt::print(
        "\n### {} on {}\n\n| dim | plain, ns |{} best against plain | one pair | scan in cache | gather |\n"
        "|--:|--:|{}--:|--:|--:|--:|\n{}",
        name(pair.metric), name(pair.scalar), sets, rule, rows);
}

int run(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    for (const Support& pair : kernel::kSupport) {
        for (const std::size_t dim : kDims) {
            for (const Table* const table : kernel::available()) {
                if (const std::string wrong = verify(*table, {pair, dim}); !wrong.empty()) {
                    fmt::print("WRONG: {}\n", wrong);
                    return 1;
                }
            }
        }
    }
    data().fill(Scalar::kFloat32);
    const Speed read{read_speed(data().bytes(), kMemory, 1), read_speed(data().bytes(), kCached, 4096)};
    register_all();
    Collector figures;
    benchmark::RunSpecifiedBenchmarks(&figures);
    fmt::print(
        "Every kernel agrees with double precision. One thread reads {:.1f} GB/s from memory (1 GiB in order) "
        "and {:.1f} GB/s from its second-level cache (256 KiB).\n",
        read.memory, read.cache);
    for (const Support& pair : kernel::kSupport) print_pair(figures, pair, read);
    return 0;
}

}  // namespace
}  // namespace kith

int main(int argc, char** argv) {
    return kith::run(argc, argv);
}
