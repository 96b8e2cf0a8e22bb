#include "index/forest/split_source.hpp"

#include <gtest/gtest.h>

#include "index/forest/coded_splits.hpp"
#include "index/forest/grove_of.hpp"
#include "index/forest/splitter.hpp"

namespace kith::index {
namespace {

TEST(SplitSource, IsByCodesWhereThereAre) {
    const test::TestGrove coded(Metric::kAngular, test::random_items(Metric::kAngular, 100, 6));
    EXPECT_NE(dynamic_cast<CodedSplits*>(split_source_of(coded.grove).get()), nullptr);
    const test::TestGrove bits(Metric::kHamming, test::random_items(Metric::kHamming, 100, 6));
    EXPECT_NE(dynamic_cast<Splitter*>(split_source_of(bits.grove).get()), nullptr);
}

}  // namespace
}  // namespace kith::index
