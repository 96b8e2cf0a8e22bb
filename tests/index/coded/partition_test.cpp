#include "index/coded/partition.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "index/coded/coded_data.hpp"
#include "index/coded/prepare.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

Partition part(const RowStore& rows, std::size_t n_leaves, std::size_t threads, std::uint64_t seed = 1) {
    const ProgressFn none;
    ProgressMeter meter("partitioning", 0, none);
    return make_partition(rows, n_leaves, seed, threads, meter);
}

TEST(Partition, EveryRowIsInTheLeafOfItsNearestCentroid) {
    for (const Metric metric : all_metrics()) {
        const RowStore rows = RowStore::copy_of(test::random_matrix(2000, 20, 1).view(), metric);
        const Partition out = part(rows, 40, 2);
        ASSERT_EQ(out.leaf_of.size(), 2000u);
        std::vector<float> row(20);
        for (std::size_t i = 0; i < 2000; i += 7) {
            prepare_row(rows, i, row);
            double nearest = std::numeric_limits<double>::infinity();
            for (std::size_t c = 0; c < out.centroids.rows(); ++c) {
                nearest = std::min(nearest, test::exact_distance(Metric::kEuclidean, row, out.centroids.row(c)));
            }
            const double own = test::exact_distance(Metric::kEuclidean, row, out.centroids.row(out.leaf_of[i]));
            EXPECT_NEAR(own, nearest, 1e-3) << name(metric);
        }
    }
}

TEST(Partition, HasSomeAsManyLeavesAsAskedForAndNoneIsEmpty) {
    const RowStore rows = RowStore::copy_of(test::random_matrix(5000, 10, 2).view(), Metric::kEuclidean);
    const Partition out = part(rows, 50, 2);
    EXPECT_GT(out.centroids.rows(), 25u);
    EXPECT_LT(out.centroids.rows(), 150u);
    std::vector<int> rows_in(out.centroids.rows());
    for (const std::uint32_t leaf : out.leaf_of) ++rows_in.at(leaf);
    for (const int count : rows_in) EXPECT_GT(count, 0);
}

TEST(Partition, IsTheSameForAnyNumberOfThreads) {
    const RowStore rows = RowStore::copy_of(test::random_matrix(3000, 17, 3).view(), Metric::kAngular);
    const Partition one = part(rows, 30, 1);
    for (const std::size_t threads : {2, 8}) {
        const Partition other = part(rows, 30, threads);
        EXPECT_EQ(one.leaf_of, other.leaf_of);
        ASSERT_EQ(one.centroids.rows(), other.centroids.rows());
        for (std::size_t i = 0; i < one.centroids.rows() * 17; ++i) {
            ASSERT_EQ(one.centroids.data()[i], other.centroids.data()[i]);
        }
    }
    EXPECT_NE(one.leaf_of, part(rows, 30, 1, 2).leaf_of);
}

TEST(Partition, RowsThatAreAllAlikeEndInOneLeaf) {
    const Matrix same(1000, 5);
    const Partition out = part(RowStore::copy_of(same.view(), Metric::kAngular), 10, 2);
    EXPECT_EQ(out.centroids.rows(), 1u);
}

}  // namespace
}  // namespace kith::index
