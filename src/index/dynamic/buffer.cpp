#include "index/dynamic/buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/metric.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kScannedBytes = std::size_t{1} << 19;
constexpr std::size_t kFewest = 128;
constexpr std::size_t kMost = 2048;

}  // namespace

std::size_t buffer_capacity(Metric metric, std::size_t dim) noexcept {
    return std::clamp(kScannedBytes / row_bytes(scalar_of(metric), dim), kFewest, kMost);
}

WaitingItems::WaitingItems(Metric metric, std::size_t dim, std::size_t capacity)
    : metric_(metric),
      dim_(dim),
      capacity_(capacity),
      block_(make_block(std::min(capacity, buffer_capacity(metric, dim)))),
      removed_((capacity + 63) / 64) {}

std::shared_ptr<WaitingItems::Block> WaitingItems::make_block(std::size_t items) const {
    auto block = std::make_shared<Block>();
    block->rows = storage::Buffer(items * row_bytes(scalar_of(metric_), dim_));
    block->ids.resize(items);
    return block;
}

void WaitingItems::grow() {
    const std::shared_ptr<Block> larger = make_block(std::min(capacity_, 2 * block_->ids.size()));
    std::ranges::copy(block_->rows.bytes(), larger->rows.data());
    std::ranges::copy(block_->ids, larger->ids.begin());
    block_ = larger;
}

void WaitingItems::append(Id id, std::span<const float> vector) {
    const std::size_t bytes = row_bytes(scalar_of(metric_), dim_);
    if (size_ == block_->ids.size()) grow();
    QueryMemory memory;
    std::memcpy(block_->rows.data() + size_ * bytes, rows().as_row(vector, memory), bytes);
    block_->ids[size_] = id;
    ++size_;
}

void WaitingItems::remove(std::size_t row) {
    removed_[row / 64] |= std::uint64_t{1} << (row % 64);
    ++n_removed_;
}

std::optional<std::size_t> WaitingItems::row_of(Id id) const noexcept {
    for (std::size_t row = 0; row < size_; ++row) {
        if (block_->ids[row] == id && is_left(row)) return row;
    }
    return std::nullopt;
}

RowStore WaitingItems::rows() const {
    return RowStore::of_stored({block_->rows.bytes(), block_}, size_, dim_, metric_);
}

void WaitingItems::append_to(ItemRows& items) const {
    const RowStore stored = rows();
    std::vector<float> vector(dim_);
    for (std::size_t row = 0; row < size_; ++row) {
        if (!is_left(row)) continue;
        stored.get(row, vector);
        items.add(block_->ids[row], vector);
    }
}

}  // namespace kith::index
