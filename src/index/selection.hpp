// Which of an index's items one search may answer with: its filter and the ids that it leaves out, in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/filter.hpp>
#include <kith/index.hpp>

namespace kith::index {

// A view, made by each search; nothing is allocated.
class Selection {
public:
    // All items.
    Selection() = default;

    // `self` is the item that is searched for, or kNoId. Throws InvalidArgument when the filter is for another number
    // of items.
    Selection(const SearchOptions& options, std::size_t size, Id self = kNoId);

    // Whether nothing is left out, so that nothing need be asked.
    [[nodiscard]] bool everything() const noexcept {
        return filter_ == nullptr && left_out_[0] == kNoId && left_out_[1] == kNoId;
    }

    // Whether some items are left out by more than name: searches have to try harder.
    [[nodiscard]] bool filtered() const noexcept { return filter_ != nullptr; }

    [[nodiscard]] bool allows(Id id) const {
        return id != left_out_[0] && id != left_out_[1] && (filter_ == nullptr || filter_->allows(id));
    }

    // Items allowed, about: a bitmap knows, of a condition a few hundred ids are asked. At least 1 unless none is.
    [[nodiscard]] std::size_t count() const;

    // count() as a share of all, above 0: efforts are divided by it.
    [[nodiscard]] double share() const;

    // Adds the ids allowed, ascending.
    void append_to(std::vector<std::uint32_t>& ids) const;

private:
    const IdFilter* filter_ = nullptr;
    Id left_out_[2] = {kNoId, kNoId};
    std::size_t size_ = 0;
};

}  // namespace kith::index
