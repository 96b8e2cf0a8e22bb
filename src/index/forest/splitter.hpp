// Cutting a set of items in two: by a hyperplane between two sampled centroids or, for bits, by one of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/forest/grove.hpp"
#include "index/forest/kiss64.hpp"
#include "index/forest/row_codes.hpp"
#include "index/forest/two_means.hpp"

namespace kith::index {

// One per thread. Works on ranges of the array of ids given to begin(), which it permutes.
class Splitter {
public:
    explicit Splitter(const Grove& grove);

    // `ids` must stay where it is until the next begin().
    void begin(std::span<std::uint32_t> ids);

    // Chooses a split of ids [first, first + count), brings those of its left side to the front, writes the plane
    // (or bit) into `node` and returns how many are on the left: at least one, fewer than all. REQUIRES: count > 1.
    [[nodiscard]] std::size_t split(std::size_t first, std::size_t count, Kiss64& random, std::byte* node);

private:
    // Annoy's figures: how many rows move the centroids, and how many planes to try for an even split.
    static constexpr std::size_t kSteps = 200;
    static constexpr int kAttempts = 3;

    void choose_plane(std::size_t first, std::size_t count, Kiss64& random, std::byte* node);
    [[nodiscard]] std::span<const float* const> draw(std::size_t first, std::size_t count, Kiss64& random);
    void measure_plane(std::size_t first, std::size_t count, Kiss64& random);
    void measure_exactly(std::span<const std::uint32_t> ids, float* margins) const;

    void choose_bit(std::size_t first, std::size_t count, Kiss64& random, std::byte* node);
    // Returns how many have the bit.
    std::size_t measure_bit(std::size_t first, std::size_t count, std::size_t dimension);

    std::size_t partition(std::size_t first, std::size_t count);
    std::size_t halve(std::size_t first, std::size_t count, Kiss64& random);

    const Grove& grove_;
    TwoMeans means_;
    CodedPlane plane_;
    std::span<std::uint32_t> ids_;
    std::vector<float> margins_;  // of the range being split; above zero: right
    std::vector<std::uint32_t> spare_;
    std::vector<float> sample_;
    std::vector<std::uint32_t> doubtful_;  // places of the block being measured
    std::vector<std::uint32_t> doubtful_ids_;
    std::vector<float> exact_;
    std::array<const float*, kSteps + 2> drawn_{};
};

}  // namespace kith::index
