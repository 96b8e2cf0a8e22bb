#include "base/finite.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace kith {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(Finite, AllAreWhateverTheirSize) {
    const std::vector<float> values = {
        0, -0.0F, std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest(), 1e-45F, -1e-45F, 1};
    EXPECT_TRUE(all_finite(values));
    EXPECT_EQ(first_not_finite(values), values.size());
    EXPECT_TRUE(all_finite({}));
    EXPECT_EQ(first_not_finite({}), 0u);
}

TEST(Finite, OneThatIsNotIsFoundWhereverItIs) {
    for (const float bad : {kInfinity, -kInfinity, kNaN, -kNaN, std::numeric_limits<float>::signaling_NaN()}) {
        for (std::size_t size = 1; size < 70; ++size) {
            std::vector<float> values(size, -3.5F);
            for (std::size_t at = 0; at < size; ++at) {
                values[at] = bad;
                EXPECT_FALSE(all_finite(values));
                EXPECT_EQ(first_not_finite(values), at);
                values[at] = -3.5F;
            }
        }
    }
}

}  // namespace
}  // namespace kith
