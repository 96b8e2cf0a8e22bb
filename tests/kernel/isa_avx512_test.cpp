#include "kernel/each_set.hpp"

#if defined(__x86_64__)

namespace kith::kernel {

INSTANTIATE_TEST_SUITE_P(Avx512, DistanceTest, testing::Values("avx512"));
INSTANTIATE_TEST_SUITE_P(Avx512, FloatsTest, testing::Values("avx512"));
INSTANTIATE_TEST_SUITE_P(Avx512, CodesTest, testing::Values("avx512"));

}  // namespace kith::kernel

#endif
