// One caller at a time for an object that changes, or many that only read it, without holding the GIL while waiting.
#pragma once

#include <atomic>
#include <shared_mutex>
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

    // Beside others that read.
    class Reading {
    public:
        explicit Reading(ObjectLock& lock) : lock_(lock) { lock_.acquire_shared(); }
        ~Reading() { lock_.mutex_.unlock_shared(); }
        Reading(const Reading&) = delete;
        Reading& operator=(const Reading&) = delete;

    private:
        ObjectLock& lock_;
    };

private:
    // A progress callback or a signal handler may call the very object that is at work: refused, not deadlocked.
    void refuse_owner() const {
        if (owner_ != std::this_thread::get_id()) return;
        raise(PyExc_RuntimeError, "this object is in the middle of another call on the same thread");
    }

    void acquire() {
        refuse_owner();
        if (!mutex_.try_lock()) {
            const nb::gil_scoped_release unlocked;
            mutex_.lock();
        }
        owner_ = std::this_thread::get_id();
    }

    void acquire_shared() {
        refuse_owner();
        if (mutex_.try_lock_shared()) return;
        const nb::gil_scoped_release unlocked;
        mutex_.lock_shared();
    }

    void release() {
        owner_ = std::thread::id();
        mutex_.unlock();
    }

    std::shared_mutex mutex_;
    std::atomic<std::thread::id> owner_;
};

}  // namespace kith::python
