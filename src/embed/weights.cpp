#include "embed/weights.hpp"

#include <cstring>
#include <limits>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "kernel/train_types.hpp"

namespace kith::embed {

Weights::Weights(std::size_t rows, std::size_t cols)
    : rows_(rows),
      cols_(cols),
      stride_((cols + kernel::kTrainPadding - 1) / kernel::kTrainPadding * kernel::kTrainPadding) {
    if (rows == 0 || cols == 0) return;
    constexpr std::size_t kCacheLine = 64;
    constexpr std::size_t kHugePage = std::size_t{2} << 20;
    if (stride_ < cols || rows > (std::numeric_limits<std::size_t>::max() - kHugePage) / sizeof(float) / stride_) {
        throw std::bad_alloc();
    }
    const std::size_t needed = rows * stride_ * sizeof(float);
    const std::size_t alignment = needed < kHugePage ? kCacheLine : kHugePage;
    const std::size_t size = (needed + alignment - 1) / alignment * alignment;
    data_.reset(static_cast<float*>(std::aligned_alloc(alignment, size)));
    if (data_ == nullptr) throw std::bad_alloc();
#if defined(__linux__)
    // Rows are visited at random: with small pages nearly every visit would miss the TLB. A hint that may fail.
    if (alignment == kHugePage) static_cast<void>(madvise(data_.get(), size, MADV_HUGEPAGE));
#endif
    std::memset(data_.get(), 0, needed);
}

}  // namespace kith::embed
