#include "kernel/cpu.hpp"

#include <gtest/gtest.h>

namespace kith::kernel {
namespace {

// The compiler's run-time library reads the same registers on its own.
TEST(Cpu, AgreesWithTheCompilersOwnDetection) {
    [[maybe_unused]] const CpuFeatures cpu = detect_cpu();
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    const bool avx512 = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
                        __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
    EXPECT_EQ(cpu.avx2, avx2);
    EXPECT_EQ(cpu.avx512, avx512);
    EXPECT_FALSE(cpu.neon);
#elif defined(__aarch64__)
    EXPECT_TRUE(cpu.neon);
    EXPECT_FALSE(cpu.avx2);
#endif
}

TEST(Cpu, ALargerSetImpliesTheSmallerOnes) {
    const CpuFeatures cpu = detect_cpu();
    EXPECT_TRUE(!cpu.avx512 || cpu.avx2);
    EXPECT_TRUE(!cpu.avx512vnni || cpu.avx512);
}

}  // namespace
}  // namespace kith::kernel
