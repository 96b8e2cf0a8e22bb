#include "index/forest/crown.hpp"

#include <algorithm>

#include "index/forest/even.hpp"

namespace kith::index {
namespace {

// Rows whose codes fit in half of the second-level cache beside other things.
constexpr std::size_t kNearBytes = std::size_t{1} << 19;

// Rows of the sample for each leaf of the crown.
constexpr std::size_t kSamplesPerLeaf = 128;

// Rows that go down together.
constexpr std::size_t kBlockBytes = std::size_t{1} << 18;
constexpr std::size_t kLeastBlock = 1024;

}  // namespace

Crown::Crown(const Grove& grove, CodedPlanes& planes, NearSplitter& splitter)
    : grove_(grove), planes_(planes), splitter_(splitter) {}

std::uint32_t Crown::grow(std::span<std::uint32_t> ids, Kiss64& random) {
    used_ = 0;
    const std::size_t leaf_rows =
        std::max<std::size_t>(kNearBytes / grove_.codes->stride(), grove_.layout.leaf_capacity);
    if (ids.size() < 2 * leaf_rows) return kNone;
    const std::size_t leaves = ids.size() / leaf_rows + 1;
    const std::size_t wanted = std::min(leaves * kSamplesPerLeaf, ids.size() / 2);
    sample_.resize(wanted);
    for (std::size_t i = 0; i < wanted; ++i) {
        const std::size_t first = i * ids.size() / wanted;
        const std::size_t last = (i + 1) * ids.size() / wanted;
        sample_[i] = ids[first + random.below(last - first)];
    }
    splitter_.load(sample_);
    const std::uint32_t root = choose(0, wanted, std::max<std::size_t>(wanted / leaves, 2), random);
    if (root != kNone) route(ids, random);
    return root;
}

// Nodes in pre-order, so that their leaves come from left to right.
std::uint32_t Crown::choose(std::size_t first, std::size_t count, std::size_t enough, Kiss64& random) {
    if (count <= enough) return kNone;
    if (nodes_.size() <= used_) nodes_.emplace_back();
    const auto node = static_cast<std::uint32_t>(used_);
    const std::size_t left = splitter_.split(first, count, random, nodes_[node].plane);
    if (nodes_[node].plane.blank()) return kNone;
    ++used_;
    const std::uint32_t first_child = choose(first, left, enough, random);
    const std::uint32_t second_child = choose(first + left, count - left, enough, random);
    nodes_[node].children[0] = first_child;
    nodes_[node].children[1] = second_child;
    nodes_[node].left = 0;
    return node;
}

void Crown::route(std::span<std::uint32_t> ids, Kiss64& random) {
    const std::size_t block = std::max(kBlockBytes / grove_.codes->stride(), kLeastBlock);
    margins_.resize(block);
    spare_.resize(block + 16);
    counts_.clear();
    for (std::size_t first = 0; first < ids.size(); first += block) {
        descend(0, 0, std::min(block, ids.size() - first), ids.data() + first, random);
    }
    gather_leaves(ids);
}

void Crown::descend(std::uint32_t node, std::size_t first, std::size_t count, std::uint32_t* ids, Kiss64& random) {
    if (node == kNone) {
        counts_.push_back(static_cast<std::uint32_t>(count));
        return;
    }
    std::size_t left = 0;
    if (count != 0) {
        const CodeView rows{grove_.codes->row(0), grove_.codes->stride()};
        planes_.margins(nodes_[node].plane, rows, {ids + first, count}, random, margins_.data());
        left = grove_.kernels->f32.partition(ids + first, margins_.data(), count, spare_.data());
    }
    nodes_[node].left += left;
    descend(nodes_[node].children[0], first, left, ids, random);
    descend(nodes_[node].children[1], first + left, count - left, ids, random);
}

// A crown of n splits has n + 1 leaves.
void Crown::gather_leaves(std::span<std::uint32_t> ids) {
    const std::size_t leaves = used_ + 1;
    routed_.assign(ids.begin(), ids.end());
    std::vector<std::size_t> ends(leaves);
    for (std::size_t i = 0; i < counts_.size(); ++i) ends[i % leaves] += counts_[i];
    std::size_t end = 0;
    for (std::size_t& each : ends) {
        const std::size_t size = each;
        each = end;
        end += size;
    }
    const std::uint32_t* from = routed_.data();
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        std::copy_n(from, counts_[i], ids.data() + ends[i % leaves]);
        from += counts_[i];
        ends[i % leaves] += counts_[i];
    }
}

}  // namespace kith::index
