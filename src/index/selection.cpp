#include "index/selection.hpp"

#include <algorithm>
#include <bit>

#include <kith/error.hpp>

#include "base/format.hpp"

namespace kith::index {
namespace {

// Ids that a condition is asked about to tell how many it allows.
constexpr std::size_t kSample = 512;

}  // namespace

Selection::Selection(const SearchOptions& options, std::size_t size, Id self)
    : filter_(options.filter), left_out_{options.exclude, options.exclude_self ? self : kNoId}, size_(size) {
    if (filter_ != nullptr && !filter_->is_condition() && filter_->size() != size) {
        throw InvalidArgument(
            formatted("the filter is for an index of {} items; this one has {}", filter_->size(), size));
    }
}

std::size_t Selection::count() const {
    if (filter_ == nullptr || size_ == 0) return size_;
    if (!filter_->is_condition()) return filter_->count();
    const std::size_t asked = std::min(kSample, size_);
    std::size_t allowed = 0;
    for (std::size_t i = 0; i < asked; ++i) {
        // Spread over all, and not in step with anything that repeats.
        const std::size_t id = asked == size_ ? i : i * 0x9E3779B97F4A7C15U % size_;
        allowed += filter_->allows(static_cast<Id>(id)) ? 1 : 0;
    }
    return std::max<std::size_t>(allowed * size_ / asked, 1);
}

double Selection::share() const {
    if (size_ == 0) return 1;
    return static_cast<double>(std::max<std::size_t>(count(), 1)) / static_cast<double>(size_);
}

void Selection::append_to(std::vector<std::uint32_t>& ids) const {
    if (filter_ == nullptr || filter_->is_condition()) {
        for (std::size_t id = 0; id < size_; ++id) {
            if (allows(static_cast<Id>(id))) ids.push_back(static_cast<std::uint32_t>(id));
        }
        return;
    }
    const std::span<const std::uint64_t> words = filter_->words();
    for (std::size_t w = 0; w < words.size(); ++w) {
        for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
            const auto id = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
            const auto as_id = static_cast<Id>(id);
            if (as_id != left_out_[0] && as_id != left_out_[1]) ids.push_back(static_cast<std::uint32_t>(id));
        }
    }
}

}  // namespace kith::index
