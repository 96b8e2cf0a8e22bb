#include "kernel/cpu.hpp"

#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace kith::kernel {

#if defined(__x86_64__)
namespace {

struct Leaf {
    unsigned a = 0, b = 0, c = 0, d = 0;
};

Leaf cpuid(unsigned leaf, unsigned sub_leaf) noexcept {
    Leaf out;
    if (__get_cpuid_count(leaf, sub_leaf, &out.a, &out.b, &out.c, &out.d) == 0) return {};
    return out;
}

// XCR0: the register states that the operating system saves. REQUIRES: OSXSAVE.
std::uint64_t saved_states() noexcept {
    std::uint32_t low;
    std::uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return std::uint64_t{high} << 32 | low;
}

constexpr bool has(std::uint64_t value, std::uint64_t bits) noexcept {
    return (value & bits) == bits;
}

}  // namespace

// Bits: Intel SDM volume 2A, CPUID; volume 1, 13.1 (XCR0).
CpuFeatures detect_cpu() noexcept {
    constexpr std::uint64_t kYmm = 0x06;  // SSE and AVX state
    constexpr std::uint64_t kZmm = 0xE6;  // and opmask, upper halves, upper registers
    CpuFeatures found;
    const Leaf basic = cpuid(1, 0);
    const Leaf extended = cpuid(7, 0);
    if (!has(basic.c, bit_OSXSAVE | bit_AVX)) return found;
    const std::uint64_t states = saved_states();
    found.avx2 = has(states, kYmm) && has(basic.c, bit_FMA | bit_F16C) && has(extended.b, bit_AVX2 | bit_BMI);
    found.avx512 = found.avx2 && has(states, kZmm) &&
                   has(extended.b, bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL | bit_BMI2);
    found.avx512vnni =
        found.avx512 && has(extended.c, bit_AVX512VNNI | bit_AVX512VPOPCNTDQ | bit_AVX512VBMI | bit_AVX512VBMI2);
    return found;
}

#elif defined(__aarch64__)

// The architecture requires Advanced SIMD.
CpuFeatures detect_cpu() noexcept {
    CpuFeatures found;
    found.neon = true;
    return found;
}

#else

CpuFeatures detect_cpu() noexcept {
    return {};
}

#endif

}  // namespace kith::kernel
