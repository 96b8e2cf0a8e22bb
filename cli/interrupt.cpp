#include "interrupt.hpp"

#include <atomic>
#include <csignal>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

std::atomic<bool> g_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the handler must be async-signal-safe");

void on_signal(int /*number*/) {
    g_interrupted.store(true, std::memory_order_relaxed);
}

}  // namespace

void install_interrupt_handlers() {
    struct sigaction action = {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    // SA_RESTART: reads and writes in progress finish, so that only the progress callback decides where to stop.
    action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept {
    return g_interrupted.load(std::memory_order_relaxed);
}

void throw_if_interrupted() {
    if (interrupted()) throw Cancelled("interrupted");
}

}  // namespace kith::cli
