// Items that wait to become a graph, in the order in which they came; searches compare with all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "index/dynamic/segment.hpp"
#include "index/row_store.hpp"
#include "storage/region.hpp"

namespace kith::index {

// What a search reads in about 50 microseconds, in items.
[[nodiscard]] std::size_t buffer_capacity(Metric metric, std::size_t dim) noexcept;

inline constexpr std::size_t kMostWaiting = std::size_t{1} << 20;

// A value: copies share the rows, each sees its own number of them. Searches of one copy may run while the next copy
// is written to, as rows that a copy counts never change; only the latest copy may be appended to.
class WaitingItems {
public:
    WaitingItems(Metric metric, std::size_t dim, std::size_t capacity);

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    // Rows in use, removed ones included.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t count() const noexcept { return size_ - n_removed_; }

    // REQUIRES: size() < capacity(), the vector is finite.
    void append(Id id, std::span<const float> vector);

    // REQUIRES: row_of(id) gave `row`.
    void remove(std::size_t row);

    [[nodiscard]] std::optional<std::size_t> row_of(Id id) const noexcept;
    [[nodiscard]] Id id_of(std::size_t row) const noexcept { return block_->ids[row]; }
    [[nodiscard]] bool is_left(std::size_t row) const noexcept {
        return (removed_[row / 64] >> (row % 64) & 1) == 0;
    }

    // The size() rows.
    [[nodiscard]] RowStore rows() const;

    void append_to(ItemRows& items) const;

private:
    // Room for some of the items; replaced by a larger one when full, as the file that names a capacity may lie.
    struct Block {
        storage::Buffer rows;
        std::vector<Id> ids;
    };

    [[nodiscard]] std::shared_ptr<Block> make_block(std::size_t items) const;
    void grow();

    Metric metric_;
    std::size_t dim_;
    std::size_t capacity_;
    std::shared_ptr<Block> block_;
    std::size_t size_ = 0;
    std::size_t n_removed_ = 0;
    std::vector<std::uint64_t> removed_;
};

}  // namespace kith::index
