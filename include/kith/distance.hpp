// Distances between two vectors, and the conversions between element types. For many vectors use an index: it picks
// its kernels once. Every function here may be called from any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <kith/types.hpp>

namespace kith {

// The metric's public value (see Metric) between two vectors of the same length; for kHamming an element counts as
// 1 when it is > 0.5. Two empty vectors are at 0 (kAngular: sqrt(2), as zero vectors are). Throws InvalidArgument:
// lengths differ, NaN or infinity.
[[nodiscard]] float distance(Metric metric, std::span<const float> x, std::span<const float> y);

// The nearest binary16 value, ties to even. Beyond 65,519.996 becomes infinity; NaN stays NaN.
[[nodiscard]] Half to_half(float x) noexcept;

// Exact.
[[nodiscard]] float to_float(Half x) noexcept;

// Element by element. REQUIRES: out.size() == in.size().
void to_half(std::span<const float> in, std::span<Half> out) noexcept;
void to_float(std::span<const Half> in, std::span<float> out) noexcept;

// Bit i of `out` (64 to a word, lowest first) is whether x[i] > 0.5; the padding bits of the last word are 0.
// Throws InvalidArgument unless out.size() == (x.size() + 63) / 64.
void pack_bits(std::span<const float> x, std::span<std::uint64_t> out);

// The reverse: out[i] is 0 or 1. Throws InvalidArgument unless bits.size() == (out.size() + 63) / 64.
void unpack_bits(std::span<const std::uint64_t> bits, std::span<float> out);

// The instruction set whose kernels this process uses: "avx512vnni", "avx512", "avx2", "neon" or "baseline". The
// best that the CPU and the operating system support, unless the environment variable KITH_ISA names another;
// decided at the first use of a kernel. Throws Unsupported when KITH_ISA names one that cannot run here.
[[nodiscard]] std::string_view isa_name();

// The sets that can run here, best first; the last is "baseline".
[[nodiscard]] std::vector<std::string_view> available_isas();

}  // namespace kith
