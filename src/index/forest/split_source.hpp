// Where a growing tree gets its splits from: it holds a tree's ids, as an array of which every node has a range.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "index/forest/grove.hpp"
#include "index/forest/kiss64.hpp"

namespace kith::index {

// One per thread; serves one tree after the other.
class SplitSource {
public:
    // Upper nodes are those whose splits are known before their turn; kNone is none of them.
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    struct Split {
        std::size_t left;        // ids on the left side, which come first: at least one, fewer than all
        std::uint32_t upper[2];  // what the sides are to be split as
    };

    SplitSource() = default;
    virtual ~SplitSource() = default;
    SplitSource(const SplitSource&) = delete;
    SplitSource& operator=(const SplitSource&) = delete;

    // Starts the next tree, over all ids; returns what to split them as.
    [[nodiscard]] virtual std::uint32_t begin(Kiss64& random) = 0;

    // Splits the ids at [first, first + count), and writes plane_bytes() to `plane`. Ranges are split from the root
    // down, each subtree wholly before its sibling. REQUIRES: count > 1.
    [[nodiscard]] virtual Split split(std::size_t first, std::size_t count, std::uint32_t upper, Kiss64& random,
                                      std::byte* plane) = 0;

    // Writes the ids of a range that is split no further, ascending. Each range is asked for before its sibling is
    // split.
    virtual void copy_ids(std::size_t first, std::size_t count, std::uint32_t* out) = 0;

    [[nodiscard]] virtual std::size_t plane_bytes() const noexcept = 0;
    // Writes what split() wrote into a node whose bytes are zero.
    virtual void write_plane(const std::byte* plane, std::byte* node) const = 0;
};

// The right one for a grove: by codes, or by the items themselves.
[[nodiscard]] std::unique_ptr<SplitSource> split_source_of(const Grove& grove);

}  // namespace kith::index
