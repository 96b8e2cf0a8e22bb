// Which share of each word's occurrences is trained (Mikolov et al. 2013, arXiv:1310.4546, section 2.3, as word2vec
// computes it).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kith::embed {

// The chance that an occurrence of a word stays. With t = sample * total, or a count when sample >= 1:
// (sqrt(count / t) + 1) * t / count, at most 1; sample = 0 keeps everything.
[[nodiscard]] double keep_probability(std::uint64_t count, std::uint64_t total, double sample) noexcept;

// Per word the threshold T: keep an occurrence when 32 random bits are <= T. 2^32 - 1 always keeps.
[[nodiscard]] std::vector<std::uint32_t> keep_thresholds(std::span<const std::uint64_t> counts, std::uint64_t total,
                                                         double sample);

}  // namespace kith::embed
