#include "index/coded/partition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "index/coded/coded_data.hpp"
#include "index/coded/prepare.hpp"
#include "kernel/select.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kSamplePerLeaf = 48;
constexpr std::size_t kSampleLeaf = 64;  // the splits stop below this many sampled rows
constexpr std::size_t kSplitDraws = 96;  // rows that settle the two centroids of a split
constexpr double kWorstBalance = 0.95;   // a split that leaves more on one side is replaced by halving
constexpr std::size_t kSampleIterations = 5;
// Centroids are compared in blocks of 16, element by element: kernel/codes.hpp.
constexpr std::size_t kCentroidBlock = 16;
constexpr std::size_t kBlock = 64;  // rows compared with all centroids at a time

Matrix sample_rows(const RowStore& rows, std::size_t wanted, std::uint64_t seed) {
    Matrix sample(std::min(rows.count(), wanted), rows.dim());
    if (sample.rows() == rows.count()) {
        for (std::size_t i = 0; i < sample.rows(); ++i) prepare_row(rows, i, sample.row(i));
        return sample;
    }
    Random random = Random::stream(seed, 0);
    for (std::size_t i = 0; i < sample.rows(); ++i) prepare_row(rows, random.below(rows.count()), sample.row(i));
    return sample;
}

// Grows the first centroids: halves a run of sampled rows by two-means until it is small, and takes its mean.
class Splitter {
public:
    Splitter(const Matrix& sample, std::uint64_t seed)
        : sample_(sample),
          random_(Random::stream(seed, 1)),
          order_(sample.rows()),
          first_(sample.cols()),
          second_(sample.cols()) {
        std::iota(order_.begin(), order_.end(), 0U);
    }

    // Depth is at most log(rows) / log(1 / kWorstBalance).
    void grow(std::size_t begin, std::size_t end, std::vector<float>& centroids) {
        if (end - begin <= kSampleLeaf) {
            append_mean(begin, end, centroids);
            return;
        }
        const std::size_t middle = split(begin, end);
        grow(begin, middle, centroids);
        grow(middle, end, centroids);
    }

private:
    [[nodiscard]] std::span<const float> drawn(std::size_t begin, std::size_t end) {
        return sample_.row(order_[begin + random_.below(end - begin)]);
    }

    // The nearer centroid, weighed by what it has already, moves towards each drawn row.
    void two_means(std::size_t begin, std::size_t end) {
        const auto distance = kernel_.of(Metric::kEuclidean, Scalar::kFloat32).pair;
        std::ranges::copy(drawn(begin, end), first_.begin());
        std::ranges::copy(drawn(begin, end), second_.begin());
        float weights[2] = {1, 1};
        for (std::size_t i = 0; i < kSplitDraws; ++i) {
            const std::span<const float> row = drawn(begin, end);
            const float to_first = weights[0] * distance(first_.data(), row.data(), row.size());
            const float to_second = weights[1] * distance(second_.data(), row.data(), row.size());
            if (to_first == to_second) continue;
            std::vector<float>& nearer = to_first < to_second ? first_ : second_;
            float& weight = weights[to_first < to_second ? 0 : 1];
            for (std::size_t d = 0; d < row.size(); ++d) nearer[d] += (row[d] - nearer[d]) / (weight + 1);
            weight += 1;
        }
    }

    [[nodiscard]] std::size_t split(std::size_t begin, std::size_t end) {
        two_means(begin, end);
        float offset = 0;
        for (std::size_t d = 0; d < first_.size(); ++d) {
            const float normal = first_[d] - second_[d];
            offset += normal * (first_[d] + second_[d]) / 2;
            first_[d] = normal;
        }
        const auto on_first = [&](std::uint32_t row) {
            return kernel_.f32.dot(first_.data(), sample_.row(row).data(), first_.size()) > offset;
        };
        const auto from = order_.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto to = order_.begin() + static_cast<std::ptrdiff_t>(end);
        const auto middle = std::stable_partition(from, to, on_first);
        const double size = static_cast<double>(end - begin);
        const double left = static_cast<double>(middle - from) / size;
        if (std::max(left, 1 - left) > kWorstBalance) return begin + (end - begin) / 2;
        return begin + static_cast<std::size_t>(middle - from);
    }

    void append_mean(std::size_t begin, std::size_t end, std::vector<float>& centroids) {
        std::vector<double> sum(sample_.cols());
        for (std::size_t i = begin; i < end; ++i) {
            const std::span<const float> row = sample_.row(order_[i]);
            for (std::size_t d = 0; d < row.size(); ++d) sum[d] += row[d];
        }
        for (const double each : sum)
            centroids.push_back(static_cast<float>(each / static_cast<double>(end - begin)));
    }

    const Matrix& sample_;
    Random random_;
    std::vector<std::uint32_t> order_;
    std::vector<float> first_;
    std::vector<float> second_;
    const kernel::Table& kernel_ = kernel::active();
};

// Centroids in blocks, then the squared length of each, infinity for the padding.
std::vector<float> in_blocks(MatrixView<const float> centroids) {
    const std::size_t dim = centroids.cols();
    const std::size_t n_blocks = blocks_of(centroids.rows(), kCentroidBlock);
    std::vector<float> out(n_blocks * kCentroidBlock * (dim + 1));
    float* const norms = out.data() + n_blocks * kCentroidBlock * dim;
    std::fill_n(norms, n_blocks * kCentroidBlock, std::numeric_limits<float>::infinity());
    for (std::size_t c = 0; c < centroids.rows(); ++c) {
        const std::span<const float> centroid = centroids.row(c);
        float* const block = out.data() + c / kCentroidBlock * kCentroidBlock * dim + c % kCentroidBlock;
        for (std::size_t d = 0; d < dim; ++d) block[d * kCentroidBlock] = centroid[d];
        norms[c] = kernel::active().f32.sum_of_squares(centroid.data(), dim);
    }
    return out;
}

// leaf_of[i] = the centroid nearest row i, by squared distance; `fill` prepares row i.
template <class Fill>
void assign(std::size_t count, std::size_t dim, MatrixView<const float> centroids, std::size_t threads,
            std::vector<std::uint32_t>& leaf_of, Fill fill, ProgressMeter* meter) {
    const std::vector<float> blocks = in_blocks(centroids);
    const std::size_t n_blocks = blocks_of(centroids.rows(), kCentroidBlock);
    const float* const norms = blocks.data() + n_blocks * kCentroidBlock * dim;
    const auto products = kernel::active().codes.centres[static_cast<std::size_t>(kernel::Sum::kProduct)];
    leaf_of.resize(count);
    parallel_ranges(count, kBlock, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        thread_local std::vector<float> rows;
        thread_local std::vector<float> sums;
        rows.resize(kBlock * dim);
        sums.resize(kBlock * n_blocks * kCentroidBlock);
        for (std::size_t i = first; i < last; ++i) fill(i, std::span(rows).subspan((i - first) * dim, dim));
        products(rows.data(), last - first, dim, blocks.data(), n_blocks, dim, sums.data());
        for (std::size_t i = first; i < last; ++i) {
            const float* const row = sums.data() + (i - first) * n_blocks * kCentroidBlock;
            std::uint32_t best = 0;
            for (std::size_t c = 1; c < centroids.rows(); ++c) {
                if (norms[c] - 2 * row[c] < norms[best] - 2 * row[best]) best = static_cast<std::uint32_t>(c);
            }
            leaf_of[i] = best;
        }
        if (meter != nullptr) meter->add(last - first);
    });
}

// Rows grouped by leaf, ascending within each: rows [starts[l], starts[l + 1]) of `order` are in leaf l.
void group(const std::vector<std::uint32_t>& leaf_of, std::size_t n_leaves, std::vector<std::size_t>& starts,
           std::vector<std::uint32_t>& order) {
    starts.assign(n_leaves + 1, 0);
    for (const std::uint32_t leaf : leaf_of) ++starts[leaf + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    order.resize(leaf_of.size());
    std::vector<std::size_t> next(starts.begin(), starts.end() - 1);
    for (std::size_t i = 0; i < leaf_of.size(); ++i) order[next[leaf_of[i]]++] = static_cast<std::uint32_t>(i);
}

// Each centroid becomes the mean of its rows, summed in row order; one without rows goes.
template <class Fill>
Matrix means(const std::vector<std::uint32_t>& leaf_of, const Matrix& centroids, std::size_t threads, Fill fill) {
    const std::size_t dim = centroids.cols();
    std::vector<std::size_t> starts;
    std::vector<std::uint32_t> order;
    group(leaf_of, centroids.rows(), starts, order);
    std::vector<std::size_t> kept;
    for (std::size_t l = 0; l < centroids.rows(); ++l) {
        if (starts[l] < starts[l + 1]) kept.push_back(l);
    }
    Matrix out(kept.size(), dim);
    parallel_for(kept.size(), threads, [&](std::size_t at, std::size_t) {
        const std::size_t leaf = kept[at];
        std::vector<double> sum(dim);
        std::vector<float> row(dim);
        for (std::size_t i = starts[leaf]; i < starts[leaf + 1]; ++i) {
            fill(order[i], std::span(row));
            for (std::size_t d = 0; d < dim; ++d) sum[d] += row[d];
        }
        const auto size = static_cast<double>(starts[leaf + 1] - starts[leaf]);
        for (std::size_t d = 0; d < dim; ++d) out.row(at)[d] = static_cast<float>(sum[d] / size);
    });
    return out;
}

// Takes the leaves without rows out and numbers the others anew.
void drop_empty(Partition& partition) {
    const std::size_t dim = partition.centroids.cols();
    std::vector<std::uint32_t> number(partition.centroids.rows(), 0);
    for (const std::uint32_t leaf : partition.leaf_of) number[leaf] = 1;
    std::uint32_t kept = 0;
    for (std::size_t l = 0; l < number.size(); ++l) {
        if (number[l] == 0) continue;
        std::ranges::copy(partition.centroids.row(l), partition.centroids.row(kept).begin());
        number[l] = kept++;
    }
    Matrix centroids(kept, dim);
    std::copy_n(partition.centroids.data(), kept * dim, centroids.data());
    partition.centroids = std::move(centroids);
    for (std::uint32_t& leaf : partition.leaf_of) leaf = number[leaf];
}

}  // namespace

Partition make_partition(const RowStore& rows, std::size_t n_leaves, std::uint64_t seed, std::size_t threads,
                         ProgressMeter& meter) {
    const std::size_t dim = rows.dim();
    const Matrix sample = sample_rows(rows, n_leaves * kSamplePerLeaf, seed);
    std::vector<float> first;
    if (n_leaves == 1) {
        first.assign(dim, 0);
    } else {
        Splitter(sample, seed).grow(0, sample.rows(), first);
    }
    Partition out;
    out.centroids = Matrix(first.size() / dim, dim);
    std::ranges::copy(first, out.centroids.data());

    const auto sampled = [&](std::size_t i, std::span<float> row) {
        std::ranges::copy(sample.row(i), row.begin());
    };
    const auto stored = [&](std::size_t i, std::span<float> row) { prepare_row(rows, i, row); };
    for (std::size_t iteration = 0; iteration < kSampleIterations; ++iteration) {
        assign(sample.rows(), dim, out.centroids.view(), threads, out.leaf_of, sampled, nullptr);
        out.centroids = means(out.leaf_of, out.centroids, threads, sampled);
    }
    assign(rows.count(), dim, out.centroids.view(), threads, out.leaf_of, stored, &meter);
    out.centroids = means(out.leaf_of, out.centroids, threads, stored);
    assign(rows.count(), dim, out.centroids.view(), threads, out.leaf_of, stored, &meter);
    drop_empty(out);
    return out;
}

}  // namespace kith::index
