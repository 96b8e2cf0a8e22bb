// Training steps of the usual shapes on every instruction set: multiply-adds per second, rows in the cache.
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

// Aligned to cache lines, as a model's are.
struct Rows {
    Rows(std::size_t count, std::size_t dim, std::uint64_t seed) : lines(count * dim / kLine) {
        std::mt19937_64 random(seed);
        std::normal_distribution<float> normal(0, 0.1F);
        for (Line& line : lines) {
            for (float& x : line.floats) x = normal(random);
        }
        for (std::size_t i = 0; i < count; ++i) at.push_back(lines[i * dim / kLine].floats);
    }

    static constexpr std::size_t kLine = 16;
    struct alignas(64) Line {
        float floats[kLine];
    };
    std::vector<Line> lines;
    std::vector<float*> at;
};

struct Shape {
    const char* name;
    std::size_t inputs;
    std::size_t targets;
    bool in_turn;
};
constexpr Shape kShapes[] = {
    {"skip-gram", 2, 6, false},             // two vectors of a context, a word and five negatives
    {"hierarchical-softmax", 6, 14, true},  // a context with half the window of five on either side, a word's path
    {"cbow", 1, 6, false},
};

struct Case {
    Case(const Shape& what, std::size_t width)
        : shape(what), dim(width), inputs(shape.inputs, dim, 1), targets(shape.targets, dim, 2) {
        labels[0] = 1;
    }

    [[nodiscard]] TrainStep step() {
        return {inputs.at.data(),
                inputs.at.data(),
                shape.inputs,
                targets.at.data(),
                labels.data(),
                rates.data(),
                shape.targets,
                dim,
                gradients.data(),
                copies.data(),
                shape.in_turn ? turns.data() : nullptr};
    }

    Shape shape;
    std::size_t dim;
    Rows inputs;
    Rows targets;
    std::vector<float> labels = std::vector<float>(shape.targets);
    std::vector<float> rates = std::vector<float>(shape.targets, 0.01F);
    std::vector<float> gradients = std::vector<float>(kTrainInputs * gradient_stride(shape.targets));
    std::vector<float> copies = std::vector<float>(kTrainInputs * dim);
    std::vector<float> turns = std::vector<float>(kTurnsRoom);
};

// The largest difference between what a step of this set and one of plain double precision make of the inputs. The effect of learning in turn
// is smaller than what is looked for.
double error_of(const TrainKernels& kernels, const Shape& shape, std::size_t dim) {
    Case fast(shape, dim);
    const Case before(shape, dim);
    kernels.step(fast.step());
    double worst = 0;
    std::vector<double> want;
    for (const float* const row : before.inputs.at) want.insert(want.end(), row, row + dim);
    for (std::size_t i = 0; i < shape.inputs; ++i) {
        for (std::size_t j = 0; j < shape.targets; ++j) {
            double dot = 0;
            for (std::size_t d = 0; d < dim; ++d) dot += double{before.inputs.at[i][d]} * before.targets.at[j][d];
            const double g = before.rates[j] * (before.labels[j] - 1 / (1 + std::exp(-dot)));
            for (std::size_t d = 0; d < dim; ++d) want[i * dim + d] += g * before.targets.at[j][d];
        }
    }
    for (std::size_t i = 0; i < want.size(); ++i) {
        worst = std::max(worst, std::abs(want[i] - fast.inputs.at[i / dim][i % dim]));
    }
    return worst;
}

void train_step(benchmark::State& state, const Table* table, const Shape& shape, std::size_t dim) {
    if (const double error = error_of(table->train, shape, dim); !(error < (shape.in_turn ? 1e-3 : 1e-5))) {
        state.SkipWithError(("wrong by " + std::to_string(error)).c_str());
        return;
    }
    Case fast(shape, dim);
    const TrainStep step = fast.step();
    for (auto _ : state) table->train.step(step);
    state.counters["multiply-adds/s"] = benchmark::Counter(
        static_cast<double>(3 * shape.inputs * shape.targets * dim), benchmark::Counter::kIsIterationInvariantRate);
}

const bool kRegistered = [] {
    for (const Table* const table : available()) {
        for (const Shape& shape : kShapes) {
            for (const std::size_t dim : {112U, 304U}) {
                const std::string name =
                    std::string("train_step/") + table->name + '/' + shape.name + '/' + std::to_string(dim);
                benchmark::RegisterBenchmark(name.c_str(), train_step, table, shape, dim);
            }
        }
    }
    return true;
}();

}  // namespace
}  // namespace kith::kernel
