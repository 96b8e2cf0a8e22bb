// How well training predicts, measured on the way.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/train_types.hpp"

namespace kith::embed {

// Sums minus log-likelihoods of predictions.
class LossSum {
public:
    // Of a step that has just been made: its gradients are rate * (label - probability), so that they tell the
    // probability given to what was true. REQUIRES: rates above 0.
    void add(const kernel::TrainStep& step) noexcept {
        const std::size_t stride = kernel::gradient_stride(step.target_count);
        double product = 1;
        for (std::size_t j = 0; j < step.target_count; ++j) {
            for (std::size_t i = 0; i < step.input_count; ++i) {
                // No kernel gives less than 4e-5 to either answer, give or take its error.
                const double wrong = std::abs(static_cast<double>(step.gradients[i * stride + j]));
                const double right = 1.0 - wrong / step.rates[j];
                product *= right > 1e-6 ? right : 1e-6;
            }
            // At most 16 factors since the last test.
            if (product < 1e-150) {
                sum_ -= std::log(product);
                product = 1;
            }
        }
        sum_ -= std::log(product);
        predictions_ += step.input_count;
    }

    void add(const LossSum& other) noexcept {
        sum_ += other.sum_;
        predictions_ += other.predictions_;
    }

    [[nodiscard]] double mean() const noexcept {
        return predictions_ == 0 ? 0 : sum_ / static_cast<double>(predictions_);
    }

private:
    double sum_ = 0;
    std::uint64_t predictions_ = 0;
};

}  // namespace kith::embed
