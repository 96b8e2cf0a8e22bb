#include "interrupt.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace kith::python {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(100);

// A report with its texts copied: the views in Progress live only during the call that brings them.
struct Report {
    Progress numbers;
    std::string stage;
    std::string detail;
};

class Channel {
public:
    // The working thread's side: false asks it to stop.
    bool push(const Progress& progress) {
        const std::lock_guard lock(mutex_);
        // Of one stage only the latest report counts.
        if (!reports_.empty() && reports_.back().stage == progress.stage) reports_.pop_back();
        reports_.push_back({progress, std::string(progress.stage), std::string(progress.detail)});
        return !stop_;
    }

    void finish(std::exception_ptr error) {
        const std::lock_guard lock(mutex_);
        error_ = std::move(error);
        done_ = true;
        changed_.notify_one();
    }

    // The caller's side. True once the work has ended.
    bool wait() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPollInterval, [this] { return done_; });
    }

    std::vector<Report> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(reports_, {});
    }

    void stop() {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }

    [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Report> reports_;
    std::exception_ptr error_;
    bool stop_ = false;
    bool done_ = false;
};

// False when the callback asks to stop. Throws what it raises.
bool deliver(nb::handle callback, const std::vector<Report>& reports) {
    if (callback.is_none()) return true;
    for (const Report& report : reports) {
        const nb::object answer =
            callback(nb::str(report.stage.c_str()), report.numbers.done, report.numbers.total,
                     report.numbers.seconds, report.numbers.seconds_left, nb::str(report.detail.c_str()));
        if (answer.is(nb::handle(Py_False))) return false;
    }
    return true;
}

}  // namespace

void run_interruptibly(nb::handle callback, const std::function<void(const ProgressFn&)>& work) {
    Channel channel;
    std::thread worker([&] {
        std::exception_ptr error;
        try {
            work([&channel](const Progress& progress) { return channel.push(progress); });
        } catch (...) {
            error = std::current_exception();
        }
        channel.finish(std::move(error));
    });
    std::optional<nb::python_error> raised;
    bool stopped = false;
    const auto attend = [&] {
        if (stopped) return;
        try {
            if (PyErr_CheckSignals() != 0) throw nb::python_error();
            stopped = !deliver(callback, channel.take());
        } catch (nb::python_error& error) {
            raised.emplace(std::move(error));
            stopped = true;
        }
        if (stopped) channel.stop();
    };
    for (bool done = false; !done; attend()) {
        const nb::gil_scoped_release unlocked;
        done = channel.wait();
    }
    {
        const nb::gil_scoped_release unlocked;
        worker.join();
    }
    if (raised) throw std::move(*raised);
    if (channel.error()) std::rethrow_exception(channel.error());
}

}  // namespace kith::python
