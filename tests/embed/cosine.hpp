#pragma once

#include <cmath>
#include <numeric>
#include <span>

namespace kith::test {

inline double cosine(std::span<const float> a, std::span<const float> b) {
    const double ab = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    return ab / std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0) *
                          std::inner_product(b.begin(), b.end(), b.begin(), 0.0));
}

}  // namespace kith::test
