// Where a single query's result is put before Python gets it.
#pragma once

#include <utility>

#include <kith/index.hpp>

namespace kith::python {

// Each thread keeps one list, so that a query allocates nothing but what it returns. It is taken out meanwhile: a finalizer
// that Python runs between a search and the copy of its result may search on the same thread, and gets another.
class Scratch {
public:
    Scratch() : taken_(std::exchange(kept(), {})) {}
    ~Scratch() { kept() = std::move(taken_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    [[nodiscard]] Neighbors& operator*() noexcept { return taken_; }

private:
    static Neighbors& kept() noexcept {
        thread_local Neighbors neighbors;
        return neighbors;
    }

    Neighbors taken_;
};

}  // namespace kith::python
