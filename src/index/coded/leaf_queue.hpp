// The leaves of a coded forest from the nearest centroid on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/coded/coded_data.hpp"
#include "index/coded/scoring.hpp"

namespace kith::index {

// Codes put the leaves in rough order, a batch at a time is put in exact order.
class LeafQueue {
public:
    // Memory that one queue after the other uses.
    struct Scratch {
        std::vector<std::uint32_t> numbers;  // 0, 1, 2, …
        BestScored leaves;
        std::vector<std::uint32_t> rows;
        std::vector<float> ranks;
    };

    // `query` is prepared, `lookup` made for it; `batch` is about the number of leaves to be asked for.
    LeafQueue(const CodedData& data, std::span<const float> query, const std::uint8_t* lookup, std::size_t batch,
              Scratch& scratch);

    // n_leaves when there are no more.
    [[nodiscard]] std::size_t next();

private:
    void select(std::size_t wanted);
    void add_others();
    void sort_batch();

    const CodedData& data_;
    std::span<const float> query_;
    const std::uint8_t* lookup_;
    std::size_t batch_;
    Scratch& scratch_;
    std::span<std::uint64_t> leaves_;  // score << 32 | leaf, or ordered rank << 32 | leaf
    std::size_t at_ = 0;
    std::size_t sorted_ = 0;
    bool complete_ = true;  // all leaves, not the first batch alone
};

}  // namespace kith::index
