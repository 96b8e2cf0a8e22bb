#include "index/coded/leaf_queue.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "index/coded/build.hpp"
#include "index/coded/scoring.hpp"
#include "support/brute_force.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kQueueDim = 12;

std::vector<std::size_t> order_of(const CodedData& data, std::span<const float> query, std::size_t batch) {
    std::vector<std::uint8_t> lookup;
    make_lookup(data, query, lookup);
    LeafQueue::Scratch scratch;
    LeafQueue queue(data, query, lookup.data(), batch, scratch);
    std::vector<std::size_t> order;
    for (std::size_t leaf = queue.next(); leaf < data.parameters.n_leaves; leaf = queue.next())
        order.push_back(leaf);
    EXPECT_EQ(queue.next(), data.parameters.n_leaves) << "and it stays at the end";
    return order;
}

double distance_to(const CodedData& data, std::size_t leaf, std::span<const float> query) {
    double sum = 0;
    for (std::size_t d = 0; d < kQueueDim; ++d) {
        const double difference = data.centroids.as<float>()[leaf * kQueueDim + d] - query[d];
        sum += difference * difference;
    }
    return sum;
}

TEST(LeafQueue, GivesEveryLeafOnceTheFirstBatchFromTheNearestCentroidOn) {
    const auto data =
        build_coded(RowStore::copy_of(test::random_matrix(3000, kQueueDim, 1).view(), Metric::kEuclidean),
                    {.metric = Metric::kEuclidean, .leaf_size = 16, .calibration_queries = 0}, {});
    const Matrix queries = test::random_matrix(20, kQueueDim, 2);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        for (const std::size_t batch : {1, 10, 1000}) {
            const auto order = order_of(*data, queries.row(q), batch);
            auto leaves = order;
            std::ranges::sort(leaves);
            ASSERT_EQ(leaves.size(), data->parameters.n_leaves);
            for (std::size_t i = 0; i < leaves.size(); ++i) ASSERT_EQ(leaves[i], i);
            const std::size_t exact = std::min(batch, order.size());
            for (std::size_t i = 1; i < exact; ++i) {
                EXPECT_LE(distance_to(*data, order[i - 1], queries.row(q)),
                          distance_to(*data, order[i], queries.row(q)) * (1 + 1e-5));
            }
        }
    }
}

}  // namespace
}  // namespace kith::index
