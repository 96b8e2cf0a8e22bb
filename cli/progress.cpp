#include "progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "interrupt.hpp"
#include "text_format.hpp"

namespace kith::cli {
namespace {

constexpr std::size_t kBarCells = 24;
constexpr std::size_t kDefaultColumns = 80;
constexpr std::chrono::seconds kLineInterval{5};

double fraction(const Progress& progress) {
    if (progress.total == 0) return -1;
    return std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
}

// Whole seconds as m:ss, which does not jitter between redraws as a rounded unit would.
std::string clock_time(double seconds) {
    const auto whole = std::llround(seconds);
    if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::size_t terminal_columns(std::FILE* stream) {
    winsize size = {};
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return kDefaultColumns;
}

}  // namespace

std::string format_progress_bar(const Progress& progress, std::size_t width) {
    std::string line = fmt::format("{:<10}", progress.stage);
    const double part = fraction(progress);
    if (part >= 0) {
        const auto filled = static_cast<std::size_t>(part * static_cast<double>(kBarCells));
        line += fmt::format(" [{}{}] {:3.0f}%", std::string(filled, '#'), std::string(kBarCells - filled, '.'),
                            part * 100);
    } else {
        line += fmt::format(" {}", with_commas(progress.done));
    }
    if (progress.seconds_left >= 0) line += fmt::format("  {} left", clock_time(progress.seconds_left));
    if (!progress.detail.empty()) line += fmt::format("  {}", progress.detail);
    return std::string(truncate_display(line, width));
}

std::string format_progress_line(const Progress& progress) {
    std::string line = fmt::format("{}: ", progress.stage);
    const double part = fraction(progress);
    if (part >= 0) {
        line +=
            fmt::format("{:.0f}% ({} of {})", part * 100, with_commas(progress.done), with_commas(progress.total));
    } else {
        line += with_commas(progress.done);
    }
    if (!progress.detail.empty()) line += fmt::format(", {}", progress.detail);
    if (progress.seconds_left >= 0) line += fmt::format(", {} left", clock_time(progress.seconds_left));
    return line;
}

ProgressMeter::Style ProgressMeter::style_for(std::FILE* stream, bool quiet) {
    if (quiet) return Style::kSilent;
    const char* terminal = std::getenv("TERM");
    const bool dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
    return isatty(fileno(stream)) == 1 && !dumb ? Style::kBar : Style::kLines;
}

ProgressFn ProgressMeter::callback() {
    return [this](const Progress& progress) {
        if (style_ != Style::kSilent) report(progress);
        return !interrupted();
    };
}

void ProgressMeter::report(const Progress& progress) {
    if (style_ == Style::kBar) {
        const std::string line = format_progress_bar(progress, terminal_columns(stream_) - 1);
        fmt::print(stream_, "\r\x1b[2K{}", line);
        std::fflush(stream_);
        bar_shown_ = true;
        return;
    }
    const auto now = Clock::now();
    const double interval = std::chrono::duration<double>(kLineInterval).count();
    if (progress.seconds < interval || now - last_line_ < kLineInterval) return;
    last_line_ = now;
    fmt::print(stream_, "{}\n", format_progress_line(progress));
    std::fflush(stream_);
}

void ProgressMeter::finish() noexcept {
    if (!bar_shown_) return;
    std::fputs("\r\x1b[2K", stream_);
    std::fflush(stream_);
    bar_shown_ = false;
}

}  // namespace kith::cli
