// Random streams of training: cheap, and each a function of what it is for, never of the thread that draws.
#pragma once

#include <cstdint>

namespace kith::embed {

// SplitMix64 (Steele, Lea and Flood 2014).
class Random {
public:
    explicit constexpr Random(std::uint64_t state) noexcept : state_(state) {}

    // The stream of one item of work, e.g. (seed, epoch, job).
    constexpr Random(std::uint64_t seed, std::uint64_t a, std::uint64_t b) noexcept
        : state_(mix(mix(mix(seed) ^ a) ^ (b + kStep))) {}

    constexpr std::uint64_t next() noexcept { return mix(state_ += kStep); }

    // 32 random bits.
    constexpr std::uint32_t next32() noexcept { return static_cast<std::uint32_t>(next() >> 32); }

    // Uniform in [0, bound), for bounds far below 2^32.
    constexpr std::uint32_t below(std::uint32_t bound) noexcept {
        return static_cast<std::uint32_t>((static_cast<std::uint64_t>(next32()) * bound) >> 32);
    }

    // Uniform in [0, 1).
    constexpr double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
    static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;

    static constexpr std::uint64_t mix(std::uint64_t z) noexcept {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

}  // namespace kith::embed
