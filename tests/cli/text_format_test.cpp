#include "text_format.hpp"

#include <gtest/gtest.h>

namespace kith::cli {
namespace {

TEST(TextFormat, GroupsDigitsByThree) {
    EXPECT_EQ(with_commas(0), "0");
    EXPECT_EQ(with_commas(999), "999");
    EXPECT_EQ(with_commas(1000), "1,000");
    EXPECT_EQ(with_commas(16939984), "16,939,984");
    EXPECT_EQ(with_commas(~std::uint64_t{0}), "18,446,744,073,709,551,615");
}

TEST(TextFormat, ByteSizesKeepThreeDigitsAndNeverShowAThousand) {
    EXPECT_EQ(byte_size(0), "0 B");
    EXPECT_EQ(byte_size(999), "999 B");
    EXPECT_EQ(byte_size(1000), "1.00 kB");
    EXPECT_EQ(byte_size(12345), "12.3 kB");
    EXPECT_EQ(byte_size(999'700), "1.00 MB");
    EXPECT_EQ(byte_size(171'350'079), "171 MB");
}

TEST(TextFormat, DurationsUseTheUnitThatReadsBest) {
    EXPECT_EQ(duration(0.0000123), "12.3 µs");
    EXPECT_EQ(duration(0.00879), "8.79 ms");
    EXPECT_EQ(duration(1.5), "1.50 s");
    EXPECT_EQ(duration(12.34), "12.3 s");
    EXPECT_EQ(duration(187), "3:07");
    EXPECT_EQ(duration(3723), "1:02:03");
}

TEST(TextFormat, WidthCountsCodePointsAndTruncationKeepsThemWhole) {
    EXPECT_EQ(display_width("naïve"), 5U);
    EXPECT_EQ(truncate_display("naïve", 3), "naï");
    EXPECT_EQ(truncate_display("naïve", 9), "naïve");
    EXPECT_EQ(truncate_display("abc", 0), "");
}

}  // namespace
}  // namespace kith::cli
