// What this CPU can do and the operating system lets it do.
#pragma once

namespace kith::kernel {

// A member is true when the CPU reports every instruction that the set of that name is compiled with (see
// cmake/KithKernelSets.cmake) and the operating system saves the registers that they use.
struct CpuFeatures {
    bool avx2 = false;
    bool avx512 = false;
    bool avx512vnni = false;
    bool neon = false;
};

[[nodiscard]] CpuFeatures detect_cpu() noexcept;

}  // namespace kith::kernel
