// The two priority queues of a walk through the trees.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace kith::index {

// Nodes met and not yet visited, greatest key first (ordered_key.hpp).
class Frontier {
public:
    void clear() noexcept { heap_.clear(); }
    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
    [[nodiscard]] std::uint64_t top() const noexcept { return heap_.front(); }

    void push(std::uint64_t key) {
        heap_.push_back(key);
        std::push_heap(heap_.begin(), heap_.end());
    }

    std::uint64_t pop() noexcept {
        const std::uint64_t key = heap_.front();
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
        return key;
    }

private:
    std::vector<std::uint64_t> heap_;
};

struct Leaf {
    std::uint64_t key;
    std::uint32_t count;  // ids in it

    [[nodiscard]] friend bool operator>(const Leaf& a, const Leaf& b) noexcept { return a.key > b.key; }
};

// The leaves of greatest key that hold `wanted` ids between them, and no more leaves than that takes: those that
// a walk in strict order of keys meets before it stops, whatever order they are added in.
class LeafSet {
public:
    // REQUIRES: wanted > 0.
    void reset(std::size_t wanted) noexcept {
        leaves_.clear();
        wanted_ = wanted;
        total_ = 0;
    }

    void add(std::uint64_t key, std::uint32_t count) {
        if (count == 0) return;
        leaves_.push_back({key, count});
        std::push_heap(leaves_.begin(), leaves_.end(), std::greater<>());
        total_ += count;
        while (total_ - leaves_.front().count >= wanted_) {
            total_ -= leaves_.front().count;
            std::pop_heap(leaves_.begin(), leaves_.end(), std::greater<>());
            leaves_.pop_back();
        }
    }

    // No leaf below this key can get in any more; 0 until there are enough.
    [[nodiscard]] std::uint64_t floor() const noexcept { return total_ >= wanted_ ? leaves_.front().key : 0; }

    // Ids in the leaves, repetitions counted.
    [[nodiscard]] std::size_t total() const noexcept { return total_; }
    [[nodiscard]] const std::vector<Leaf>& leaves() const noexcept { return leaves_; }

private:
    std::vector<Leaf> leaves_;
    std::size_t wanted_ = 1;
    std::size_t total_ = 0;
};

}  // namespace kith::index
