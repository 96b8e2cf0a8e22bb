#include "embed/huffman.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace kith::embed {

HuffmanTree::HuffmanTree(std::span<const std::uint64_t> counts) {
    const std::size_t words = counts.size();
    first_.assign(words + 1, 0);
    if (words < 2) return;

    std::vector<std::size_t> order(words);  // leaf i is the word order[i]
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return counts[a] > counts[b]; });
    std::vector<std::size_t> leaf_of(words);
    for (std::size_t leaf = 0; leaf < words; ++leaf) leaf_of[order[leaf]] = leaf;

    // Leaves wait in order of count, rarest last; inner nodes are made in ascending order, so that two queues do.
    const std::size_t all = 2 * words - 1;
    std::vector<std::uint64_t> weight(all, std::numeric_limits<std::uint64_t>::max());
    for (std::size_t leaf = 0; leaf < words; ++leaf) weight[leaf] = counts[order[leaf]];
    std::vector<std::size_t> parent(all, 0);
    std::vector<bool> second(all, false);
    std::size_t leaf = words;   // leaves [0, leaf) wait
    std::size_t inner = words;  // inner nodes [inner, made) wait
    for (std::size_t made = words; made < all; ++made) {
        std::size_t child[2];
        for (std::size_t& each : child) {
            const bool take_leaf = leaf > 0 && (inner == made || weight[leaf - 1] < weight[inner]);
            each = take_leaf ? --leaf : inner++;
        }
        weight[made] = weight[child[0]] + weight[child[1]];
        parent[child[0]] = parent[child[1]] = made;
        second[child[1]] = true;
    }

    const std::size_t root = all - 1;
    for (std::size_t word = 0; word < words; ++word) {
        for (std::size_t node = leaf_of[word]; node != root; node = parent[node]) {
            nodes_.push_back(static_cast<std::uint32_t>(parent[node] - words));
            labels_.push_back(second[node] ? 0.0F : 1.0F);
        }
        const auto begin = static_cast<std::ptrdiff_t>(first_[word]);
        std::reverse(nodes_.begin() + begin, nodes_.end());
        std::reverse(labels_.begin() + begin, labels_.end());
        first_[word + 1] = nodes_.size();
        longest_ = std::max(longest_, first_[word + 1] - first_[word]);
    }
}

}  // namespace kith::embed
