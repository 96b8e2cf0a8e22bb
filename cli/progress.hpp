// Progress on stderr: a bar that redraws itself on a terminal, now and then a plain line elsewhere, nothing with
// --quiet. It is also where Ctrl-C reaches the library: the callback returns false once a signal has come.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

#include <kith/progress.hpp>

namespace kith::cli {

// One line of at most `width` columns: "training  [#####.....]  50%  0:12 left  epoch 3/5 …".
[[nodiscard]] std::string format_progress_bar(const Progress& progress, std::size_t width);

// "training: 50% (1,234 of 2,468), epoch 3/5 …, 0:12 left"
[[nodiscard]] std::string format_progress_line(const Progress& progress);

class ProgressMeter {
public:
    enum class Style { kSilent, kLines, kBar };

    // A bar when `stream` is a terminal, lines otherwise.
    [[nodiscard]] static Style style_for(std::FILE* stream, bool quiet);

    ProgressMeter(std::FILE* stream, Style style) : stream_(stream), style_(style) {}
    ~ProgressMeter() { finish(); }
    ProgressMeter(const ProgressMeter&) = delete;
    ProgressMeter& operator=(const ProgressMeter&) = delete;

    // The callback to hand to the library; valid while this object lives.
    [[nodiscard]] ProgressFn callback();

    // Removes the bar, so that other output can follow. The next report draws it again.
    void finish() noexcept;

private:
    using Clock = std::chrono::steady_clock;

    void report(const Progress& progress);

    std::FILE* stream_;
    Style style_;
    Clock::time_point last_line_ = Clock::now();
    bool bar_shown_ = false;
};

}  // namespace kith::cli
