#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

namespace kith {
namespace {

NeighborTable table(std::size_t k, std::vector<Id> ids, std::vector<std::size_t> counts) {
    NeighborTable made;
    made.rows = counts.size();
    made.k = k;
    made.distances.resize(ids.size());
    made.ids = std::move(ids);
    made.counts = std::move(counts);
    return made;
}

TEST(Recall, IsTheShareOfTrueNeighboursFound) {
    const NeighborTable truth = table(3, {1, 2, 3, 4, 5, 6}, {3, 3});
    EXPECT_DOUBLE_EQ(recall_at_k(truth, truth, 3), 1);
    EXPECT_DOUBLE_EQ(recall_at_k(table(3, {3, 2, 9, 4, 7, 8}, {3, 3}), truth, 3), 0.5);
    EXPECT_DOUBLE_EQ(recall_at_k(table(3, {3, 2, 9, 4, 7, 8}, {3, 3}), truth, 1), 0.5) << "first against first";
    EXPECT_DOUBLE_EQ(recall_at_k(table(2, {1, 2, 4, kNoId}, {2, 1}), truth, 10), 0.5) << "a shorter table";
}

TEST(Recall, PaddingIsNeitherWantedNorFound) {
    const NeighborTable truth = table(2, {1, kNoId}, {1});
    EXPECT_DOUBLE_EQ(recall_at_k(table(2, {1, kNoId}, {1}), truth, 2), 1);
    EXPECT_DOUBLE_EQ(recall_at_k(table(2, {2, kNoId}, {1}), truth, 2), 0);
    EXPECT_DOUBLE_EQ(recall_at_k(table(0, {}, {0}), table(0, {}, {0}), 5), 1);
    EXPECT_THROW(static_cast<void>(recall_at_k(truth, table(2, {}, {}), 1)), InvalidArgument);
}

}  // namespace
}  // namespace kith
