#include "embed/negative_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kith::embed {

NegativeSampler::NegativeSampler(std::span<const std::uint64_t> counts, double exponent) : cells_(counts.size()) {
    const std::size_t n = counts.size();
    // Relative to the largest count, so that no exponent overflows.
    const auto largest = static_cast<double>(n == 0 ? 0 : *std::max_element(counts.begin(), counts.end()));
    std::vector<double> share(n);
    double total = 0;
    for (std::size_t i = 0; i < n; ++i) {
        share[i] = counts[i] == 0 ? 0 : std::pow(static_cast<double>(counts[i]) / largest, exponent);
        total += share[i];
    }
    for (double& each : share) each = total > 0 ? each / total * static_cast<double>(n) : 1;

    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::size_t i = n; i-- > 0;) (share[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
    constexpr auto kAlways = std::numeric_limits<std::uint32_t>::max();
    while (!small.empty() && !large.empty()) {
        const std::uint32_t low = small.back();
        const std::uint32_t high = large.back();
        small.pop_back();
        cells_[low] = {static_cast<std::uint32_t>(std::min(share[low] * 0x1p32, double{kAlways})), high};
        share[high] -= 1 - share[low];
        if (share[high] < 1) {
            large.pop_back();
            small.push_back(high);
        }
    }
    // What rounding has left over is full.
    for (const auto& rest : {small, large}) {
        for (const std::uint32_t i : rest) cells_[i] = {kAlways, i};
    }
}

}  // namespace kith::embed
