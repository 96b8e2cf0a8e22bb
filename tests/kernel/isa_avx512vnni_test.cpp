#include "kernel/each_set.hpp"

#if defined(__x86_64__)

namespace kith::kernel {

INSTANTIATE_TEST_SUITE_P(Avx512Vnni, DistanceTest, testing::Values("avx512vnni"));
INSTANTIATE_TEST_SUITE_P(Avx512Vnni, FloatsTest, testing::Values("avx512vnni"));
INSTANTIATE_TEST_SUITE_P(Avx512Vnni, CodesTest, testing::Values("avx512vnni"));

}  // namespace kith::kernel

#endif
