#include "progress.hpp"

#include <gtest/gtest.h>

#include "text_format.hpp"

namespace kith::cli {
namespace {

Progress half() {
    return {.stage = "training",
            .done = 500,
            .total = 1000,
            .seconds = 12,
            .seconds_left = 12.4,
            .detail = "epoch 3/5, alpha 0.031"};
}

Progress reading(std::uint64_t done) {
    Progress progress;
    progress.stage = "reading";
    progress.done = done;
    return progress;
}

TEST(ProgressBar, ShowsStageShareDetailAndTimeLeft) {
    EXPECT_EQ(format_progress_bar(half(), 200),
              "training   [############............]  50%  0:12 left  epoch 3/5, alpha 0.031");
}

TEST(ProgressBar, FitsTheTerminalWhateverItsWidth) {
    for (std::size_t width = 0; width < 100; ++width) {
        EXPECT_LE(display_width(format_progress_bar(half(), width)), width);
    }
}

TEST(ProgressBar, IsFullAtTheEndAndNeverBeyond) {
    Progress progress = half();
    progress.done = 1001;
    EXPECT_NE(format_progress_bar(progress, 80).find("[########################] 100%"), std::string::npos);
}

TEST(ProgressBar, CountsWhenTheTotalIsNotKnown) {
    EXPECT_EQ(format_progress_bar(reading(1234567), 80), "reading    1,234,567");
}

TEST(ProgressLine, SaysTheSameInWords) {
    EXPECT_EQ(format_progress_line(half()), "training: 50% (500 of 1,000), epoch 3/5, alpha 0.031, 0:12 left");
    EXPECT_EQ(format_progress_line(reading(12)), "reading: 12");
}

TEST(ProgressMeter, SilentWritesNothingAndGoesOn) {
    char* bytes = nullptr;
    std::size_t size = 0;
    std::FILE* stream = open_memstream(&bytes, &size);
    {
        ProgressMeter meter(stream, ProgressMeter::Style::kSilent);
        EXPECT_TRUE(meter.callback()(half()));
    }
    std::fclose(stream);
    EXPECT_EQ(size, 0U);
    std::free(bytes);
}

TEST(ProgressMeter, ABarIsErasedBeforeOtherOutput) {
    char* bytes = nullptr;
    std::size_t size = 0;
    std::FILE* stream = open_memstream(&bytes, &size);
    {
        ProgressMeter meter(stream, ProgressMeter::Style::kBar);
        EXPECT_TRUE(meter.callback()(half()));
    }
    std::fclose(stream);
    const std::string text(bytes, size);
    EXPECT_TRUE(text.ends_with("\r\x1b[2K")) << text;
    std::free(bytes);
}

TEST(ProgressMeter, IsQuietWhenAskedAndPlainInAFile) {
    EXPECT_EQ(ProgressMeter::style_for(stderr, true), ProgressMeter::Style::kSilent);
    std::FILE* file = std::tmpfile();
    EXPECT_EQ(ProgressMeter::style_for(file, false), ProgressMeter::Style::kLines);
    std::fclose(file);
}

}  // namespace
}  // namespace kith::cli
