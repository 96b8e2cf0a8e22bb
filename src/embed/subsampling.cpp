#include "embed/subsampling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kith::embed {

double keep_probability(std::uint64_t count, std::uint64_t total, double sample) noexcept {
    if (sample <= 0 || count == 0) return 1;
    // From 1 on, sample is a count: words up to that count are always kept; (3 + sqrt 5) / 2 is where the formula
    // reaches 1.
    const double threshold =
        sample < 1 ? sample * static_cast<double>(total) : std::floor(sample * (3 + std::sqrt(5.0)) / 2);
    const double ratio = threshold / static_cast<double>(count);
    return std::min(std::sqrt(ratio) + ratio, 1.0);
}

std::vector<std::uint32_t> keep_thresholds(std::span<const std::uint64_t> counts, std::uint64_t total,
                                           double sample) {
    std::vector<std::uint32_t> out(counts.size());
    std::transform(counts.begin(), counts.end(), out.begin(), [&](std::uint64_t count) {
        constexpr double kMax = std::numeric_limits<std::uint32_t>::max();
        return static_cast<std::uint32_t>(keep_probability(count, total, sample) * kMax);
    });
    return out;
}

}  // namespace kith::embed
