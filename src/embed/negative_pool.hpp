// Random words that stay for a while.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/random.hpp"
#include "embed/negative_sampler.hpp"

namespace kith::embed {

// Draws come from a few hundred places, each of which holds a word of the sampler's for some four draws before it gets another. So most
// rows of negative samples are still in a core's cache when they are wanted again, and in the long run every word is drawn as
// often as by the sampler. bench/RESULTS.md has what that does to speed and to the quality of vectors.
class NegativePool {
public:
    static constexpr std::size_t kPlaces = 256;

    // One draw in so many gives its place a new word.
    static constexpr std::uint32_t kStay = 4;

    explicit NegativePool(const NegativeSampler& sampler) noexcept : sampler_(sampler) { clear(); }

    // Empties all places, so that what is drawn depends on the stream alone.
    void clear() noexcept { words_.fill(kNone); }

    [[nodiscard]] std::uint32_t draw(Random& random) noexcept {
        const std::uint64_t bits = random.next();
        std::uint32_t& word = words_[bits % kPlaces];
        if (word == kNone || bits >> 32 < kRenewed) word = sampler_.draw(random);
        return word;
    }

private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint64_t kRenewed = (std::uint64_t{1} << 32) / kStay;

    const NegativeSampler& sampler_;
    std::array<std::uint32_t, kPlaces> words_;
};

}  // namespace kith::embed
