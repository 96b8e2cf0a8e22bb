// The best few of many candidates: what every search collects into.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <kith/types.hpp>

#include "base/sort_few.hpp"

namespace kith {

// Lower ranks are nearer; equal ranks are ordered by id. Compares without a branch: which of two is nearer cannot be
// predicted.
struct Candidate {
    float rank;
    Id id;

    [[nodiscard]] friend constexpr bool operator<(const Candidate& a, const Candidate& b) noexcept {
        const int nearer = static_cast<int>(a.rank < b.rank);
        const int as_near = static_cast<int>(a.rank == b.rank);
        return (nearer | (as_near & static_cast<int>(a.id < b.id))) != 0;
    }
    [[nodiscard]] friend constexpr bool operator==(const Candidate& a, const Candidate& b) noexcept {
        return a.rank == b.rank && a.id == b.id;
    }
};

// Keeps the `k` least of the candidates pushed, in a heap with the worst on top: O(log k) for one that gets in,
// one comparison for one that does not. What is kept does not depend on the order of pushing. A NaN rank counts
// as infinity.
class TopK {
public:
    explicit TopK(std::size_t k = 0) { reset(k); }

    // Empties it and sets how many to keep. Allocates nothing until candidates come, and then reuses what it has.
    void reset(std::size_t k) {
        k_ = k;
        heap_.clear();
        descending_ = false;
        update_threshold();
    }

    // Makes room at once, so that no push allocates.
    void reserve() { heap_.reserve(k_); }

    [[nodiscard]] std::size_t k() const noexcept { return k_; }
    [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
    [[nodiscard]] bool full() const noexcept { return heap_.size() >= k_; }

    // No candidate of a greater rank can get in; one of this very rank may, by its id. Infinity until full; with
    // k = 0 minus infinity.
    [[nodiscard]] float threshold() const noexcept { return threshold_; }

    void push(float rank, Id id) {
        if (rank > threshold_) return;
        push_slow(rank, id);
    }

    // Pushes all of them: candidates that are but few and the first are put in order at once.
    void push_all(std::span<const float> ranks, std::span<const std::uint32_t> ids) {
        if (!heap_.empty() || ranks.size() > kFew) {
            for (std::size_t i = 0; i < ranks.size(); ++i) push(ranks[i], ids[i]);
            return;
        }
        for (std::size_t i = 0; i < ranks.size(); ++i) heap_.push_back(candidate(ranks[i], ids[i]));
        sort_few(std::span(heap_));
        if (heap_.size() > k_) heap_.resize(k_);
        // From the worst to the best is a heap.
        std::ranges::reverse(heap_);
        descending_ = true;
        update_threshold();
    }

    // Sorts what was kept, nearest first, and gives it; push nothing before the next reset().
    [[nodiscard]] std::span<const Candidate> sorted() {
        if (descending_) {
            std::ranges::reverse(heap_);
        } else {
            std::sort_heap(heap_.begin(), heap_.end());
        }
        descending_ = false;
        return heap_;
    }

private:
    static constexpr float kInfinity = std::numeric_limits<float>::infinity();

    static Candidate candidate(float rank, Id id) noexcept { return {rank == rank ? rank : kInfinity, id}; }

    void push_slow(float rank, Id id) {
        const Candidate pushed = candidate(rank, id);
        descending_ = false;
        if (!full()) {
            heap_.push_back(pushed);
            std::push_heap(heap_.begin(), heap_.end());
        } else if (k_ != 0 && pushed < heap_.front()) {
            std::pop_heap(heap_.begin(), heap_.end());
            heap_.back() = pushed;
            std::push_heap(heap_.begin(), heap_.end());
        } else {
            return;
        }
        update_threshold();
    }

    void update_threshold() noexcept {
        if (!full()) {
            threshold_ = kInfinity;
        } else {
            threshold_ = k_ == 0 ? -kInfinity : heap_.front().rank;
        }
    }

    std::vector<Candidate> heap_;
    bool descending_ = false;
    std::size_t k_ = 0;
    float threshold_ = kInfinity;
};

}  // namespace kith
