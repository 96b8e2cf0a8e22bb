#include "embed/weights.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include "kernel/train_types.hpp"

namespace kith::embed {

Weights::Weights(std::size_t rows, std::size_t cols)
    : rows_(rows),
      cols_(cols),
      stride_((cols + kernel::kTrainPadding - 1) / kernel::kTrainPadding * kernel::kTrainPadding) {
    if (rows == 0 || cols == 0) return;
    if (stride_ < cols || rows > std::numeric_limits<std::size_t>::max() / sizeof(float) / stride_) {
        throw std::bad_alloc();
    }
    memory_ = storage::Buffer(rows * stride_ * sizeof(float));
}

void copy_rows(const Weights& from, Weights& to, std::size_t first) noexcept {
    if (!from.empty()) std::copy_n(from.row(0), from.rows() * from.stride(), to.row(first));
}

}  // namespace kith::embed
