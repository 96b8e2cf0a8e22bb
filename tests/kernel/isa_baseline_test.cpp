#include "kernel/each_set.hpp"

namespace kith::kernel {

INSTANTIATE_TEST_SUITE_P(Baseline, DistanceTest, testing::Values("baseline"));
INSTANTIATE_TEST_SUITE_P(Baseline, FloatsTest, testing::Values("baseline"));
INSTANTIATE_TEST_SUITE_P(Baseline, CodesTest, testing::Values("baseline"));

}  // namespace kith::kernel
