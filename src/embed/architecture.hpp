// How the words around a word take part: each for itself, or all as one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "embed/model.hpp"
#include "embed/objective.hpp"
#include "kernel/train_types.hpp"

namespace kith::embed {

// What the kernels need besides rows, one set per thread.
class TrainScratch {
public:
    TrainScratch(const kernel::TrainKernels& kernels, std::size_t stride, std::size_t most_targets)
        : kernels_(kernels),
          stride_(stride),
          gradients_(1, kernel::kTrainInputs * most_targets),
          copies_(kernel::kTrainInputs, stride) {}

    [[nodiscard]] const kernel::TrainKernels& kernels() const noexcept { return kernels_; }
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }

    void step(const float* const* inputs, float* const* updates, std::size_t count,
              const Targets& targets) noexcept {
        kernels_.step({inputs, updates, count, targets.rows.data(), targets.labels.data(), targets.rates.data(),
                       targets.count, stride_, gradients_.row(0), copies_.row(0)});
    }

private:
    const kernel::TrainKernels& kernels_;
    std::size_t stride_;
    Weights gradients_;
    Weights copies_;
};

// Each context word's vector answers for itself (word2vec's direction: the context is the input, the centre the
// target).
class SkipGram {
public:
    SkipGram(const Model& /*model*/, TrainScratch& scratch) noexcept : scratch_(scratch) {}

    void train(const std::vector<float*>& context, const Targets& targets) noexcept {
        for (std::size_t first = 0; first < context.size(); first += kernel::kTrainInputs) {
            const std::size_t count = std::min(context.size() - first, kernel::kTrainInputs);
            scratch_.step(context.data() + first, context.data() + first, count, targets);
        }
    }

private:
    TrainScratch& scratch_;
};

// The mean or the sum of the context's vectors answers. As in word2vec and gensim every context word gets the whole
// gradient of a mean, and its share of the gradient of a sum.
class Cbow {
public:
    Cbow(const Model& model, TrainScratch& scratch)
        : scratch_(scratch),
          mean_(model.options.cbow_mean),
          sum_(1, scratch.stride()),
          gradient_(1, scratch.stride()) {}

    void train(const std::vector<float*>& context, const Targets& targets) noexcept {
        const kernel::TrainKernels& kernels = scratch_.kernels();
        const std::size_t stride = scratch_.stride();
        const float share = 1.0F / static_cast<float>(context.size());
        const float* const input = sum_.row(0);
        float* const update = gradient_.row(0);
        kernels.sum_rows(context.data(), context.size(), mean_ ? share : 1.0F, stride, sum_.row(0));
        std::fill_n(update, stride, 0.0F);
        scratch_.step(&input, &update, 1, targets);
        kernels.add_to_rows(update, mean_ ? 1.0F : share, context.data(), context.size(), stride);
    }

private:
    TrainScratch& scratch_;
    bool mean_;
    Weights sum_;
    Weights gradient_;
};

}  // namespace kith::embed
