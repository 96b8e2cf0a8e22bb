
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

#include "base/format.hpp"

namespace kith {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's method.
double beta_fraction(double a, double b, double x) {
    constexpr double kTiny = 1e-300;
    constexpr double kEnough = 1e-15;
    const auto not_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1;
    double d = 1 / not_zero(1 - (a + b) * x / (a + 1));
    double result = d;
    for (int m = 1; m < 1000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / not_zero(1 + even * d);
        c = not_zero(1 + even / c);
        result *= d * c;
        d = 1 / not_zero(1 + odd * d);
        c = not_zero(1 + odd / c);
        result *= d * c;
        if (std::abs(d * c - 1) < kEnough) break;
    }
    return result;
}

// The regularised incomplete beta function.
double incomplete_beta(double a, double b, double x) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front =
        std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

// Student's t-test of r against none, with n - 2 degrees of freedom.
double p_value(double r, std::size_t n) {
    if (n == 2) return 1;
    return incomplete_beta(static_cast<double>(n - 2) / 2, 0.5, (1 - r) * (1 + r));
}

std::vector<double> centred(std::span<const double> x) {
    const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
    std::vector<double> out(x.begin(), x.end());
    for (double& value : out) value -= mean;
    return out;
}

bool is_constant(std::span<const double> x) {
    return std::ranges::adjacent_find(x, std::ranges::not_equal_to()) == x.end();
}

// Ranks from 1; equal values share the mean of theirs.
std::vector<double> ranks(std::span<const double> x) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    std::vector<double> out(x.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last < order.size() && x[order[last]] == x[order[first]]) ++last;
        const double shared = static_cast<double>(first + 1 + last) / 2;
        for (; first < last; ++first) out[order[first]] = shared;
    }
    return out;
}

}  // namespace

Correlation pearson(std::span<const double> x, std::span<const double> y) {
    if (x.size() != y.size()) {
        throw InvalidArgument(
            formatted("x has {} values and y has {}; they must have as many", x.size(), y.size()));
    }
    if (x.size() < 2 || is_constant(x) || is_constant(y)) return {kNaN, kNaN};
    const std::vector<double> a = centred(x);
    const std::vector<double> b = centred(y);
    const double product = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    const double norms = std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0)) *
                         std::sqrt(std::inner_product(b.begin(), b.end(), b.begin(), 0.0));
    const double r = std::clamp(product / norms, -1.0, 1.0);
    return {r, p_value(r, x.size())};
}

Correlation spearman(std::span<const double> x, std::span<const double> y) {
    return pearson(ranks(x), ranks(y));
}

}  // namespace kith
