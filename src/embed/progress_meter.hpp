// Calls a progress callback at a bearable rate, and turns its refusal into Cancelled.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <kith/error.hpp>
#include <kith/progress.hpp>

namespace kith::embed {

class ProgressMeter {
public:
    using Clock = std::chrono::steady_clock;

    ProgressMeter(std::string stage, const ProgressFn& progress)
        : stage_(std::move(stage)), progress_(progress), start_(Clock::now()), next_(start_) {}

    [[nodiscard]] double seconds() const noexcept {
        return std::chrono::duration<double>(Clock::now() - start_).count();
    }

    // Whether enough time has passed for another report.
    [[nodiscard]] bool due() const noexcept { return progress_ && Clock::now() >= next_; }

    // Throws Cancelled when the callback says so.
    void report(std::uint64_t done, std::uint64_t total, std::string_view detail = {}) {
        if (!progress_) return;
        next_ = Clock::now() + std::chrono::milliseconds(100);
        Progress now;
        now.stage = stage_;
        now.done = done;
        now.total = total;
        now.seconds = seconds();
        if (done > 0 && total >= done) {
            now.seconds_left = now.seconds * static_cast<double>(total - done) / static_cast<double>(done);
        }
        now.detail = detail;
        if (!progress_(now)) throw Cancelled(stage_ + " was cancelled");
    }

private:
    std::string stage_;
    const ProgressFn& progress_;
    Clock::time_point start_;
    Clock::time_point next_;
};

}  // namespace kith::embed
