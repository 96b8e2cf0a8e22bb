// Adding an array beside a plain copy of it into fresh memory, of ordinary and of huge pages, which is the most that an
// index could reach. Each index is first asked for what was added.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include <kith/flat.hpp>
#include <kith/forest.hpp>

#include "storage/region.hpp"

namespace {

// Rows of about the same bytes: as GloVe 6B 50d has them, and as many of 784 dimensions.
const kith::Matrix& rows_of(std::size_t dim) {
    static const auto made = [](std::size_t count, std::size_t columns) {
        kith::Matrix rows(count, columns);
        std::minstd_rand random(1);
        std::uniform_real_distribution<float> number(-1, 1);
        std::generate_n(rows.data(), count * columns, [&] { return number(random); });
        return rows;
    };
    static const kith::Matrix narrow = made(398'000, 50);
    static const kith::Matrix wide = made(25'000, 784);
    return dim == 50 ? narrow : wide;
}

std::size_t bytes_of(const kith::Matrix& rows) {
    return rows.rows() * rows.cols() * sizeof(float);
}

void finish(benchmark::State& state, const kith::Matrix& rows) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes_of(rows)));
}

void plain_copy(benchmark::State& state) {
    const kith::Matrix& rows = rows_of(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        const std::unique_ptr<void, decltype(&std::free)> memory(std::malloc(bytes_of(rows)), &std::free);
        std::memcpy(memory.get(), rows.data(), bytes_of(rows));
        benchmark::DoNotOptimize(memory.get());
        benchmark::ClobberMemory();
    }
    finish(state, rows);
}

void huge_page_copy(benchmark::State& state) {
    const kith::Matrix& rows = rows_of(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        auto copy = kith::storage::copy_of(std::as_bytes(std::span(rows.data(), rows.rows() * rows.cols())));
        benchmark::DoNotOptimize(copy);
    }
    finish(state, rows);
}

void require_last(const kith::Matrix& rows, std::span<const float> last) {
    if (!std::ranges::equal(rows.row(rows.rows() - 1), last)) throw std::runtime_error("the last row differs");
}

void forest_add(benchmark::State& state, kith::Metric metric) {
    const kith::Matrix& rows = rows_of(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        kith::ForestBuilder builder({.metric = metric, .dim = rows.cols()});
        builder.add(rows.view(), 0);
        benchmark::DoNotOptimize(builder);
        require_last(rows, builder.get_vector(static_cast<kith::Id>(rows.rows() - 1)));
    }
    finish(state, rows);
}

void flat_copy(benchmark::State& state) {
    const kith::Matrix& rows = rows_of(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        const kith::FlatIndex index(rows.view(), kith::Metric::kEuclidean);
        require_last(rows, index.get_vector(static_cast<kith::Id>(rows.rows() - 1)));
    }
    finish(state, rows);
}

BENCHMARK(plain_copy)->Arg(50)->Arg(784)->Unit(benchmark::kMillisecond);
BENCHMARK(huge_page_copy)->Arg(50)->Arg(784)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(forest_add, angular, kith::Metric::kAngular)->Arg(50)->Arg(784)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(forest_add, euclidean, kith::Metric::kEuclidean)
    ->Arg(50)
    ->Arg(784)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(flat_copy)->Arg(50)->Arg(784)->Unit(benchmark::kMillisecond);

}  // namespace
