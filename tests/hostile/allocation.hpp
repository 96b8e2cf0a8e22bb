// How much memory is asked of operator new, by all threads.
#pragma once

#include <cstddef>

namespace kith::hostile {

// Bytes live now, and the most that were live since the last reset.
[[nodiscard]] std::size_t live_bytes() noexcept;
[[nodiscard]] std::size_t peak_bytes() noexcept;
void reset_peak() noexcept;

// Calls of operator new.
[[nodiscard]] std::size_t allocations() noexcept;

}  // namespace kith::hostile
