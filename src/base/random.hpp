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
        return Random(mix((seed ^ (item + 1) * 0xD1342543DE82EF95U) + kStep));
    }

    // The stream of an item of a series, e.g. of a job of an epoch.
    [[nodiscard]] static constexpr Random stream(std::uint64_t seed, std::uint64_t series,
                                                 std::uint64_t item) noexcept {
        return Random(mix(mix(mix(seed) ^ series) ^ (item + kStep)));
    }

    constexpr std::uint64_t next() noexcept { return mix(state_ += kStep); }

    // 32 random bits.
    constexpr std::uint32_t next32() noexcept { return static_cast<std::uint32_t>(next() >> 32); }

    // In [0, n), n > 0. The bias is below n / 2^64.
    constexpr std::size_t below(std::size_t n) noexcept { return next() % n; }

    // The same for small n, without a division. The bias is below n / 2^32.
    constexpr std::uint32_t below32(std::uint32_t n) noexcept {
        return static_cast<std::uint32_t>((static_cast<std::uint64_t>(next32()) * n) >> 32);
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

}  // namespace kith
