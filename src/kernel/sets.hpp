// The instruction sets that this build compiles: one object file each, one exported function for each table.
#pragma once

#include "kernel/decimals.hpp"
#include "kernel/nibble_kernel.hpp"
#include "kernel/short_row_kernel.hpp"
#include "kernel/table.hpp"

namespace kith::kernel {

// REQUIRES, before any kernel of a table is called: the CPU and the operating system support the set (cpu.hpp).
[[nodiscard]] const Table& table_baseline() noexcept;
[[nodiscard]] ShortRowsFn short_rows_baseline() noexcept;
#if defined(__x86_64__)
[[nodiscard]] const Table& table_avx2() noexcept;
[[nodiscard]] const Table& table_avx512() noexcept;
[[nodiscard]] const Table& table_avx512vnni() noexcept;
[[nodiscard]] NibbleSelectFn nibbles_avx2() noexcept;
[[nodiscard]] DecimalsFn decimals_avx2() noexcept;
[[nodiscard]] NibbleSelectFn nibbles_avx512() noexcept;
[[nodiscard]] DecimalsFn decimals_avx512() noexcept;
[[nodiscard]] NibbleSelectFn nibbles_avx512vnni() noexcept;
[[nodiscard]] DecimalsFn decimals_avx512vnni() noexcept;
[[nodiscard]] ShortRowsFn short_rows_avx2() noexcept;
[[nodiscard]] ShortRowsFn short_rows_avx512() noexcept;
[[nodiscard]] ShortRowsFn short_rows_avx512vnni() noexcept;
#elif defined(__aarch64__)
[[nodiscard]] const Table& table_neon() noexcept;
[[nodiscard]] NibbleSelectFn nibbles_neon() noexcept;
[[nodiscard]] ShortRowsFn short_rows_neon() noexcept;
#endif

}  // namespace kith::kernel
