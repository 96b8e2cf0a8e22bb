#include "kernel/nibble_store.hpp"

#include <cstring>
#include <new>

namespace kith::kernel {
namespace {

constexpr std::align_val_t kAlignment{64};

// Making codes takes as long as some 50 scans, and saves most of each that follows: whoever has searched so often is
// likely to go on.
constexpr std::size_t kScans = 16;

}  // namespace

void NibbleStore::Free::operator()(std::byte* p) const noexcept {
    ::operator delete(p, kAlignment);
}

const NibbleRows* NibbleStore::serve(const FloatRowsView& rows, Metric metric, std::size_t queries) const {
    if (!can_use_nibbles() || !has_nibbles(metric, Scalar::kFloat32, rows.count, rows.dim)) return nullptr;
    if (!ready_) {
        if (served_.fetch_add(queries, std::memory_order_relaxed) + queries < kScans) return nullptr;
        try {
            (void)make(rows, metric);
        } catch (const std::bad_alloc&) {
            return nullptr;
        }
    }
    return &rows_;
}

std::span<const std::byte> NibbleStore::make(const FloatRowsView& rows, Metric metric) const {
    if (!ready_) {
        std::call_once(once_, [&] {
            const std::size_t size = nibble_bytes(rows.count, rows.dim);
            memory_.reset(static_cast<std::byte*>(::operator new(size, kAlignment)));
            std::memset(memory_.get(), 0, size);
            encode_nibbles(rows, metric, 1, {memory_.get(), size});
            bytes_ = {memory_.get(), size};
            rows_ = NibbleRows(bytes_);
            ready_ = true;
        });
    }
    return bytes_;
}

}  // namespace kith::kernel
