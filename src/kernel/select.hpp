// Which kernels this process runs.
#pragma once

#include <span>
#include <string_view>

#include "kernel/table.hpp"

namespace kith::kernel {

// The best set that this CPU and operating system support, or the one that the environment variable KITH_ISA names.
// Decided at the first call. Throws Unsupported when KITH_ISA names a set that is unknown or cannot run here.
[[nodiscard]] const Table& active();

// Every compiled set that can run on this machine, best first. "baseline" is always the last.
[[nodiscard]] std::span<const Table* const> available() noexcept;

// Throws Unsupported with the list of names.
[[nodiscard]] const Table& by_name(std::string_view name);

}  // namespace kith::kernel
