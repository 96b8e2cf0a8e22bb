// The directions in which rows vary most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/matrix.hpp>

namespace kith::index {

struct Directions {
    Matrix rows;                // orthonormal, the strongest first
    std::vector<double> share;  // of all variance, for the first 1, 2, … of them together
};

// The `wanted` strongest directions of centred rows, by orthogonal iteration on their covariance (Golub and Van Loan
// 2013, 8.2.4): near enough for coding, not eigenvectors to the last digit. The same for any number of threads.
// REQUIRES: 1 <= wanted <= sample.cols().
[[nodiscard]] Directions strongest_directions(MatrixView<const float> sample, std::size_t wanted,
                                              std::uint64_t seed, std::size_t threads);

// Replaces orthonormal rows by a random rotation of them within the space they span, over which variance is spread
// evenly.
void rotate(Matrix& rows, std::uint64_t seed);

}  // namespace kith::index
