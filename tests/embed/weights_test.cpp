#include "embed/weights.hpp"

#include <cstdint>
#include <limits>
#include <new>

#include <gtest/gtest.h>

#include "kernel/train_types.hpp"

namespace kith::embed {
namespace {

TEST(Weights, RowsStartAtACacheLineAndAreZeroToTheEndOfThePadding) {
    for (const std::size_t cols : {1U, 15U, 16U, 17U, 100U, 300U}) {
        const Weights weights(5, cols);
        EXPECT_EQ(weights.stride() % kernel::kTrainPadding, 0U);
        EXPECT_GE(weights.stride(), cols);
        EXPECT_LT(weights.stride(), cols + kernel::kTrainPadding);
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_EQ(reinterpret_cast<std::uintptr_t>(weights.row(i)) % 64, 0U);
            for (std::size_t d = 0; d < weights.stride(); ++d) ASSERT_EQ(weights.row(i)[d], 0.0F);
        }
        EXPECT_EQ(weights.view().cols(), cols);
        EXPECT_EQ(weights.view().row(4).data(), weights.row(4));
    }
}

TEST(Weights, ASizeThatOverflowsIsRefused) {
    EXPECT_THROW(Weights(std::numeric_limits<std::size_t>::max() / 8, 100), std::bad_alloc);
}

TEST(Weights, MayBeEmpty) {
    EXPECT_TRUE(Weights().empty());
    EXPECT_TRUE(Weights(0, 100).empty());
}

}  // namespace
}  // namespace kith::embed
