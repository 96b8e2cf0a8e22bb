#include "embed/loss.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace kith::embed {
namespace {

TEST(LossSum, IsTheMeanMinusLogLikelihoodOfThePredictions) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> uniform(0.001, 0.999);
    constexpr std::size_t kTargets = 400;  // enough for a product to underflow
    std::vector<float> labels(kTargets);
    std::vector<float> rates(kTargets);
    std::vector<float> gradients(kernel::kTrainInputs * kernel::gradient_stride(kTargets));
    double expected = 0;
    for (std::size_t j = 0; j < kTargets; ++j) {
        labels[j] = j % 5 == 0 ? 1.0F : 0.0F;
        rates[j] = j % 3 == 0 ? 0.05F : 0.025F;
        for (std::size_t i = 0; i < 3; ++i) {
            const double p = uniform(random);
            gradients[i * kernel::gradient_stride(kTargets) + j] = static_cast<float>(rates[j] * (labels[j] - p));
            expected -= std::log(labels[j] == 1.0F ? p : 1 - p);
        }
    }
    kernel::TrainStep step{};
    step.input_count = 3;
    step.target_count = kTargets;
    step.labels = labels.data();
    step.rates = rates.data();
    step.gradients = gradients.data();
    LossSum sum;
    EXPECT_EQ(sum.mean(), 0);
    sum.add(step);
    EXPECT_NEAR(sum.mean(), expected / 3, 1e-3 * expected);
    LossSum twice;
    twice.add(sum);
    twice.add(sum);
    EXPECT_DOUBLE_EQ(twice.mean(), sum.mean());
}

}  // namespace
}  // namespace kith::embed
