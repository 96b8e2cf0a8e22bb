// Training primitives: logistic regression between rows that are used many times while they are in the cache
// (HogBatch: Ji, Satish, Li and Dubey 2016, arXiv:1604.04661).
#pragma once

#include <cstddef>

namespace kith::kernel {

// Rows of floats are padded with zeros to a multiple of this many elements. Aligning them to 64 bytes makes it
// faster.
inline constexpr std::size_t kTrainPadding = 16;

// The most input rows of one step.
inline constexpr std::size_t kTrainInputs = 16;

// Floats that a step needs in which inputs learn in turn.
inline constexpr std::size_t kTurnsRoom = kTrainInputs * kTrainInputs;

// The gradients of one input stand side by side, those of the next so many floats behind.
[[nodiscard]] constexpr std::size_t gradient_stride(std::size_t targets) noexcept {
    return (targets + kTrainPadding - 1) / kTrainPadding * kTrainPadding;
}

// One step of stochastic gradient descent on every pair of an input and a target row. With
//     g[i][j] = rates[j] * (labels[j] - sigmoid(inputs[i] . targets[j]))
// computed first from the rows as they are, it adds
//     sum_j g[i][j] * targets[j]  to updates[i]      and      sum_i g[i][j] * inputs[i]  to targets[j].
// The sigmoid is exact to 1e-6 and constant beyond +-10.
struct TrainStep {
    // input_count <= kTrainInputs rows. updates == inputs updates in place. A row may stand more than once: its
    // updates add up.
    const float* const* inputs;
    float* const* updates;
    std::size_t input_count;

    // No row may stand twice.
    float* const* targets;
    const float* labels;
    const float* rates;
    std::size_t target_count;

    std::size_t dim;   // a multiple of kTrainPadding
    float* gradients;  // g[i][j] at i * gradient_stride(target_count) + j
    float* copies;     // room for kTrainInputs * dim, used when updating in place; may be null otherwise

    // Null, or room for kTurnsRoom: then inputs learn in turn, each from the targets as those before it
    // have left them (but from its own row as it was, even where the row stands twice). What an input would see of a
    // changed target follows from the products of the inputs with each other, so that rows are read no more often.
    float* turns = nullptr;
};

struct TrainKernels {
    // Threads that share rows may lose one another's updates (Hogwild: Recht et al. 2011); nothing worse.
    void (*step)(const TrainStep& step);

    // out = factor * sum of the rows, count >= 1.
    void (*sum_rows)(const float* const* rows, std::size_t count, float factor, std::size_t dim, float* out);

    // rows[i] += factor * x for every row, one after the other.
    void (*add_to_rows)(const float* x, float factor, float* const* rows, std::size_t count, std::size_t dim);
};

}  // namespace kith::kernel
