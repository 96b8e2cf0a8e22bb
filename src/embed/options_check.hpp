// Refusing options that cannot work, in one wording.
#pragma once

#include <cstddef>

#include <kith/training.hpp>

namespace kith::embed {

// Sizes and numbers beyond this are refused.
inline constexpr std::size_t kMostOfAnything = std::size_t{1} << 30;

// Each word costs this many steps: a file that claims more would keep a caller waiting for ever.
inline constexpr std::size_t kMostNegatives = 100'000;

// All throw InvalidArgument naming the option, its value and its range.
void check_rate(const char* name, double value);               // finite, 0 or more
void check_at_least_one(const char* name, std::size_t value);  // 1 to kMostOfAnything
void check(const EmbeddingOptions& options);

}  // namespace kith::embed
