// The binary tree of hierarchical softmax: frequent words near the root (Huffman 1952).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kith::embed {

// For every word the inner nodes from the root down and the branch taken at each. Inner nodes are 0 .. words - 2,
// the root being the last.
class HuffmanTree {
public:
    HuffmanTree() = default;

    // REQUIRES: fewer than 2^32 - 1 counts.
    explicit HuffmanTree(std::span<const std::uint64_t> counts);

    [[nodiscard]] std::size_t words() const noexcept { return first_.empty() ? 0 : first_.size() - 1; }
    [[nodiscard]] std::size_t nodes() const noexcept { return words() == 0 ? 0 : words() - 1; }
    [[nodiscard]] std::size_t longest() const noexcept { return longest_; }

    [[nodiscard]] std::span<const std::uint32_t> path(std::size_t word) const noexcept {
        return {nodes_.data() + first_[word], first_[word + 1] - first_[word]};
    }

    // What logistic regression is to answer at each node of the path: 1 for the first branch (code 0), 0 for the
    // other.
    [[nodiscard]] std::span<const float> labels(std::size_t word) const noexcept {
        return {labels_.data() + first_[word], first_[word + 1] - first_[word]};
    }

private:
    std::vector<std::size_t> first_;  // where word's path begins; words + 1 of them
    std::vector<std::uint32_t> nodes_;
    std::vector<float> labels_;
    std::size_t longest_ = 0;
};

}  // namespace kith::embed
