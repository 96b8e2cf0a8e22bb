#include "kernel/each_set.hpp"

#if defined(__x86_64__)

namespace kith::kernel {

INSTANTIATE_TEST_SUITE_P(Avx2, DistanceTest, testing::Values("avx2"));
INSTANTIATE_TEST_SUITE_P(Avx2, FloatsTest, testing::Values("avx2"));
INSTANTIATE_TEST_SUITE_P(Avx2, CodesTest, testing::Values("avx2"));

}  // namespace kith::kernel

#endif
