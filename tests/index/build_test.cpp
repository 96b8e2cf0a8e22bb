#include <kith/build.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <kith/error.hpp>

#include "support/brute_force.hpp"

namespace kith {
namespace {

TEST(BuildIndex, CompressedItIsACodedForestUnlessAGraphIsAskedFor) {
    const Matrix rows = test::random_matrix(300, 40, 1);
    const auto index = build_index(rows.view(), {.compress = true});
    EXPECT_EQ(index->kind(), IndexKind::kCodedForest);
    EXPECT_GT(index->step(), 0);
    EXPECT_GT(build_index(rows.view(), {.kind = IndexKind::kGraph, .compress = true})->step(), 0);
    for (const IndexKind kind : {IndexKind::kFlat, IndexKind::kForest}) {
        EXPECT_THROW((void)build_index(rows.view(), {.kind = kind, .compress = true}), InvalidArgument);
    }
    EXPECT_THROW((void)build_index(rows.view(), {.metric = Metric::kHamming, .compress = true}), InvalidArgument);
}

TEST(AdviseKind, FewVectorsAreSearchedExactlyAndManyThroughAnIndex) {
    EXPECT_EQ(advise_kind(1000, 50, Metric::kAngular).kind, IndexKind::kFlat);
    EXPECT_EQ(advise_kind(0, 50, Metric::kAngular).kind, IndexKind::kFlat);
    EXPECT_EQ(advise_kind(400'000, 50, Metric::kAngular).kind, IndexKind::kCodedForest);
    EXPECT_EQ(advise_kind(60'000, 784, Metric::kEuclidean).kind, IndexKind::kGraph);
    EXPECT_EQ(advise_kind(60'000, 300, Metric::kAngular).kind, IndexKind::kCodedForest);
    EXPECT_EQ(advise_kind(60'000, 784, Metric::kDot).kind, IndexKind::kCodedForest);
    EXPECT_EQ(advise_kind(60'000, 784, Metric::kHamming).kind, IndexKind::kCodedForest);
    EXPECT_EQ(advise_kind(20'000, 784, Metric::kHamming).kind, IndexKind::kFlat) << "a bit an element";
    EXPECT_EQ(advise_kind(20'000, 100, Metric::kAngular).kind, IndexKind::kFlat) << "half a byte an element";
    EXPECT_EQ(advise_kind(20'000, 100, Metric::kManhattan).kind, IndexKind::kCodedForest) << "without codes";
}

TEST(AdviseKind, SaysWhy) {
    const std::string few = advise_kind(1000, 50, Metric::kAngular).why;
    EXPECT_NE(few.find("1000 vectors of 50 dimensions reads 0.2 MB"), std::string::npos) << few;
    const std::string many = advise_kind(400'000, 50, Metric::kAngular).why;
    EXPECT_NE(many.find("coded forest"), std::string::npos) << many;
    const std::string deep = advise_kind(60'000, 784, Metric::kEuclidean).why;
    EXPECT_NE(deep.find("a graph"), std::string::npos) << deep;
}

TEST(BuildIndex, BuildsWhatIsAskedFor) {
    const Matrix rows = test::random_matrix(3000, 12, 1);
    for (const IndexKind kind : {IndexKind::kFlat, IndexKind::kForest, IndexKind::kCodedForest}) {
        const auto index = build_index(rows.view(), {.metric = Metric::kEuclidean, .kind = kind, .n_trees = 3});
        EXPECT_EQ(index->kind(), kind);
        EXPECT_EQ(index->metric(), Metric::kEuclidean);
        EXPECT_EQ(index->size(), 3000u);
        EXPECT_EQ(index->search_item(5, {.k = 1}).ids, std::vector<Id>{5});
    }
    EXPECT_EQ(build_index(rows.view())->kind(), IndexKind::kFlat) << "chosen";
    EXPECT_THROW((void)build_index(rows.view(), {.kind = IndexKind::kNone}), InvalidArgument);
    EXPECT_EQ(build_index(rows.view(), {.metric = Metric::kHamming, .kind = IndexKind::kGraph})->kind(),
              IndexKind::kGraph);
    EXPECT_THROW((void)build_index(rows.view(), {.kind = IndexKind::kDynamic}), Unsupported);
    EXPECT_THROW((void)build_index(rows.view(), {.kind = IndexKind::kCodedForest, .n_trees = -1}), InvalidArgument);
}

}  // namespace
}  // namespace kith
