// Random words in proportion to a power of their counts, each in constant time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"

namespace kith::embed {

// The alias method (Walker 1977; tables made as by Vose 1991).
class NegativeSampler {
public:
    NegativeSampler() = default;

    // REQUIRES: fewer than 2^32 - 1 counts. Weights count^exponent; a word of weight 0 is never drawn, unless all
    // are 0.
    NegativeSampler(std::span<const std::uint64_t> counts, double exponent);

    [[nodiscard]] std::uint32_t draw(Random& random) const noexcept {
        const std::uint64_t bits = random.next();
        const auto at = static_cast<std::uint32_t>(((bits >> 32) * cells_.size()) >> 32);
        const Cell cell = cells_[at];
        return static_cast<std::uint32_t>(bits) < cell.threshold ? at : cell.alias;
    }

    [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }

private:
    // A draw that lands on a cell stays with probability threshold / 2^32 and goes to its alias otherwise.
    struct Cell {
        std::uint32_t threshold;
        std::uint32_t alias;
    };
    std::vector<Cell> cells_;
};

}  // namespace kith::embed
