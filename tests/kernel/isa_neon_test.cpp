#include "kernel/each_set.hpp"

#if defined(__aarch64__)

namespace kith::kernel {

INSTANTIATE_TEST_SUITE_P(Neon, DistanceTest, testing::Values("neon"));
INSTANTIATE_TEST_SUITE_P(Neon, FloatsTest, testing::Values("neon"));
INSTANTIATE_TEST_SUITE_P(Neon, CodesTest, testing::Values("neon"));

}  // namespace kith::kernel

#endif
