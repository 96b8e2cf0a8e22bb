// How what stands around a word takes part: each for itself, all as one, or side by side.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "embed/loss.hpp"
#include "embed/model.hpp"
#include "embed/objective.hpp"
#include "kernel/select.hpp"
#include "kernel/table.hpp"

namespace kith::embed {

// The rows that predict a word.
struct Context {
    std::vector<float*> rows;

    // Rows before this one are as they are; those from it on learn.
    std::size_t first_learning = 0;

    // How many vectors each row stands for, when it stands for a mean of several; empty when each is one.
    std::vector<float> weights;

    // How much each row takes of its update; empty when each takes all of it.
    std::vector<float> lock_factors;

    void clear() noexcept {
        rows.clear();
        weights.clear();
        lock_factors.clear();
        first_learning = 0;
    }
};

// What the kernels need besides rows, one set per thread.
class TrainScratch {
public:
    // `input_stride`: of what is multiplied with target rows.
    TrainScratch(const kernel::Table& kernels, std::size_t input_stride, std::size_t most_targets)
        : kernels_(kernels),
          stride_(input_stride),
          gradients_(kernel::kTrainInputs, kernel::gradient_stride(most_targets)),
          copies_(kernel::kTrainInputs, input_stride),
          turns_(1, kernel::kTurnsRoom) {}

    [[nodiscard]] const kernel::Table& kernels() const noexcept { return kernels_; }
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }

    // Null: not measured.
    void measure(LossSum* loss) noexcept { loss_ = loss; }

    void step(const float* const* inputs, float* const* updates, std::size_t count,
              const Targets& targets) noexcept {
        const kernel::TrainStep step{inputs,
                                     updates,
                                     count,
                                     targets.rows.data(),
                                     targets.labels.data(),
                                     targets.rates.data(),
                                     targets.count,
                                     stride_,
                                     gradients_.row(0),
                                     copies_.row(0),
                                     targets.in_turn ? turns_.row(0) : nullptr};
        kernels_.train.step(step);
        if (loss_ != nullptr) loss_->add(step);
    }

private:
    const kernel::Table& kernels_;
    std::size_t stride_;
    Weights gradients_;
    Weights copies_;
    Weights turns_;
    LossSum* loss_ = nullptr;
};

// Each vector answers for itself (word2vec's direction: the context is the input, the centre the target). Those of a context go a few
// at once: all go by what the targets were before, and the more they are the further they move them together, past where each alone
// would have (bench/RESULTS.md). Those that learn in turn do not have that, in whatever number.
class SkipGram {
public:
    SkipGram(const Model& model, TrainScratch& scratch) : scratch_(scratch) {
        if (!model.lock_factors.empty()) aside_ = Weights(kernel::kTrainInputs, scratch.stride());
    }

    void train(const Context& context, const Targets& targets) noexcept {
        float* const* const rows = context.rows.data();
        const std::size_t most = targets.in_turn ? kernel::kTrainInputs : kAtOnce;
        for (std::size_t first = context.first_learning; first < context.rows.size(); first += most) {
            const std::size_t count = std::min(context.rows.size() - first, most);
            if (context.lock_factors.empty()) {
                scratch_.step(rows + first, rows + first, count, targets);
            } else {
                train_aside(rows + first, context.lock_factors.data() + first, count, targets);
            }
        }
    }

private:
    static constexpr std::size_t kAtOnce = 2;

    // Updates come together beside the rows, which then take their shares.
    void train_aside(float* const* rows, const float* factors, std::size_t count, const Targets& targets) noexcept {
        const std::size_t stride = scratch_.stride();
        float* updates[kernel::kTrainInputs];
        for (std::size_t i = 0; i < count; ++i) {
            updates[i] = aside_.row(i);
            std::fill_n(updates[i], stride, 0.0F);
        }
        scratch_.step(rows, updates, count, targets);
        for (std::size_t i = 0; i < count; ++i) {
            if (factors[i] != 0) scratch_.kernels().train.add_to_rows(updates[i], factors[i], rows + i, 1, stride);
        }
    }

    TrainScratch& scratch_;
    Weights aside_;
};

// The mean or the sum of all vectors answers. As in word2vec and gensim each gets the whole gradient of a mean, and
// its share of the gradient of a sum.
class Cbow {
public:
    Cbow(const Model& model, TrainScratch& scratch)
        : scratch_(scratch),
          mean_(model.options.cbow_mean),
          sum_(1, scratch.stride()),
          gradient_(1, scratch.stride()) {}

    void train(const Context& context, const Targets& targets) noexcept {
        const std::size_t stride = scratch_.stride();
        const float* const input = sum_.row(0);
        float* const update = gradient_.row(0);
        const float share = context.weights.empty() ? add_up(context) : add_up_weighted(context);
        std::fill_n(update, stride, 0.0F);
        scratch_.step(&input, &update, 1, targets);
        const float factor = mean_ ? 1.0F : share;
        const std::size_t first = context.first_learning;
        float* const* const rows = context.rows.data();
        const auto& add = scratch_.kernels().train.add_to_rows;
        if (context.lock_factors.empty()) {
            add(update, factor, rows + first, context.rows.size() - first, stride);
            return;
        }
        for (std::size_t i = first; i < context.rows.size(); ++i) {
            const float lock = context.lock_factors[i];
            if (lock != 0) add(update, factor * lock, rows + i, 1, stride);
        }
    }

private:
    // Gives one over the number of vectors.
    float add_up(const Context& context) noexcept {
        const float share = 1.0F / static_cast<float>(context.rows.size());
        scratch_.kernels().train.sum_rows(context.rows.data(), context.rows.size(), mean_ ? share : 1.0F,
                                          scratch_.stride(), sum_.row(0));
        return share;
    }

    float add_up_weighted(const Context& context) noexcept {
        const kernel::FloatKernels& floats = scratch_.kernels().f32;
        float total = 0;
        for (const float weight : context.weights) total += weight;
        std::fill_n(sum_.row(0), scratch_.stride(), 0.0F);
        for (std::size_t i = 0; i < context.rows.size(); ++i) {
            floats.axpy(mean_ ? context.weights[i] / total : context.weights[i], context.rows[i], sum_.row(0),
                        scratch_.stride());
        }
        return 1.0F / total;
    }

    TrainScratch& scratch_;
    bool mean_;
    Weights sum_;
    Weights gradient_;
};

// All vectors, one behind the other, answer as one long vector. REQUIRES: as many rows in every context as fill
// the scratch's stride.
class Concatenated {
public:
    Concatenated(const Model& model, TrainScratch& scratch)
        : scratch_(scratch),
          part_(model.input.stride()),
          input_(1, scratch.stride()),
          gradient_(1, scratch.stride()) {}

    void train(const Context& context, const Targets& targets) noexcept {
        for (std::size_t i = 0; i < context.rows.size(); ++i) {
            std::copy_n(context.rows[i], part_, input_.row(0) + i * part_);
        }
        const float* const input = input_.row(0);
        float* const update = gradient_.row(0);
        std::fill_n(update, scratch_.stride(), 0.0F);
        scratch_.step(&input, &update, 1, targets);
        for (std::size_t i = context.first_learning; i < context.rows.size(); ++i) {
            scratch_.kernels().train.add_to_rows(update + i * part_, 1.0F, &context.rows[i], 1, part_);
        }
    }

private:
    TrainScratch& scratch_;
    std::size_t part_;
    Weights input_;
    Weights gradient_;
};

}  // namespace kith::embed
