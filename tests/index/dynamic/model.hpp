// The plainest possible index that grows and shrinks: what a DynamicIndex is held against.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <kith/types.hpp>

#include "support/brute_force.hpp"

namespace kith::test {

struct Model {
    Metric metric;
    std::map<Id, std::vector<float>> items;

    // The k nearest that `allows` lets in: pairs of distance and id.
    template <class Allows>
    [[nodiscard]] std::vector<std::pair<double, Id>> nearest(std::span<const float> query, std::size_t k,
                                                             const Allows& allows) const {
        std::vector<std::pair<double, Id>> out;
        for (const auto& [id, vector] : items) {
            if (allows(id)) out.emplace_back(exact_distance(metric, vector, query), id);
        }
        const double sign = larger_is_nearer(metric) ? -1 : 1;
        std::ranges::sort(out, {}, [&](const auto& each) { return std::pair(sign * each.first, each.second); });
        if (out.size() > k) out.resize(k);
        return out;
    }
};

}  // namespace kith::test
