// The codes of one set of rows, made when enough has been searched for them to pay.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>

#include <kith/types.hpp>

#include "kernel/nibble_rows.hpp"

namespace kith::kernel {

// Safe from any thread. The rows do not change and are given anew at every call.
class NibbleStore {
public:
    NibbleStore() = default;

    // Codes that a file holds, which outlives this. REQUIRES: they fit (NibbleRows::fits).
    explicit NibbleStore(std::span<const std::byte> bytes) noexcept : bytes_(bytes), rows_(bytes) { ready_ = true; }

    // What answers `queries` more queries: null where the rows have no codes, the CPU is no faster with them, or a few
    // scans cost less than making them. What is found does not depend on it.
    [[nodiscard]] const NibbleRows* serve(const FloatRowsView& rows, Metric metric, std::size_t queries) const;

    // The codes, made now if need be. REQUIRES: has_nibbles().
    [[nodiscard]] std::span<const std::byte> make(const FloatRowsView& rows, Metric metric) const;

    // Of the codes, if they are made.
    [[nodiscard]] std::size_t bytes() const noexcept { return ready_ ? bytes_.size() : 0; }

private:
    struct Free {
        void operator()(std::byte* p) const noexcept;
    };

    mutable std::once_flag once_;
    mutable std::unique_ptr<std::byte, Free> memory_;
    mutable std::span<const std::byte> bytes_;
    mutable NibbleRows rows_;
    mutable std::atomic<bool> ready_{false};
    mutable std::atomic<std::size_t> served_{0};
};

}  // namespace kith::kernel
