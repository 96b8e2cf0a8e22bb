// Items for the forest's tests, and answers to compare with.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <kith/forest.hpp>
#include <kith/matrix.hpp>
#include <kith/types.hpp>

#include "support/brute_force.hpp"

namespace kith::test {

// Gaussian around one of a few centres; ones and zeros for Hamming.
inline Matrix random_items(Metric metric, std::size_t rows, std::size_t dim, std::uint32_t seed = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Matrix centres(8, dim);
    std::generate_n(centres.data(), 8 * dim, [&] { return 2 * normal(random); });
    Matrix items(rows, dim);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto centre = centres.row(random() % 8);
        for (std::size_t d = 0; d < dim; ++d) {
            const float value = centre[d] + normal(random);
            items.row(i)[d] = metric == Metric::kHamming ? (value > 0 ? 1.0F : 0.0F) : value;
        }
    }
    return items;
}

// The k nearest ids by exact_distance.
inline std::vector<Id> exact_neighbors(Metric metric, const Matrix& items, std::span<const float> query,
                                       std::size_t k) {
    std::vector<std::pair<double, Id>> all;
    for (std::size_t i = 0; i < items.rows(); ++i) {
        const double distance = exact_distance(metric, query, items.row(i));
        all.emplace_back(larger_is_nearer(metric) ? -distance : distance, static_cast<Id>(i));
    }
    std::sort(all.begin(), all.end());
    std::vector<Id> ids;
    for (std::size_t i = 0; i < std::min(k, all.size()); ++i) ids.push_back(all[i].second);
    return ids;
}

inline ForestBuilder builder_of(Metric metric, const Matrix& items, const ForestOptions& options = {}) {
    ForestOptions mine = options;
    mine.metric = metric;
    mine.dim = items.cols();
    ForestBuilder builder(mine);
    builder.add(items.view(), 0);
    return builder;
}

inline Forest forest_of(Metric metric, const Matrix& items, int n_trees = 5, const ForestOptions& options = {}) {
    ForestBuilder builder = builder_of(metric, items, options);
    builder.build(n_trees);
    return builder.forest();
}

inline std::vector<char> file_bytes(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::string& path, const std::vector<char>& bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace kith::test
