// Annoy's random numbers: G. Marsaglia's 64-bit KISS (2009), a sum of three independent generators with a period
// of about 2^250.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kith::index {

class Kiss64 {
public:
    // A seed of 0 is taken as 1.
    explicit constexpr Kiss64(std::uint64_t seed) noexcept : multiply_(seed == 0 ? 1 : seed) {}

    // The stream of one tree: the same whichever thread grows it. Tree 0 has the plain seed's stream; the others
    // start from well-mixed seeds (splitmix64), because KISS maps close seeds to correlated first numbers.
    [[nodiscard]] static constexpr Kiss64 of_tree(std::uint64_t seed, std::uint64_t tree) noexcept {
        if (tree == 0) return Kiss64(seed);
        std::uint64_t z = seed + tree * 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return Kiss64(z ^ (z >> 31));
    }

    constexpr std::uint64_t next() noexcept {
        congruential_ = 6906969069U * congruential_ + 1234567U;
        xorshift_ ^= xorshift_ << 13;
        xorshift_ ^= xorshift_ >> 17;
        xorshift_ ^= xorshift_ << 43;
        const std::uint64_t t = (multiply_ << 58) + carry_;
        carry_ = multiply_ >> 6;
        multiply_ += t;
        carry_ += multiply_ < t ? 1 : 0;
        return congruential_ + xorshift_ + multiply_;
    }

    constexpr bool flip() noexcept { return (next() & 1) != 0; }

    // In [0, n). REQUIRES: n > 0.
    constexpr std::size_t below(std::size_t n) noexcept {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::size_t>(Wide{next()} * n >> 64);
    }

private:
    std::uint64_t multiply_;
    std::uint64_t xorshift_ = 362436362436362436U;
    std::uint64_t congruential_ = 1066149217761810U;
    std::uint64_t carry_ = 123456123456123456U;
};

}  // namespace kith::index
