// Counts work done by several threads and reports it to the caller's callback at a bearable rate.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include <kith/error.hpp>
#include <kith/progress.hpp>

namespace kith {

class ProgressMeter {
public:
    // `total` 0 when it is not known; `progress` may be empty, and outlives the meter, as `stage` does.
    ProgressMeter(std::string_view stage, std::uint64_t total, const ProgressFn& progress)
        : stage_(stage), total_(total), progress_(progress), start_(Clock::now()), next_(start_) {}
    ProgressMeter(std::string_view stage, std::uint64_t total, ProgressFn&& progress) = delete;

    // Safe from any thread. Throws Cancelled once the callback has asked to stop.
    void add(std::uint64_t work) {
        add(work, [] { return std::string(); });
    }

    // The same; detail() gives Progress::detail and is called only for a report that is made.
    template <class Detail>
    void add(std::uint64_t work, Detail detail) {
        done_.fetch_add(work, std::memory_order_relaxed);
        if (progress_) maybe_report(detail);
        throw_if_stopped();
    }

    // The last report, whatever the time since the one before. Throws as add().
    void finish(std::string_view detail = {}) {
        if (!progress_) return;
        {
            const std::lock_guard lock(mutex_);
            report(detail);
        }
        throw_if_stopped();
    }

    // Work done so far, and seconds since the start.
    [[nodiscard]] std::uint64_t done() const noexcept { return done_.load(std::memory_order_relaxed); }
    [[nodiscard]] double seconds() const noexcept {
        return std::chrono::duration<double>(Clock::now() - start_).count();
    }

private:
    using Clock = std::chrono::steady_clock;

    template <class Detail>
    void maybe_report(Detail& detail) {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock || stopped_ || Clock::now() < next_) return;
        report(detail());
    }

    // REQUIRES: mutex_ is held.
    void report(std::string_view detail) {
        Progress now;
        now.stage = stage_;
        now.done = done();
        now.total = total_;
        now.seconds = seconds();
        if (total_ > 0 && now.done > 0) {
            const auto left = static_cast<double>(total_ - std::min(now.done, total_));
            now.seconds_left = now.seconds * left / static_cast<double>(now.done);
        }
        now.detail = detail;
        if (!progress_(now)) stopped_ = true;
        next_ = Clock::now() + std::chrono::milliseconds(100);
    }

    void throw_if_stopped() const {
        if (stopped_.load(std::memory_order_relaxed)) throw Cancelled(std::string(stage_) + " was cancelled");
    }

    std::string_view stage_;
    std::uint64_t total_;
    const ProgressFn& progress_;
    Clock::time_point start_;
    Clock::time_point next_;
    std::atomic<std::uint64_t> done_{0};
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
};

}  // namespace kith
