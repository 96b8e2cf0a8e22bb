// Splits chosen and measured by the items themselves: by a hyperplane between two sampled centroids or, for bits, by
// one of them. For what codes cannot tell apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/forest/grove.hpp"
#include "index/forest/kiss64.hpp"
#include "index/forest/split_source.hpp"
#include "index/forest/two_means.hpp"

namespace kith::index {

class Splitter final : public SplitSource {
public:
    explicit Splitter(const Grove& grove);

    [[nodiscard]] std::uint32_t begin(Kiss64& random) override;
    [[nodiscard]] Split split(std::size_t first, std::size_t count, std::uint32_t upper, Kiss64& random,
                              std::byte* plane) override;
    void copy_ids(std::size_t first, std::size_t count, std::uint32_t* out) override;
    // The plane is all of its node.
    [[nodiscard]] std::size_t plane_bytes() const noexcept override { return grove_.layout.node_bytes; }
    void write_plane(const std::byte* plane, std::byte* node) const override;

private:
    static constexpr std::size_t kSteps = 200;  // Annoy's figure: how many rows move the centroids

    void choose_plane(std::size_t first, std::size_t count, Kiss64& random, std::byte* node);
    [[nodiscard]] std::size_t cut(std::size_t first, std::size_t count, Kiss64& random, std::byte* node);
    [[nodiscard]] std::span<const float* const> draw(std::size_t first, std::size_t count, Kiss64& random);
    void measure_plane(std::size_t first, std::size_t count, Kiss64& random);

    void choose_bit(std::size_t first, std::size_t count, Kiss64& random, std::byte* node);
    // Returns how many have the bit.
    std::size_t measure_bit(std::size_t first, std::size_t count, std::size_t dimension);

    std::size_t partition(std::size_t first, std::size_t count);
    std::size_t halve(std::size_t first, std::size_t count, Kiss64& random);

    const Grove& grove_;
    TwoMeans means_;
    std::vector<std::uint32_t> ids_;
    std::vector<float> margins_;  // of the range being split; above zero: right
    std::vector<std::uint32_t> spare_;
    std::vector<float> sample_;
    std::array<const float*, kSteps + 2> drawn_{};
};

}  // namespace kith::index
