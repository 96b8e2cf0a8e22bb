#include "index/forest/item_node.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "kernel/select.hpp"

namespace kith::index {
namespace {

TEST(ItemNode, AngularCarriesItsSquaredLength) {
    const NodeLayout layout = layout_of(Metric::kAngular, 3, DotLayout::kAuto);
    const std::vector<float> vector = {1, 2, 3};
    std::vector<std::byte> node(layout.node_bytes, std::byte{0xff});
    write_item(Metric::kAngular, layout, kernel::active(), vector.data(), node.data());
    EXPECT_EQ(descendants(node.data()), 1);
    EXPECT_FLOAT_EQ(load<float>(node.data() + 4), 14);
    EXPECT_EQ(load<std::int32_t>(node.data() + 8), 0);
    EXPECT_EQ(load<float>(node.data() + 12 + 8), 3);
}

TEST(ItemNode, OthersHaveAZeroHeader) {
    for (const Metric metric : {Metric::kEuclidean, Metric::kManhattan, Metric::kDot}) {
        const NodeLayout layout = layout_of(metric, 1, DotLayout::kAuto);
        const float vector = 5;
        std::vector<std::byte> node(layout.node_bytes, std::byte{0xff});
        write_item(metric, layout, kernel::active(), &vector, node.data());
        EXPECT_EQ(descendants(node.data()), 1);
        for (std::size_t i = 4; i < 16; ++i) EXPECT_EQ(node[i], std::byte{0});
        EXPECT_EQ(load<float>(node.data() + 16), 5);
    }
}

TEST(DotFactors, BringEveryItemToTheSameLength) {
    for (const DotLayout dot_layout : {DotLayout::kRelease, DotLayout::kHead}) {
        const NodeLayout layout = layout_of(Metric::kDot, 2, dot_layout);
        const float vectors[4][2] = {{3, 4}, {0, 0}, {1, 0}, {0, 2}};
        std::vector<std::byte> nodes(5 * layout.node_bytes);  // the last is a hole
        for (std::size_t i = 0; i < 4; ++i) {
            write_item(Metric::kDot, layout, kernel::active(), vectors[i], nodes.data() + i * layout.node_bytes);
        }
        set_dot_factors(dot_layout, layout, 2, kernel::active(), nodes.data(), 5);
        for (std::size_t i = 0; i < 4; ++i) {
            const std::byte* node = nodes.data() + i * layout.node_bytes;
            const auto factor = load<float>(node + 12);
            EXPECT_FLOAT_EQ(std::hypot(vectors[i][0], vectors[i][1], factor), 5);
            if (dot_layout == DotLayout::kHead) {
                EXPECT_FLOAT_EQ(load<float>(node + 16), 25);
                EXPECT_EQ(load<std::uint8_t>(node + 20), 1);
            }
        }
        EXPECT_EQ(load<float>(nodes.data() + 4 * layout.node_bytes + 12), 0);
    }
}

TEST(Bits, ArePackedFromTheLowestAndComeBack) {
    std::vector<float> vector(70, 0.5F);  // not above a half
    vector[0] = 1;
    vector[63] = 0.51F;
    vector[64] = 7;
    std::vector<std::uint64_t> words(2, ~0ULL);
    pack_bits(vector, words);
    EXPECT_EQ(words[0], 1ULL | 1ULL << 63);
    EXPECT_EQ(words[1], 1ULL);
    std::vector<float> back(70);
    unpack_bits(reinterpret_cast<const std::byte*>(words.data()), back);
    for (std::size_t i = 0; i < 70; ++i) EXPECT_EQ(back[i], vector[i] > 0.5F ? 1 : 0);
}

TEST(CopyVector, RefusesTheWrongRoom) {
    const float stored[2] = {1, 2};
    std::vector<float> out(3);
    EXPECT_THROW(copy_vector(Metric::kDot, 2, reinterpret_cast<const std::byte*>(stored), out), InvalidArgument);
}

}  // namespace
}  // namespace kith::index
