// Trees as only a damaged file has them, for tests of whatever follows their nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "index/forest/forest_data.hpp"
#include "index/forest/layout.hpp"
#include "storage/region.hpp"

namespace kith::test {

inline constexpr std::size_t kDamagedItems = 50;

// Three trees over kDamagedItems items of 3 dimensions, whose nodes point back to themselves, just beyond the file or,
// if `anywhere`, wherever 32 bits reach.
inline std::shared_ptr<const index::ForestData> damaged_forest(std::mt19937& random, bool anywhere) {
    const index::NodeLayout layout = index::layout_of(Metric::kEuclidean, 3, DotLayout::kAuto);
    constexpr std::size_t kNodes = 90;
    storage::Buffer buffer(kNodes * layout.node_bytes);
    for (std::size_t at = 0; at + 4 <= buffer.size(); at += 4) {
        index::store(buffer.data() + at, anywhere ? static_cast<std::uint32_t>(random())
                                                  : static_cast<std::uint32_t>(random() % (kNodes + 5)));
    }
    return std::make_shared<const index::ForestData>(Metric::kEuclidean, std::size_t{3}, DotLayout::kAuto,
                                                     std::move(buffer).freeze(), kDamagedItems,
                                                     std::vector<std::uint32_t>{89, 88, 60}, "");
}

}  // namespace kith::test
