#include "keyed/formats/print.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "keyed/formats/number.hpp"

namespace kith::keyed {
namespace {

std::string printed(float value) {
    char text[kMaxPrinted];
    return {text, print_float(value, text)};
}

// Expected: str(numpy.float32(x)).
TEST(Print, SpellsNumbersAsNumPyDoes) {
    EXPECT_EQ(printed(0.418F), "0.418");
    EXPECT_EQ(printed(2), "2.0");
    EXPECT_EQ(printed(-0.0F), "-0.0");
    EXPECT_EQ(printed(100000), "100000.0");
    EXPECT_EQ(printed(1e-5F), "1e-05");
    EXPECT_EQ(printed(0.0001F), "1e-04");
    EXPECT_EQ(printed(0.001F), "0.001");
    EXPECT_EQ(printed(1e6F), "1e+06");
    EXPECT_EQ(printed(-1.1754944e-38F), "-1.1754944e-38");
    EXPECT_EQ(printed(0.33333334F), "0.33333334");
}

TEST(Print, EveryFloatReadsBackToItsBits) {
    std::mt19937 random(2);
    for (int i = 0; i < 200'000; ++i) {
        const float value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
        if (!std::isfinite(value)) continue;
        const std::string text = printed(value);
        float back = 0;
        ASSERT_EQ(parse_float(text.data(), text.data() + text.size(), back), text.data() + text.size()) << text;
        ASSERT_EQ(std::bit_cast<std::uint32_t>(back), std::bit_cast<std::uint32_t>(value)) << text;
    }
    EXPECT_LE(printed(-std::numeric_limits<float>::denorm_min()).size(), kMaxPrinted);
}

}  // namespace
}  // namespace kith::keyed
