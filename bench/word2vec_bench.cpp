// One training step of a usual shape on every instruction set: multiply-adds per second, rows in the cache.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "kernel/select.hpp"
#include "kernel/train_types.hpp"

namespace kith::kernel {
namespace {

struct Rows {
    Rows(std::size_t count, std::size_t dim, std::uint64_t seed) : data(count * dim) {
        std::mt19937_64 random(seed);
        std::normal_distribution<float> normal(0, 0.1F);
        for (float& x : data) x = normal(random);
        for (std::size_t i = 0; i < count; ++i) at.push_back(data.data() + i * dim);
    }
    std::vector<float> data;
    std::vector<float*> at;
};

// The context of one centre word with half the window of five on either side, against the word and five negatives.
constexpr std::size_t kInputs = 6;
constexpr std::size_t kTargets = 6;

struct Case {
    explicit Case(std::size_t width) : dim(width), inputs(kInputs, dim, 1), targets(kTargets, dim, 2) {}

    [[nodiscard]] TrainStep step() {
        return {inputs.at.data(), inputs.at.data(), kInputs, targets.at.data(), labels.data(),
                rates.data(),     kTargets,         dim,     gradients.data(),  copies.data()};
    }

    std::size_t dim;
    Rows inputs;
    Rows targets;
    std::vector<float> labels = {1, 0, 0, 0, 0, 0};
    std::vector<float> rates = std::vector<float>(kTargets, 0.01F);
    std::vector<float> gradients = std::vector<float>(kTrainInputs * gradient_stride(kTargets));
    std::vector<float> copies = std::vector<float>(kTrainInputs * dim);
};

// The largest difference between a step of this set and one of plain double precision.
double error_of(const TrainKernels& kernels, std::size_t dim) {
    Case fast(dim);
    const Case before(dim);
    kernels.step(fast.step());
    double worst = 0;
    std::vector<double> want(before.inputs.data.begin(), before.inputs.data.end());
    for (std::size_t i = 0; i < kInputs; ++i) {
        for (std::size_t j = 0; j < kTargets; ++j) {
            double dot = 0;
            for (std::size_t d = 0; d < dim; ++d) dot += double{before.inputs.at[i][d]} * before.targets.at[j][d];
            const double g = before.rates[j] * (before.labels[j] - 1 / (1 + std::exp(-dot)));
            for (std::size_t d = 0; d < dim; ++d) want[i * dim + d] += g * before.targets.at[j][d];
        }
    }
    for (std::size_t i = 0; i < want.size(); ++i) worst = std::max(worst, std::abs(want[i] - fast.inputs.data[i]));
    return worst;
}

void train_step(benchmark::State& state, const Table* table, std::size_t dim) {
    if (const double error = error_of(table->train, dim); !(error < 1e-5)) {
        state.SkipWithError(("wrong by " + std::to_string(error)).c_str());
        return;
    }
    Case fast(dim);
    const TrainStep step = fast.step();
    for (auto _ : state) table->train.step(step);
    state.counters["multiply-adds/s"] = benchmark::Counter(static_cast<double>(3 * kInputs * kTargets * dim),
                                                           benchmark::Counter::kIsIterationInvariantRate);
}

const bool kRegistered = [] {
    for (const Table* const table : available()) {
        for (const std::size_t dim : {112U, 304U}) {
            benchmark::RegisterBenchmark(
                (std::string("train_step/") + table->name + '/' + std::to_string(dim)).c_str(), train_step, table,
                dim);
        }
    }
    return true;
}();

}  // namespace
}  // namespace kith::kernel
