// Counts work done by several threads and reports it to the caller's callback.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

#include <kith/progress.hpp>

namespace kith::index {

class ProgressMeter {
public:
    // `total` 0 when it is not known; `report` may be empty.
    ProgressMeter(std::string_view stage, std::uint64_t total, const ProgressFn& report)
        : stage_(stage), total_(total), report_(report), start_(Clock::now()) {}

    // Safe from any thread. False once the callback has asked to stop.
    bool add(std::uint64_t work) {
        done_.fetch_add(work, std::memory_order_relaxed);
        if (report_) maybe_report();
        return !stopped_.load(std::memory_order_relaxed);
    }

    // The last report, whatever the time since the one before.
    void finish() {
        if (report_ && !stopped_) report();
    }

    [[nodiscard]] bool stopped() const noexcept { return stopped_; }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr double kInterval = 0.1;

    [[nodiscard]] double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

    void maybe_report() {
        // Looking at the clock each time would cost more than a small leaf.
        if (calls_.fetch_add(1, std::memory_order_relaxed) % 64 != 0) return;
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock || seconds() < next_) return;
        report();
        next_ = seconds() + kInterval;
    }

    void report() {
        Progress progress;
        progress.stage = stage_;
        progress.done = done_.load(std::memory_order_relaxed);
        progress.total = total_;
        progress.seconds = seconds();
        if (total_ > 0 && progress.done > 0) {
            const auto left = static_cast<double>(total_ - std::min(progress.done, total_));
            progress.seconds_left = progress.seconds * left / static_cast<double>(progress.done);
        }
        if (!report_(progress)) stopped_ = true;
    }

    std::string_view stage_;
    std::uint64_t total_;
    const ProgressFn& report_;
    Clock::time_point start_;
    std::atomic<std::uint64_t> done_{0};
    std::atomic<std::uint64_t> calls_{0};
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    double next_ = 0;
};

}  // namespace kith::index
