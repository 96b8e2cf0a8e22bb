// Made-up vectors for the tests of this folder.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>

namespace kith::test {

inline Matrix random_matrix(std::size_t rows, std::size_t cols, std::uint32_t seed = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Matrix matrix(rows, cols);
    for (std::size_t i = 0; i < rows * cols; ++i) matrix.data()[i] = normal(random);
    return matrix;
}

// "w0", "w1", …
inline std::vector<std::string> word_keys(std::size_t rows) {
    std::vector<std::string> keys;
    for (std::size_t row = 0; row < rows; ++row) keys.push_back("w" + std::to_string(row));
    return keys;
}

inline KeyedVectors random_keyed(std::size_t rows, std::size_t cols, std::uint32_t seed = 1) {
    const Matrix matrix = random_matrix(rows, cols, seed);
    return KeyedVectors(word_keys(rows), matrix.view());
}

// In double; 0 when either is zero.
inline double cosine_of(std::span<const float> a, std::span<const float> b) {
    double product = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += double{a[i]} * b[i];
        aa += double{a[i]} * a[i];
        bb += double{b[i]} * b[i];
    }
    return aa == 0 || bb == 0 ? 0 : product / std::sqrt(aa * bb);
}

}  // namespace kith::test
