// The checksum of headers, tables and sections: XXH3, 64 bits, seed 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace kith::storage {

[[nodiscard]] std::uint64_t checksum(std::span<const std::byte> bytes) noexcept;

// The same over bytes that come in parts.
class RunningChecksum {
public:
    RunningChecksum();
    ~RunningChecksum();
    RunningChecksum(const RunningChecksum&) = delete;
    RunningChecksum& operator=(const RunningChecksum&) = delete;

    void reset() noexcept;
    void add(std::span<const std::byte> bytes) noexcept;
    [[nodiscard]] std::uint64_t value() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kith::storage
