// Putting a handful of values in order.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace kith {

inline constexpr std::size_t kFew = 32;

// Ascending; equal values keep their order. Compares all with all: that many comparisons cost less than the branches
// that a clever order of comparing mispredicts. REQUIRES: values.size() <= kFew.
template <class T>
void sort_few(std::span<T> values) noexcept {
    std::array<T, kFew> was;
    std::array<std::size_t, kFew> place;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const T value = values[i];
        std::size_t before = i;
        for (std::size_t j = 0; j < i; ++j) {
            const auto later = static_cast<std::size_t>(value < was[j]);
            place[j] += later;
            before -= later;
        }
        was[i] = value;
        place[i] = before;
    }
    for (std::size_t i = 0; i < values.size(); ++i) values[place[i]] = was[i];
}

}  // namespace kith
