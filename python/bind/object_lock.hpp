// One caller at a time for an object that changes, without holding the GIL while waiting.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#include "bind.hpp"
#include "errors.hpp"

namespace kith::python {

class ObjectLock {
public:
    class Guard {
    public:
        explicit Guard(ObjectLock& lock) : lock_(lock) { lock_.acquire(); }
        ~Guard() { lock_.release(); }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;

    private:
        ObjectLock& lock_;
    };

private:
    // A progress callback or a signal handler may call the very object that is at work: refused, not deadlocked.
    void acquire() {
        if (owner_ == std::this_thread::get_id()) {
            raise(PyExc_RuntimeError, "this object is in the middle of another call on the same thread");
        }
        if (!mutex_.try_lock()) {
            const nb::gil_scoped_release unlocked;
            mutex_.lock();
        }
        owner_ = std::this_thread::get_id();
    }

    void release() {
        owner_ = std::thread::id();
        mutex_.unlock();
    }

    std::mutex mutex_;
    std::atomic<std::thread::id> owner_;
};

}  // namespace kith::python
