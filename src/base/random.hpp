// Random numbers keyed by work item, so that results do not depend on how work is shared out.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kith {

// SplitMix64 (Steele, Lea and Flood 2014).
class Random {
public:
    explicit constexpr Random(std::uint64_t seed) noexcept : state_(seed) {}

    // The stream of one item: the same whoever draws from it.
    [[nodiscard]] static constexpr Random stream(std::uint64_t seed, std::uint64_t item) noexcept {
        Random mixer(seed ^ (item + 1) * 0xD1342543DE82EF95U);
        return Random(mixer.next());
    }

    constexpr std::uint64_t next() noexcept {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }

    // In [0, n), n > 0. The bias is below n / 2^64.
    constexpr std::size_t below(std::size_t n) noexcept { return next() % n; }

private:
    std::uint64_t state_;
};

}  // namespace kith
