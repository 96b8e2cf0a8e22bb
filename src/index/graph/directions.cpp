#include "index/graph/directions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "kernel/select.hpp"

namespace kith::index {
namespace {

constexpr int kIterations = 8;

// Rows of the sample that are summed at a time: a transposed block of some hundred dimensions stays in cache.
constexpr std::size_t kBlock = 512;

void fill_normal(Matrix& matrix, std::uint64_t seed) {
    Random random = Random::stream(seed, 0);
    for (std::size_t r = 0; r < matrix.rows(); ++r) {
        for (float& x : matrix.row(r)) {
            const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
            x = static_cast<float>(radius * std::cos(2 * std::numbers::pi * random.uniform()));
        }
    }
}

// Gram and Schmidt, each row twice: once leaves too much where rows are nearly parallel.
void orthonormalise(Matrix& rows) {
    const kernel::FloatKernels& f = kernel::active().f32;
    const std::size_t n = rows.cols();
    for (std::size_t r = 0; r < rows.rows(); ++r) {
        float* const row = rows.row(r).data();
        for (int pass = 0; pass < 2; ++pass) {
            for (std::size_t before = 0; before < r; ++before) {
                f.axpy(-f.dot(row, rows.row(before).data(), n), rows.row(before).data(), row, n);
            }
            const float squared = f.sum_of_squares(row, n);
            f.scale(squared > 0 ? 1 / std::sqrt(squared) : 0.0F, row, n);
        }
    }
}

// cols x cols, the sum over the rows.
Matrix covariance(MatrixView<const float> sample, std::size_t threads) {
    const std::size_t n = sample.cols();
    Matrix sums(n, n);
    Matrix block(n, kBlock);
    for (std::size_t first = 0; first < sample.rows(); first += kBlock) {
        const std::size_t here = std::min(kBlock, sample.rows() - first);
        for (std::size_t i = 0; i < here; ++i) {
            const std::span<const float> row = sample.row(first + i);
            for (std::size_t d = 0; d < n; ++d) block.row(d)[i] = row[d];
        }
        parallel_ranges(n, 16, threads, [&](std::size_t begin, std::size_t end, std::size_t) {
            std::vector<float> products(n);
            for (std::size_t d = begin; d < end; ++d) {
                kernel::active().f32.dot_scan(block.row(d).data(), block.data(), block.cols() * sizeof(float), n,
                                              here, products.data());
                kernel::active().f32.axpy(1, products.data(), sums.row(d).data(), n);
            }
        });
    }
    return sums;
}

// Row r of the result is row r times the symmetric matrix.
Matrix product(const Matrix& rows, const Matrix& symmetric, std::size_t threads) {
    Matrix out(rows.rows(), rows.cols());
    parallel_ranges(rows.rows(), 4, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        for (std::size_t r = first; r < last; ++r) {
            kernel::active().f32.dot_scan(rows.row(r).data(), symmetric.data(), symmetric.cols() * sizeof(float),
                                          symmetric.rows(), rows.cols(), out.row(r).data());
        }
    });
    return out;
}

}  // namespace

Directions strongest_directions(MatrixView<const float> sample, std::size_t wanted, std::uint64_t seed,
                                std::size_t threads) {
    const Matrix sums = covariance(sample, threads);
    double all = 0;
    for (std::size_t d = 0; d < sums.cols(); ++d) all += static_cast<double>(sums.row(d)[d]);
    Directions found{Matrix(wanted, sample.cols()), {}};
    fill_normal(found.rows, seed);
    orthonormalise(found.rows);
    for (int i = 0; i < kIterations; ++i) {
        found.rows = product(found.rows, sums, threads);
        orthonormalise(found.rows);
    }
    const Matrix images = product(found.rows, sums, threads);
    double covered = 0;
    for (std::size_t r = 0; r < wanted; ++r) {
        covered += static_cast<double>(
            kernel::active().f32.dot(found.rows.row(r).data(), images.row(r).data(), sample.cols()));
        found.share.push_back(all > 0 ? covered / all : 1.0);
    }
    return found;
}

void rotate(Matrix& rows, std::uint64_t seed) {
    Matrix turn(rows.rows(), rows.rows());
    fill_normal(turn, seed);
    orthonormalise(turn);
    Matrix out(rows.rows(), rows.cols());
    for (std::size_t r = 0; r < rows.rows(); ++r) {
        for (std::size_t s = 0; s < rows.rows(); ++s) {
            kernel::active().f32.axpy(turn.row(r)[s], rows.row(s).data(), out.row(r).data(), rows.cols());
        }
    }
    rows = std::move(out);
}

}  // namespace kith::index
