#include "plot_svg.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

std::size_t occurrences(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

TEST(NiceTicks, CoverTheRangeInRoundStepsOfOneTwoOrFive) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> magnitude(-6, 6);
    for (int round = 0; round < 2000; ++round) {
        const double low = std::pow(10, magnitude(random)) * (round % 3 == 0 ? -1 : 1);
        const double high = low + std::pow(10, magnitude(random));
        const auto ticks = nice_ticks(low, high);
        const double step = ticks[1] - ticks[0];
        if (high - low < std::abs(low) * 1e-6) continue;
        ASSERT_GE(ticks.size(), 3U);
        ASSERT_LE(ticks.size(), 12U);
        EXPECT_LE(ticks.front(), low + step * 1e-6);
        EXPECT_GE(ticks.back(), high - step * 1e-6);
        EXPECT_GT(ticks[1], low - step * 1e-6);
        const double digit = step / std::pow(10, std::floor(std::log10(step) + 1e-6));
        EXPECT_TRUE(std::abs(digit - 1) < 1e-3 || std::abs(digit - 2) < 1e-3 || std::abs(digit - 5) < 1e-3)
            << digit;
    }
}

TEST(NiceTicks, AreTheOnesAPersonWouldChoose) {
    EXPECT_EQ(nice_ticks(0, 100), (std::vector<double>{0, 20, 40, 60, 80, 100}));
    EXPECT_EQ(nice_ticks(0, 291), (std::vector<double>{0, 50, 100, 150, 200, 250, 300}));
    EXPECT_EQ(nice_ticks(5, 5).size() >= 2, true);
    EXPECT_EQ(nice_ticks(0, 0).front(), -1);
}

TEST(TickLabel, HasTheDecimalsOfItsStep) {
    EXPECT_EQ(tick_label(0.30000000000000004, 0.1), "0.3");
    EXPECT_EQ(tick_label(0.25, 0.05), "0.25");
    EXPECT_EQ(tick_label(150, 50), "150");
}

TEST(PlotSvg, DrawsOnePointPerValueAndOneLinePerPanel) {
    const std::vector<Panel> panels = {{"time", "x", "s", {1, 2, 3}, {1, 4, 9}},
                                       {"a < b & c", "x", "%", {1, 2}, {5, 5}}};
    const std::string svg = plot_svg("caption", panels);
    EXPECT_EQ(occurrences(svg, "<circle"), 5U);
    EXPECT_EQ(occurrences(svg, "<polyline"), 2U);
    EXPECT_NE(svg.find("a &lt; b &amp; c"), std::string::npos);
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
}

TEST(PlotSvg, RefusesWhatItCannotDraw) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW((void)plot_svg("", {}), InvalidArgument);
    EXPECT_THROW((void)plot_svg("", std::vector<Panel>{{"p", "", "", {1, 2}, {1}}}), InvalidArgument);
    EXPECT_THROW((void)plot_svg("", std::vector<Panel>{{"p", "", "", {}, {}}}), InvalidArgument);
    EXPECT_THROW((void)plot_svg("", std::vector<Panel>{{"p", "", "", {1}, {nan}}}), InvalidArgument);
}

}  // namespace
}  // namespace kith::cli
