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
        std::size_t at = heap_.size() - 1;
        while (at > 0) {
            const std::size_t parent = (at - 1) / 2;
            if (heap_[parent] >= key) break;
            heap_[at] = heap_[parent];
            at = parent;
        }
        heap_[at] = key;
    }

    std::uint64_t pop() noexcept {
        const std::uint64_t last = heap_.back();
        heap_.pop_back();
        return heap_.empty() ? last : replace_top(last);
    }

    // pop() and push(key) in one.
    std::uint64_t replace_top(std::uint64_t key) noexcept {
        std::uint64_t* const heap = heap_.data();
        const std::size_t size = heap_.size();
        const std::uint64_t top = heap[0];
        std::size_t at = 0;
        for (std::size_t child = 1; child < size; child = 2 * at + 1) {
            // Arithmetic instead of a branch, which would be a coin toss.
            if (child + 1 < size) child += heap[child + 1] > heap[child] ? 1 : 0;
            if (heap[child] <= key) break;
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = key;
        return top;
    }

private:
    std::vector<std::uint64_t> heap_;
};

struct ReachedLeaf {
    std::uint64_t key;
    std::uint32_t count;  // ids in it

    [[nodiscard]] friend bool operator>(const ReachedLeaf& a, const ReachedLeaf& b) noexcept {
        return a.key > b.key;
    }
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

    // Nothing is given up before there are enough, so that order matters only from then on. `lost` is called with
    // each leaf that is given up.
    template <class Lost>
    void add(std::uint64_t key, std::uint32_t count, Lost lost) {
        if (count == 0) return;
        const bool heap = total_ >= wanted_;
        leaves_.push_back({key, count});
        total_ += count;
        if (total_ < wanted_) return;
        if (heap) {
            std::push_heap(leaves_.begin(), leaves_.end(), std::greater<>());
        } else {
            std::make_heap(leaves_.begin(), leaves_.end(), std::greater<>());
        }
        while (total_ - leaves_.front().count >= wanted_) {
            lost(leaves_.front());
            total_ -= leaves_.front().count;
            std::pop_heap(leaves_.begin(), leaves_.end(), std::greater<>());
            leaves_.pop_back();
        }
    }

    void add(std::uint64_t key, std::uint32_t count) {
        add(key, count, [](const ReachedLeaf&) {});
    }

    // No leaf below this key can get in any more; 0 until there are enough.
    [[nodiscard]] std::uint64_t floor() const noexcept { return total_ >= wanted_ ? leaves_.front().key : 0; }

    // Greatest key first; add nothing before the next reset().
    void sort() { std::sort(leaves_.begin(), leaves_.end(), std::greater<>()); }

    // Ids in the leaves, repetitions counted.
    [[nodiscard]] std::size_t total() const noexcept { return total_; }
    [[nodiscard]] std::size_t missing() const noexcept { return wanted_ - std::min(total_, wanted_); }
    [[nodiscard]] const std::vector<ReachedLeaf>& leaves() const noexcept { return leaves_; }

private:
    std::vector<ReachedLeaf> leaves_;
    std::size_t wanted_ = 1;
    std::size_t total_ = 0;
};

}  // namespace kith::index
